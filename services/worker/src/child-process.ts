import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { FromChild, Task } from './messages.js';
import type { Launcher } from './sandbox/launcher.js';

const PAGE_BYTES = 4096;
const KEPT_STDERR = 4_000;

/** Why a child process came to its end: killed for one of these, or by itself. */
export const EXIT_REASONS = [
  'time_limit',
  'out_of_memory',
  'stopped',
  'worn',
  'swollen',
  'closing',
  'crashed',
] as const;
export type ExitReason = (typeof EXIT_REASONS)[number];

/** How a child process ended by itself or was ended: never an error of the job's input. */
export interface Exit {
  readonly code: number | null;
  readonly signal: string | null;
  /** The end of what it wrote to standard error. */
  readonly stderr: string;
}

/** One warm process that does one job at a time. */
export class Child {
  readonly #process: ChildProcess;
  #stderr = '';
  #receive: (message: FromChild) => void = () => undefined;
  readonly exited: Promise<Exit>;
  readonly ready: Promise<void>;
  jobs = 0;
  /** Id of the job it works on. */
  job: string | undefined;
  #exitReason: ExitReason = 'crashed';

  constructor({ command: [program, ...args], env }: Pick<Launcher, 'command' | 'env'>) {
    this.#process = spawn(program, args, { env, stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
    this.#process.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-KEPT_STDERR);
    });
    this.exited = new Promise((resolve) => {
      this.#process.once('exit', (code, signal) => {
        resolve({ code, signal, stderr: this.#stderr });
      });
      this.#process.once('error', (error) => {
        resolve({ code: null, signal: null, stderr: error.message });
      });
    });
    this.ready = new Promise((resolve) => {
      this.#receive = ({ type }) => {
        if (type === 'ready') resolve();
      };
    });
    this.#process.on('message', (message: FromChild) => {
      this.#receive(message);
    });
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** Gives it a job; `receive` gets its messages until the next job. */
  run(task: Task, receive: (message: FromChild) => void): void {
    this.jobs++;
    this.job = task.job;
    this.#receive = receive;
    this.#send({ type: 'run', task });
  }

  /** Asks the running job to stop. */
  abort(): void {
    this.#send({ type: 'abort' });
  }

  /** Ends it now, whatever it does: also native code that ignores every other signal. */
  kill(reason: Exclude<ExitReason, 'crashed'>): void {
    if (this.#exitReason === 'crashed') this.#exitReason = reason;
    this.#process.kill('SIGKILL');
  }

  /** Why it ended, once it has. */
  get exitReason(): ExitReason {
    return this.#exitReason;
  }

  /** Resident memory in bytes; 0 where the system does not tell or the process has gone. /proc waits for no disk. */
  residentBytes(): number {
    try {
      const statm = readFileSync(`/proc/${this.#process.pid}/statm`, 'latin1');
      return Number(statm.split(' ')[1]) * PAGE_BYTES;
    } catch {
      return 0;
    }
  }

  #send(message: object): void {
    // A child that died meanwhile is noticed by its exit.
    this.#process.send(message, () => undefined);
  }
}
