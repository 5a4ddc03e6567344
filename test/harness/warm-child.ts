import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openInputs } from '@pdf-tools/cli/inputs';
import type { JsonObject } from '@pdf-tools/operations/operation';
import { ChildProcess } from '@pdf-tools/operations/process/child-process';
import type { Exit, TaskMessage } from '@pdf-tools/operations/process/child-process';
import { CHILD_ENTRY } from '@pdf-tools/operations/process/entry';
import {
  ALLOCATOR_ENVIRONMENT,
  readPeakMemory,
  readResidentMemory,
  resetPeakMemory,
} from '@pdf-tools/operations/process/memory';
import type { OperationName } from '@pdf-tools/operations/registry';
import { AppError, toAppError } from '@pdf-tools/runtime/errors';
import type { ErrorCode, ErrorRecord } from '@pdf-tools/runtime/errors';

export interface Order {
  readonly operation: OperationName;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly files: readonly string[];
  /** Its folder takes intermediate files too. */
  readonly outputPath: string;
}

/** What the operation answered. `ms` is its time inside the process, `cpuMs` that of the processors on all threads. */
export type Answer =
  | {
      readonly ok: true;
      readonly ms: number;
      readonly cpuMs: number;
      readonly pages: number;
      readonly bytes: number;
      readonly report: JsonObject;
    }
  | {
      readonly ok: false;
      readonly ms: number;
      readonly cpuMs: number;
      readonly code: ErrorCode;
      readonly status: number;
      readonly detail: string;
      /** Stack of the error's cause, for people. */
      readonly stack: string | undefined;
    };

/** The end of a task, with the peak of memory during it and the resident memory before it, in bytes. */
export interface Ending {
  readonly kind: 'answer' | 'hang' | 'crash' | 'memory';
  readonly answer?: Answer;
  readonly peak: number;
  readonly before: number;
}

interface Limits {
  readonly ms: number;
  /** Resident memory, checked 20 times a second. */
  readonly bytes: number;
}

const CHECK_EVERY_MS = 50;

/** A child process as the worker has it, for one order after the other. It is replaced when it ends or is killed. */
export class WarmChild {
  readonly #limits: Limits;
  #child: ChildProcess | undefined;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  async start(): Promise<ChildProcess> {
    if (this.#child) return this.#child;
    const child = new ChildProcess({ command: [process.execPath, fileURLToPath(CHILD_ENTRY)], env: environment() });
    this.#child = child;
    await child.ready;
    return child;
  }

  stop(): void {
    this.#child?.kill();
    this.#child = undefined;
  }

  async run(order: Order): Promise<Ending> {
    const child = await this.start();
    const before = readResidentMemory(this.pid);
    resetPeakMemory(this.pid);
    const running = new AbortController();
    const limit = this.#watch(running.signal);
    const end = await Promise.race([perform(child, order), child.exited.then(explain), limit]);
    running.abort();
    const peak = readPeakMemory(this.pid) ?? 0;
    if (typeof end === 'object') return { kind: 'answer', answer: end, peak, before };
    this.stop();
    return { kind: end, peak, before };
  }

  /** Resolves with the limit that is reached, if one is. */
  #watch(signal: AbortSignal): Promise<'hang' | 'memory'> {
    const deadline = Date.now() + this.#limits.ms;
    return new Promise((resolve) => {
      const timer = setInterval(() => {
        if (readResidentMemory(this.pid) > this.#limits.bytes) resolve('memory');
        else if (Date.now() > deadline) resolve('hang');
      }, CHECK_EVERY_MS);
      signal.addEventListener('abort', () => {
        clearInterval(timer);
      });
    });
  }
}

async function perform(child: ChildProcess, { operation, params = {}, files, outputPath }: Order): Promise<Answer> {
  try {
    const workDir = dirname(outputPath);
    const inputs = await openInputs(operation, files, workDir);
    return await new Promise((resolve) => {
      child.run({ operation, params, inputs, workDir, outputPath }, (message) => {
        if (message.type !== 'progress') resolve(toAnswer(message));
      });
    });
  } catch (thrown) {
    return refusal(toAppError(thrown).toRecord());
  }
}

function toAnswer(message: Exclude<TaskMessage, { type: 'progress' }>): Answer {
  const times = { ms: message.usage.ms, cpuMs: message.usage.cpu_ms };
  if (message.type === 'failed') return refusal(message.error, { ...times, stack: message.cause });
  const { pages, report } = message.result;
  return { ok: true, ...times, pages: pages ?? 0, report, bytes: message.output.bytes };
}

function refusal(
  record: ErrorRecord,
  { ms = 0, cpuMs = 0, stack = undefined as string | undefined } = {},
): Extract<Answer, { ok: false }> {
  const { code, status, detail } = AppError.fromRecord(record);
  return { ok: false, ms, cpuMs, code, status, detail, stack };
}

/** V8 aborts when the heap is full. */
function explain({ signal }: Exit): 'memory' | 'crash' {
  return signal === 'SIGABRT' ? 'memory' : 'crash';
}

/** The environment of this process, with the worker's settings of the allocator. */
function environment(): Record<string, string> {
  const own = Object.entries(process.env).map(([name, value]): [string, string] => [name, value ?? '']);
  return { ...Object.fromEntries(own), ...ALLOCATOR_ENVIRONMENT };
}
