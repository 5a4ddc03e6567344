import { spawn } from 'node:child_process';
import type { ChildProcess as NodeChildProcess } from 'node:child_process';
import type { Socket } from 'node:net';
import { Channel } from './channel.js';
import { CHANNEL_FD } from './entry.js';
import { ProtocolError } from './framing.js';
import { readPeakMemory, readResidentMemory } from './memory.js';
import { MAX_FRAME_BYTES, MAX_TASK_BYTES, parseFromChild } from './messages.js';
import type { FromChild, Task, ToChild } from './messages.js';
import { repairWithQpdf } from './repair.js';
import { repairedPath } from './repaired-path.js';

const KEPT_STDERR = 4_000;
/** Why repairs stop. Without a reason each task would create an error with a stack. */
const ENDED = 'the task has ended';

/** How a child process ended or was ended. It is never an error of the job's input. */
export interface Exit {
  readonly code: number | null;
  readonly signal: string | null;
  /** The end of what the child wrote to standard error. */
  readonly stderr: string;
}

/** How a child process is started. */
export interface ChildOptions {
  /** Program and arguments. */
  readonly command: readonly [string, ...string[]];
  /** The whole environment of the child, or undefined for the parent's. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** Program and arguments that a repair is started under on behalf of the child. */
  readonly repairUnder?: readonly string[];
}

/** A message about a task, except those that the runner itself answers. */
export type TaskMessage = Exclude<FromChild, { type: 'ready' | 'repair' }>;

interface RunningTask {
  readonly task: Task;
  readonly receive: (message: TaskMessage) => void;
  /** Positions of the inputs that the child has asked to repair. */
  readonly repairs: Set<number>;
  /** Aborts when the task or the child ends. */
  readonly end: AbortController;
}

/** The parent's side of a warm process that runs one task at a time. It trusts nothing that the process sends. */
export class ChildProcess {
  readonly #process: NodeChildProcess;
  readonly #channel: Channel;
  readonly #repairUnder: readonly string[];
  readonly exited: Promise<Exit>;
  readonly ready: Promise<void>;
  #stderr = '';
  #becomeReady: () => void = () => undefined;
  #task: RunningTask | undefined;
  /** Settles when no repair is running: there is one at a time, however many the child asks for. */
  #lastRepair: Promise<void> = Promise.resolve();

  constructor({ command: [program, ...args], env, repairUnder = [] }: ChildOptions) {
    this.#repairUnder = repairUnder;
    this.#process = spawn(program, args, { env, stdio: ['ignore', 'ignore', 'pipe', 'pipe'] });
    this.#process.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-KEPT_STDERR);
    });
    this.ready = new Promise((resolve) => {
      this.#becomeReady = resolve;
    });
    this.exited = this.#watchExit();
    const limits = { frameBytes: MAX_FRAME_BYTES, budgetBytes: MAX_TASK_BYTES };
    this.#channel = new Channel(this.#process.stdio[CHANNEL_FD] as Socket, limits, {
      onMessage: (message) => {
        this.#receive(parseFromChild(message));
      },
      onViolation: (error) => {
        this.#stderr += `\nThe child broke the protocol: ${String(error)}`;
        this.kill();
      },
      onClose: () => undefined,
    });
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** Gives the child a task. `receive` gets its messages, the last of which is `done` or `failed`. */
  run(task: Task, receive: (message: TaskMessage) => void): void {
    this.#task = { task, receive, repairs: new Set(), end: new AbortController() };
    this.#channel.resetBudget();
    this.#send({ type: 'run', task });
  }

  /** Asks the running task to stop. */
  abort(): void {
    this.#send({ type: 'abort' });
  }

  /** Ends the child now, even in native code that handles no signal. */
  kill(): void {
    this.#task?.end.abort(ENDED);
    this.#process.kill('SIGKILL');
  }

  /** Resident memory in bytes, or 0 if the process has ended or the system does not report it. */
  residentBytes(): number {
    return readResidentMemory(this.pid);
  }

  /** Peak of resident memory in bytes, or undefined if the system does not report it. */
  peakBytes(): number | undefined {
    return this.pid === undefined ? undefined : readPeakMemory(this.pid);
  }

  #watchExit(): Promise<Exit> {
    return new Promise((resolve) => {
      const end = (exit: Omit<Exit, 'stderr'>): void => {
        this.#task?.end.abort(ENDED);
        resolve({ ...exit, stderr: this.#stderr });
      };
      // Not 'close', because a process that an unfiltered child started could keep its standard error open.
      this.#process.once('exit', (code, signal) => {
        end({ code, signal });
      });
      this.#process.once('error', (error) => {
        this.#stderr += error.message;
        end({ code: null, signal: null });
      });
    });
  }

  #receive(message: FromChild): void {
    if (message.type === 'ready') this.#becomeReady();
    else if (message.type === 'repair') this.#repair(message.input);
    else {
      const running = this.#task;
      if (message.type !== 'progress') {
        running?.end.abort(ENDED);
        this.#task = undefined;
      }
      running?.receive(message);
    }
  }

  /** Starts qpdf on an input, because the child may start no process. The child names a position, never a path. */
  #repair(input: number): void {
    const running = this.#task;
    const file = running?.task.inputs[input];
    if (!running || !file || running.repairs.has(input)) throw new ProtocolError('a repair that is not possible');
    running.repairs.add(input);
    this.#lastRepair = this.#lastRepair.then(() => this.#runRepair(running, file.path, input));
  }

  /** Never rejects. */
  async #runRepair({ task: { workDir }, end: { signal } }: RunningTask, path: string, input: number): Promise<void> {
    const options = { under: this.#repairUnder, signal };
    const ok = await repairWithQpdf(path, repairedPath(workDir, input), options).catch(() => false);
    if (!signal.aborted) this.#send({ type: 'repaired', input, ok });
  }

  #send(message: ToChild): void {
    this.#channel.send(message);
  }
}
