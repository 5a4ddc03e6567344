import { mkdtemp, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { OPERATIONS } from '@pdf-tools/operations/registry';
import type { OperationName } from '@pdf-tools/operations/registry';
import type { JsonObject } from '@pdf-tools/operations/operation';
import { openInputs } from './inputs.js';
import { readPeakMemory, resetPeakMemory } from './memory.js';

/** One run of an operation: what to read, and where the finished bytes go. */
export interface Order {
  readonly operation: OperationName;
  readonly params: Readonly<Record<string, unknown>>;
  readonly files: readonly string[];
  readonly outputPath: string;
  /** Where the run may make a folder for intermediate files. */
  readonly tempDir: string;
}

/** What a run took and gave: seconds of wall-clock time, sizes and peak resident memory in bytes. */
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

/** Runs an operation as the worker would, with a folder of its own that is gone afterwards. */
export async function runOperation(order: Order, { signal, progress }: Options): Promise<Outcome> {
  const workDir = await mkdtemp(join(order.tempDir, 'run-'));
  resetPeakMemory();
  const start = performance.now();
  try {
    const inputs = await openInputs(order.operation, order.files, workDir, signal);
    const context = { inputs, workDir, outputPath: order.outputPath, signal, progress };
    const { pages, report } = await OPERATIONS[order.operation].run(context, order.params);
    return {
      seconds: secondsSince(start),
      input_bytes: inputs.reduce((sum, { bytes }) => sum + bytes, 0),
      output_bytes: (await stat(order.outputPath)).size,
      pages,
      peak_memory_bytes: readPeakMemory() ?? null,
      report,
    };
  } finally {
    await rm(workDir, { recursive: true, force: true });
  }
}

/** Seconds since a time of `performance.now()`, to the tenth of a millisecond. */
export function secondsSince(start: number): number {
  return Math.round((performance.now() - start) * 10) / 10_000;
}
