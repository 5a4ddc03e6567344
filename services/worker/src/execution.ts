import { AppError } from '@pdf-tools/runtime/errors';
import type { ErrorCode, ErrorRecord } from '@pdf-tools/runtime/errors';
import type { Exit, TaskMessage } from '@pdf-tools/operations/process/child-process';
import type { Task } from '@pdf-tools/operations/process/messages';
import type { Member } from './member.js';
import type { Outcome } from './pool.js';

export interface Limits {
  /** Time in ms after which the operation is asked to stop. */
  readonly softMs: number;
  /** Time in ms after which the process is killed. */
  readonly hardMs: number;
  /** Resident memory in MiB above which the process is killed. */
  readonly memoryMb: number;
}

/** Why the worker ends an execution. */
type EndReason = 'time_limit' | 'out_of_memory' | 'stopped';
export type ReportProgress = (percent: number, stage: string) => void;

const MEMORY_CHECK_MS = 200;

const DETAILS = {
  time_limit: 'The work took longer than its time limit and was stopped.',
  out_of_memory: 'The work needed more memory than its limit.',
  worker_crashed: 'The process that did the work crashed.',
} as const satisfies Partial<Record<ErrorCode, string>>;

/** Runs one task in one child process within its limits. `run` ends soon after the hard limit in any case. */
export class Execution {
  #endReason: EndReason | undefined;

  constructor(
    private readonly member: Member,
    private readonly limits: Limits,
  ) {}

  async run(task: Task, progress: ReportProgress, stop: AbortSignal): Promise<Outcome> {
    const timers = this.#startTimers();
    const onStop = (): void => {
      this.#end('stopped');
    };
    stop.addEventListener('abort', onStop, { once: true });
    try {
      const exited = this.member.exited.then((exit) => this.#explain(exit));
      return await Promise.race([this.#perform(task, progress), exited]);
    } finally {
      stop.removeEventListener('abort', onStop);
      for (const timer of timers) clearTimeout(timer);
    }
  }

  #perform(task: Task, progress: ReportProgress): Promise<Outcome> {
    return new Promise((resolve) => {
      this.member.child.run(task, (message) => {
        if (message.type === 'progress') progress(message.percent, message.stage);
        else if (message.type === 'done') resolve({ kind: 'done', result: message.result, output: message.output });
        else resolve(this.#failed(message));
      });
    });
  }

  /** After the soft limit any failure counts as the time limit's, because an operation may report the abort as its own. */
  #failed({ error, cause }: Extract<TaskMessage, { type: 'failed' }>): Outcome {
    const timedOut = this.#endReason === 'time_limit';
    return { kind: 'failed', error: timedOut ? errorOf('time_limit') : error, cause };
  }

  #startTimers(): NodeJS.Timeout[] {
    const soft = setTimeout(() => {
      this.#endReason ??= 'time_limit';
      this.member.child.abort();
    }, this.limits.softMs);
    const hard = setTimeout(() => {
      this.#end('time_limit');
    }, this.limits.hardMs);
    const memory = setInterval(() => {
      if (this.member.child.residentBytes() > this.limits.memoryMb * 2 ** 20) this.#end('out_of_memory');
    }, MEMORY_CHECK_MS);
    return [soft, hard, memory];
  }

  #end(reason: EndReason): void {
    this.#endReason = reason;
    this.member.kill(reason);
  }

  #explain(exit: Exit): Outcome {
    if (this.#endReason === 'stopped') return { kind: 'stopped' };
    if (this.#endReason === 'time_limit') return { kind: 'failed', error: errorOf('time_limit'), cause: undefined };
    const outOfMemory = this.#endReason === 'out_of_memory' || /heap out of memory|Allocation failed/.test(exit.stderr);
    return { kind: 'crashed', error: errorOf(outOfMemory ? 'out_of_memory' : 'worker_crashed'), exit };
  }
}

/** Returns the error of a job whose execution ended for this reason. */
export function errorOf(code: keyof typeof DETAILS): ErrorRecord {
  return new AppError(code, DETAILS[code]).toRecord();
}
