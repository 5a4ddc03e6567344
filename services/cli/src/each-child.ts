import { fileURLToPath } from 'node:url';
import { ChildProcess } from '@pdf-tools/operations/process/child-process';
import type { Exit, TaskMessage } from '@pdf-tools/operations/process/child-process';
import { CHILD_ENTRY } from '@pdf-tools/operations/process/entry';
import { heapFlags } from '@pdf-tools/operations/process/memory';
import type { OperationName } from '@pdf-tools/operations/registry';
import { AppError, toAppError } from '@pdf-tools/runtime/errors';
import type { ErrorRecord } from '@pdf-tools/runtime/errors';
import { FileError } from './exit-codes.js';
import { secondsSince, sumOfBytes, withInputs } from './run-operation.js';
import type { Order, Outcome } from './run-operation.js';

/** The outcome of one file. */
export type EachAnswer =
  | { readonly ok: true; readonly outcome: Outcome }
  | {
      readonly ok: false;
      readonly error: ErrorRecord;
      readonly seconds: number;
      readonly peak_memory_bytes: number | null;
    };

/** Heap of the child in MiB, so that a hostile file ends the child rather than the machine. */
const HEAP_MIB = 2048;
/** A child that needed more bytes than this is replaced, because the memory that it keeps counts for the next file. */
const REPLACE_ABOVE_BYTES = 512 * 1024 * 1024;

const ENDINGS = {
  time: { code: 'time_limit', detail: 'The file took longer than the time limit.' },
  memory: { code: 'out_of_memory', detail: 'The file needed too much memory.' },
  crash: { code: 'worker_crashed', detail: 'The process crashed on the file.' },
} as const;

/** The child process of `--each`. It starts when it is needed, and is replaced when it was killed or crashed. */
export class EachChild {
  readonly #timeoutMs: number;
  readonly #operation: OperationName;
  #child: ChildProcess | undefined;

  constructor(operation: OperationName, timeoutSeconds: number) {
    this.#operation = operation;
    this.#timeoutMs = timeoutSeconds * 1000;
  }

  /** Ends the child, and returns when it can write no more. */
  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    child?.kill();
    await child?.exited;
  }

  /** Runs the operation on one file. A file that takes too long or crashes the child is an answer like any other. */
  async run(order: Order, signal: AbortSignal): Promise<EachAnswer> {
    const start = performance.now();
    try {
      return await withInputs(order, signal, async (inputs, workDir) => {
        const { operation, params, outputPath } = order;
        const ending = await this.#perform({ operation, params, inputs, workDir, outputPath, measuresMemory: true });
        if (typeof ending === 'object') return await this.#answer(ending, sumOfBytes(inputs));
        const peak_memory_bytes = this.#child?.peakBytes() ?? null;
        await this.kill();
        return { ok: false, error: ENDINGS[ending], seconds: secondsSince(start), peak_memory_bytes };
      });
    } catch (thrown) {
      const error = thrown instanceof FileError ? new AppError('bad_request', thrown.message) : toAppError(thrown);
      return { ok: false, error: error.toRecord(), seconds: secondsSince(start), peak_memory_bytes: null };
    }
  }

  async #perform(task: Parameters<ChildProcess['run']>[0]): Promise<Ended | keyof typeof ENDINGS> {
    const child = (this.#child ??= startChild(this.#operation));
    let timer: NodeJS.Timeout | undefined;
    const timeUp = new Promise<'time'>((resolve) => {
      timer = setTimeout(resolve, this.#timeoutMs, 'time');
    });
    const answered = new Promise<Ended>((resolve) => {
      child.run(task, (message) => {
        if (message.type !== 'progress') resolve(message);
      });
    });
    try {
      return await Promise.race([answered, child.exited.then(explain), timeUp]);
    } finally {
      clearTimeout(timer);
    }
  }

  async #answer(message: Ended, inputBytes: number): Promise<EachAnswer> {
    const { ms, peak_memory_bytes } = message.usage;
    if ((peak_memory_bytes ?? 0) > REPLACE_ABOVE_BYTES) await this.kill();
    const seconds = Math.round(ms * 10) / 10_000;
    if (message.type === 'failed') return { ok: false, error: message.error, seconds, peak_memory_bytes };
    const { pages, report } = message.result;
    const bytes = { input_bytes: inputBytes, output_bytes: message.output.bytes };
    return { ok: true, outcome: { seconds, ...bytes, pages, peak_memory_bytes, report } };
  }
}

type Ended = Exclude<TaskMessage, { type: 'progress' }>;

/** V8 aborts when the heap is full. */
function explain({ signal }: Exit): 'memory' | 'crash' {
  return signal === 'SIGABRT' ? 'memory' : 'crash';
}

function startChild(operation: OperationName): ChildProcess {
  const command = [process.execPath, ...heapFlags(HEAP_MIB), fileURLToPath(CHILD_ENTRY), operation] as const;
  return new ChildProcess({ command });
}
