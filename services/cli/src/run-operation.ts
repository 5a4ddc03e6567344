import { mkdtemp, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { OPERATIONS } from '@pdf-tools/operations/registry';
import type { OperationName } from '@pdf-tools/operations/registry';
import type { InputFile, JsonObject } from '@pdf-tools/operations/operation';
import { readPeakMemory, resetPeakMemory } from '@pdf-tools/operations/process/memory';
import { repairedPath } from '@pdf-tools/operations/process/repaired-path';
import { openInputs } from './inputs.js';

/** One run of an operation, with its inputs and the target of the finished bytes. */
export interface Order {
  readonly operation: OperationName;
  readonly params: Readonly<Record<string, unknown>>;
  readonly files: readonly string[];
  readonly outputPath: string;
  /** Where the run may make a folder for intermediate files. */
  readonly tempDir: string;
}

/** Figures of a run, as seconds of wall-clock time, and sizes and peak resident memory in bytes. */
export interface Outcome {
  readonly seconds: number;
  readonly input_bytes: number;
  readonly output_bytes: number;
  readonly pages: number | undefined;
  readonly peak_memory_bytes: number | null;
  readonly report: JsonObject;
}

interface Options {
  readonly signal: AbortSignal;
  readonly progress: (percent: number, stage: string) => void;
}

/** Runs an operation in this process, as a child of the worker would. */
export async function runOperation(order: Order, { signal, progress }: Options): Promise<Outcome> {
  resetPeakMemory();
  const start = performance.now();
  return withInputs(order, signal, async (inputs, workDir) => {
    const repair = (input: number) => repairInput(inputs, input, { workDir, signal });
    const context = { inputs, workDir, outputPath: order.outputPath, signal, progress, repair };
    const { pages, report } = await OPERATIONS[order.operation].run(context, order.params);
    return {
      seconds: secondsSince(start),
      input_bytes: sumOfBytes(inputs),
      output_bytes: (await stat(order.outputPath)).size,
      pages,
      peak_memory_bytes: readPeakMemory() ?? null,
      report,
    };
  });
}

/** Gives `work` the opened inputs of an order and a folder of its own, which is removed afterwards. */
export async function withInputs<T>(
  { operation, files, tempDir }: Order,
  signal: AbortSignal,
  work: (inputs: readonly InputFile[], workDir: string) => Promise<T>,
): Promise<T> {
  const workDir = await mkdtemp(join(tempDir, 'run-'));
  try {
    return await work(await openInputs(operation, files, workDir, signal), workDir);
  } finally {
    await rm(workDir, { recursive: true, force: true });
  }
}

async function repairInput(
  inputs: readonly InputFile[],
  input: number,
  { workDir, signal }: { workDir: string; signal: AbortSignal },
): Promise<string | undefined> {
  const [file, target] = [inputs[input], repairedPath(workDir, input)];
  // Damaged files are rare, so only they load the code that runs qpdf.
  const { repairWithQpdf } = await import('@pdf-tools/operations/process/repair');
  return file && (await repairWithQpdf(file.path, target, { signal })) ? target : undefined;
}

export function sumOfBytes(files: readonly InputFile[]): number {
  return files.reduce((sum, { bytes }) => sum + bytes, 0);
}

/** Seconds since a time of `performance.now()`, to the tenth of a millisecond. */
export function secondsSince(start: number): number {
  return Math.round((performance.now() - start) * 10) / 10_000;
}
