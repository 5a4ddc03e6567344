import { ChildProcess } from '@pdf-tools/operations/process/child-process';
import type { Exit } from '@pdf-tools/operations/process/child-process';
import type { OperationName } from '@pdf-tools/operations/registry';
import type { Launcher } from './sandbox/launcher.js';
import type { Slot } from './slot.js';

/** Why a child process ended: it was killed for one of these reasons, or it crashed. They are a metric's label values. */
export const EXIT_REASONS = [
  'time_limit',
  'out_of_memory',
  'stopped',
  /** It has run its maximum number of jobs. */
  'worn',
  /** It holds too much memory after a job. */
  'swollen',
  /** Its place is needed for another client. */
  'other_client',
  /** A job left more in its slot than a job leaves. */
  'slot_not_empty',
  /** Its slot was removed, as that of a dead worker. */
  'slot_lost',
  'closing',
  'crashed',
] as const;
export type ExitReason = (typeof EXIT_REASONS)[number];

/** A child process of the pool with its slot. It serves one client as long as it lives. */
export class Member {
  readonly child: ChildProcess;
  /** The client whose jobs it runs; undefined before its first job. */
  client: string | undefined;
  /** Id of the job that it runs now. */
  job: string | undefined;
  /** Number of jobs that it was given. */
  jobs = 0;
  /** When the current slice of its client began, in ms of `performance.now()`; undefined before its first job. */
  sliceStart: number | undefined;
  #exitReason: ExitReason = 'crashed';
  #killed = false;

  constructor(
    launcher: Pick<Launcher, 'start'>,
    readonly slot: Slot,
    /** Number of jobs after which it is replaced. */
    readonly maxJobs: number,
    /** Operation that it loads before it is ready; undefined for all. */
    operation: OperationName | undefined,
  ) {
    this.child = new ChildProcess(launcher.start(slot, operation));
  }

  /** Marks the begin of a job. The client's slice begins anew if it is over. */
  startJob(job: string, sliceMs: number): void {
    this.jobs++;
    this.job = job;
    const now = performance.now();
    if (this.sliceStart === undefined || now - this.sliceStart >= sliceMs) this.sliceStart = now;
  }

  /** Kills the process, also in native code that handles no signal. The first reason counts. */
  kill(reason: Exclude<ExitReason, 'crashed'>): void {
    if (!this.#killed) this.#exitReason = reason;
    this.#killed = true;
    this.child.kill();
  }

  /** Whether it can still serve a client that it has not served: it has served none, and was not killed. */
  get isFresh(): boolean {
    return this.client === undefined && !this.#killed;
  }

  get isKilled(): boolean {
    return this.#killed;
  }

  get exited(): Promise<Exit> {
    return this.child.exited;
  }

  get exitReason(): ExitReason {
    return this.#exitReason;
  }
}
