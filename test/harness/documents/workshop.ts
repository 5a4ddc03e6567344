import { deepStrictEqual } from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FormatName } from '@pdf-tools/operations/formats';
import { resultOf } from '@pdf-tools/operations/operation';
import type { InputFile, Operation, RunResult } from '@pdf-tools/operations/operation';
import { repairWithQpdf } from '@pdf-tools/operations/process/repair';
import { sniffFormat } from '@pdf-tools/operations/sniff';

/** The outcome of an operation, with its result, the bytes that it wrote, and the progress that it reported. */
export interface Product {
  readonly result: RunResult;
  readonly bytes: Buffer;
  readonly percents: readonly number[];
}

interface Options {
  readonly params?: Readonly<Record<string, unknown>>;
  readonly signal?: AbortSignal;
}

/**
 * Runs an operation on files given by name and content in a folder of its own, and checks its report against the schema. For
 * unit tests.
 */
export async function produce(
  operation: Operation,
  files: readonly (readonly [name: string, bytes: Uint8Array])[],
  { params = {}, signal = new AbortController().signal }: Options = {},
): Promise<Product> {
  const folder = await mkdtemp(join(tmpdir(), 'pdf-tools-test-'));
  try {
    const inputs: InputFile[] = [];
    for (const [index, [name, bytes]] of files.entries()) {
      const path = join(folder, String(index));
      await writeFile(path, bytes);
      inputs.push({ path, name, bytes: bytes.length, format: formatOf(name, bytes) });
    }
    const outputPath = join(folder, 'out.pdf');
    const percents: number[] = [];
    const progress = (percent: number): void => {
      percents.push(percent);
    };
    const repair = async (input: number): Promise<string | undefined> => {
      const target = join(folder, `repaired-${input}.pdf`);
      return (await repairWithQpdf(inputs[input]?.path ?? '', target)) ? target : undefined;
    };
    const result = await operation.run({ inputs, workDir: folder, outputPath, signal, progress, repair }, params);
    const { report } = resultOf(operation, { fileCount: files.length, params: operation.params.parse(params) });
    // Parsing drops members that the schema does not have.
    deepStrictEqual(report.parse(result.report), JSON.parse(JSON.stringify(result.report)));
    return { result, bytes: await readFile(outputPath), percents };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function formatOf(name: string, bytes: Uint8Array): FormatName {
  const format = sniffFormat(bytes);
  if (!format) throw new Error(`${name} is of no known format`);
  return format;
}
