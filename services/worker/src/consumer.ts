import { roomFor } from '@pdf-tools/jobs/lanes';
import type { Room, Running } from '@pdf-tools/jobs/lanes';
import type { JobListener, JobNotifier } from '@pdf-tools/jobs/notifier';
import type { JobRecord } from '@pdf-tools/jobs/record';
import type { Claim } from '@pdf-tools/jobs/store';
import { JobRun } from './job-runner.js';
import type { RunnerDeps } from './job-runner.js';
import { LEASE_MS } from './lease.js';

/** Time between two claims while the last slot is kept for another client. */
const KEPT_SLOT_MS = 100;
/** Time between two claims otherwise, because a request to claim can be lost. */
const IDLE_CLAIM_MS = 2_000;

export interface ConsumerOptions {
  readonly worker: string;
  /** Jobs at a time; the pool has one process more, for a small job. */
  readonly concurrency: number;
}

/** Claims jobs when it is asked to, as many as there is room for, and runs them. */
export class Consumer {
  readonly #runs = new Map<string, JobRun>();
  /** Claims that were requested and not yet made. */
  #requested = 0;
  /** Jobs may be queued that there was no room for, so the end of a run claims again without a request. */
  #hasDeferredWork = false;
  #claiming = false;
  #changed: (() => void) | undefined;
  #closing = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly deps: RunnerDeps,
    private readonly options: ConsumerOptions,
    private readonly listener: JobListener,
    private readonly notifier: JobNotifier,
  ) {}

  start(): void {
    this.listener.listen(() => this.#requestClaim());
    this.#claimLater();
  }

  /** Claims without a request after a delay, and repeats that. Replaces the pending claim, if there is one. */
  #claimLater(): void {
    clearTimeout(this.#timer);
    if (this.#closing) return;
    const delay = this.#keepsSlot() ? KEPT_SLOT_MS : IDLE_CLAIM_MS;
    this.#timer = setTimeout(() => {
      this.#hasDeferredWork = true;
      void this.#claimAll().then(() => {
        this.#claimLater();
      });
    }, delay);
  }

  /** Kills the work on a job that was cancelled or deleted; a job of another worker is ignored. */
  cancel(id: string): void {
    this.#runs.get(id)?.stop('cancelled');
  }

  /** The running jobs. */
  get runs(): readonly JobRun[] {
    return [...this.#runs.values()];
  }

  /**
   * Takes no more jobs, lets the running ones end within `graceMs`, and hands back the rest. Resolves when no job runs
   * any more.
   */
  async close(graceMs: number): Promise<void> {
    this.#closing = true;
    clearTimeout(this.#timer);
    this.#changed?.();
    await this.listener.close();
    const deadline = setTimeout(() => {
      for (const run of this.#runs.values()) run.stop('closing');
    }, graceMs);
    while (this.#runs.size > 0 || this.#claiming) await this.#nextChange();
    clearTimeout(deadline);
  }

  /** Requests one claim. Resolves when there is room for another, so that other workers get further requests first. */
  async #requestClaim(): Promise<void> {
    this.#requested++;
    void this.#claimAll();
    while (!this.#closing && !this.#isOpen()) await this.#nextChange();
  }

  #isOpen(): boolean {
    const free = this.options.concurrency - this.#running().length - this.#requested;
    return free >= 0 && !this.#keepsSlot();
  }

  #running(): Running[] {
    return this.runs.filter((run) => run.isRunning).map(({ job: { lane, client } }) => ({ lane, client }));
  }

  #room(): Room {
    return roomFor(this.#running(), this.options.concurrency);
  }

  /** Whether the last free slot is kept for another client. */
  #keepsSlot(): boolean {
    return this.#room().except !== '';
  }

  /** Claims while claims are requested or work is deferred, and there is room. One claim at a time. */
  async #claimAll(): Promise<void> {
    if (this.#claiming) return;
    this.#claiming = true;
    for (;;) {
      const room = this.#room();
      if (this.#closing || room.lanes.length === 0 || (this.#requested === 0 && !this.#hasDeferredWork)) break;
      const claimed = await this.#claim(room);
      this.#requested = Math.max(0, this.#requested - 1);
      if (claimed === 'none-in-lane') {
        this.#hasDeferredWork = true;
        this.#requested = 0;
        break;
      }
      if (claimed === 'none') this.#hasDeferredWork = false;
      else this.#start(claimed);
    }
    this.#claiming = false;
    // A job that started or ended may be why the slot is kept: the pending claim can be an idle worker's, which is late.
    if (this.#keepsSlot()) this.#claimLater();
    this.#changed?.();
  }

  async #claim(room: Room): Promise<Claim> {
    try {
      const running = this.#running().map(({ client }) => client);
      const preferred = this.deps.pool.preferredClient;
      const { worker } = this.options;
      return await this.deps.store.claim({ worker, leaseMs: LEASE_MS, ...room, running, preferred });
    } catch (error) {
      // The job stays queued: the scheduler has it claimed later.
      this.deps.log.warn('no job claimed', { error });
      return 'none';
    }
  }

  #start(job: JobRecord): void {
    const run = new JobRun(this.deps, job);
    this.#runs.set(job.id, run);
    const onWorkDone = (): void => {
      void this.#claimAll();
    };
    void run.run(onWorkDone).then(() => {
      this.#ended(run);
    });
  }

  #ended(run: JobRun): void {
    // If the lease was lost, this worker itself may have the job's next run by now.
    if (this.#runs.get(run.job.id) === run) this.#runs.delete(run.job.id);
    void this.#claimAll();
    if (run.requeued) void this.notifier.notify(run.job);
  }

  #nextChange(): Promise<void> {
    return new Promise((resolve) => {
      const previous = this.#changed;
      this.#changed = () => {
        previous?.();
        this.#changed = undefined;
        resolve();
      };
    });
  }
}
