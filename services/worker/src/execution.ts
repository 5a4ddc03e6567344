import { AppError } from '@pdf-tools/runtime/errors';
import type { ErrorCode } from '@pdf-tools/runtime/errors';
import type { Child, Exit } from './child-process.js';
import type { FromChild, Task } from './messages.js';
import type { Outcome } from './pool.js';

export interface Limits {
  /** After this many ms the operation is asked to stop. */
  readonly softMs: number;
  /** After this many ms the process is killed. */
  readonly hardMs: number;
  /** Resident memory in MiB above which the process is killed. */
  readonly memoryMb: number;
}

const MEMORY_CHECK_MS = 200;

const DETAILS = {
  time_limit: 'The work took longer than it may and was stopped.',
  out_of_memory: 'The work needed more memory than it may have.',
  worker_crashed: 'The process that did the work crashed.',
} as const satisfies Partial<Record<ErrorCode, string>>;

/** One task in one child process, within its limits: whatever the child does, `run` ends soon after the hard limit. */
export class Execution {
  /** Why the child was told to end, if it was. */
  #verdict: 'time_limit' | 'out_of_memory' | 'stopped' | undefined;

  constructor(
    private readonly child: Child,
    private readonly limits: Limits,
  ) {}

  async run(task: Task, progress: (percent: number, stage: string) => void, stop: AbortSignal): Promise<Outcome> {
    const timers = this.#watch();
    const onStop = (): void => {
      this.#end('stopped');
    };
    stop.addEventListener('abort', onStop, { once: true });
    try {
      return await Promise.race([this.#perform(task, progress), this.child.exited.then((exit) => this.#explain(exit))]);
    } finally {
      stop.removeEventListener('abort', onStop);
      for (const timer of timers) clearTimeout(timer);
    }
  }

  #perform(task: Task, progress: (percent: number, stage: string) => void): Promise<Outcome> {
    return new Promise((resolve) => {
      this.child.run(task, (message: FromChild) => {
        if (message.type === 'progress') progress(message.percent, message.stage);
        else if (message.type === 'done') resolve({ kind: 'done', result: message.result, output: message.output });
        else if (message.type === 'failed') resolve(this.#failed(message));
      });
    });
  }

  /** After the soft limit any failure is that of the time, whatever the operation made of being aborted. */
  #failed({ error, cause }: Extract<FromChild, { type: 'failed' }>): Outcome {
    const timedOut = this.#verdict === 'time_limit';
    return { kind: 'failed', error: timedOut ? record('time_limit') : error, cause };
  }

  #watch(): NodeJS.Timeout[] {
    const soft = setTimeout(() => {
      this.#verdict ??= 'time_limit';
      this.child.abort();
    }, this.limits.softMs);
    const hard = setTimeout(() => {
      this.#end('time_limit');
    }, this.limits.hardMs);
    const memory = setInterval(() => {
      if (this.child.residentBytes() > this.limits.memoryMb * 2 ** 20) this.#end('out_of_memory');
    }, MEMORY_CHECK_MS);
    return [soft, hard, memory];
  }

  #end(verdict: 'time_limit' | 'out_of_memory' | 'stopped'): void {
    this.#verdict = verdict;
    this.child.kill(verdict);
  }

  #explain(exit: Exit): Outcome {
    if (this.#verdict === 'stopped') return { kind: 'stopped' };
    if (this.#verdict === 'time_limit') return { kind: 'failed', error: record('time_limit'), cause: undefined };
    const outOfMemory = this.#verdict === 'out_of_memory' || /heap out of memory|Allocation failed/.test(exit.stderr);
    return { kind: 'crashed', error: record(outOfMemory ? 'out_of_memory' : 'worker_crashed'), exit };
  }
}

function record(code: keyof typeof DETAILS) {
  return new AppError(code, DETAILS[code]).toRecord();
}
