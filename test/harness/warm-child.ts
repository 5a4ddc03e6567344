import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { JsonObject } from '@pdf-tools/operations/operation';
import type { OperationName } from '@pdf-tools/operations/registry';
import type { ErrorCode } from '@pdf-tools/runtime/errors';

export interface Order {
  readonly operation: OperationName;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly files: readonly string[];
  /** Its folder takes intermediate files too. */
  readonly outputPath: string;
}

/** What the operation gave; `ms` is its time inside the process, `cpuMs` the processors' on all threads. */
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
      /** Of what is behind the error, for people. */
      readonly stack: string | undefined;
    };

/** An order's end. Memory in bytes: the peak while it ran, and what was resident before. */
export interface Ending {
  readonly kind: 'answer' | 'hang' | 'crash' | 'memory';
  readonly answer?: Answer;
  readonly peak: number;
  readonly before: number;
}

interface Limits {
  readonly ms: number;
  /** Resident memory, looked at 20 times a second. */
  readonly bytes: number;
}

const CHILD = fileURLToPath(new URL('./operation-child.js', import.meta.url));
const LOOK_EVERY_MS = 50;

/** A process that is kept for one order after the other, and replaced when it dies or has to be killed. */
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
    const child = fork(CHILD, { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
    this.#child = child;
    await once(child, 'message');
    return child;
  }

  stop(): void {
    this.#child?.kill('SIGKILL');
    this.#child = undefined;
  }

  async run(order: Order): Promise<Ending> {
    const child = await this.start();
    const before = memoryOf(this.pid, 'VmRSS');
    resetPeak(this.pid);
    const listening = new AbortController();
    const answered = once(child, 'message', listening).then(([answer]) => answer as Answer);
    const exited = once(child, 'exit', listening).then(([, signal]) => (signal === 'SIGABRT' ? 'memory' : 'crash'));
    const stopped = this.#watch(listening.signal);
    for (const loser of [answered, exited]) loser.catch(() => undefined);
    child.send(order);
    const end = await Promise.race([answered, exited, stopped]);
    listening.abort();
    const peak = memoryOf(this.pid, 'VmHWM');
    if (typeof end === 'object') return { kind: 'answer', answer: end, peak, before };
    this.stop();
    return { kind: end, peak, before };
  }

  /** Ends with the limit that was met; never where none is. */
  #watch(signal: AbortSignal): Promise<'hang' | 'memory'> {
    const deadline = Date.now() + this.#limits.ms;
    return new Promise((resolve) => {
      const timer = setInterval(() => {
        if (memoryOf(this.pid, 'VmRSS') > this.#limits.bytes) resolve('memory');
        else if (Date.now() > deadline) resolve('hang');
      }, LOOK_EVERY_MS);
      signal.addEventListener('abort', () => {
        clearInterval(timer);
      });
    });
  }
}

/** A figure of /proc/PID/status in bytes; 0 for a process that is gone. */
export function memoryOf(pid: number, figure: 'VmRSS' | 'VmHWM'): number {
  try {
    const text = readFileSync(`/proc/${pid}/status`, 'latin1');
    return Number(new RegExp(`^${figure}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}

/** Sets a process's peak back to what it has now (proc(5): clear_refs). */
export function resetPeak(pid: number): void {
  try {
    writeFileSync(`/proc/${pid}/clear_refs`, '5');
  } catch {
    // Not this system's: the peak is then that of the whole process, and can only be too high.
  }
}
