import { roomFor } from '@pdf-tools/jobs/lanes';
import type { Room, Running } from '@pdf-tools/jobs/lanes';
import type { JobListener } from '@pdf-tools/jobs/notifier';
import type { JobRecord } from '@pdf-tools/jobs/record';
import type { ClaimReply } from '@pdf-tools/jobs/store';
import { JobRun } from './job-runner.js';
import type { RunnerDeps } from './job-runner.js';
import { LEASE_MS } from './lease.js';

/** Time between two claims while the last slot is kept for another client. */
const KEPT_SLOT_MS = 100;
/** Time between two claims otherwise, because a notification can be lost. */
const IDLE_CLAIM_MS = 2_000;

export interface ConsumerOptions {
  readonly worker: string;
  /** Jobs at a time; the pool has one process more, for a small job. */
  readonly concurrency: number;
}

/** Claims jobs when it is notified, until none is left or there is no room, and runs them. */
export class Consumer {
  readonly #runs = new Map<string, JobRun>();
  /** Number of times that jobs may have been queued: notifications, claims by the timer, and ends of runs without room. */
  #requests = 0;
  /** The requests up to this one are done: a claim that was sent after them found no more jobs. */
  #served = 0;
  /** Number of runs whose work has ended. */
  #worked = 0;
  /** Whether this worker has no room, so that it takes no notifications. */
  #isClosed = false;
  #claiming = false;
  #changed: (() => void) | undefined;
  #closing = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly deps: RunnerDeps,
    private readonly options: ConsumerOptions,
    private readonly listener: JobListener,
  ) {}

  start(): void {
    this.listener.listen(() => this.#onNotified());
    this.#claimLater();
  }

  /** Claims without a request after a delay, and repeats that. Replaces the pending claim, if there is one. */
  #claimLater(): void {
    clearTimeout(this.#timer);
    if (this.#closing) return;
    const delay = this.#keepsSlot() ? KEPT_SLOT_MS : IDLE_CLAIM_MS;
    this.#timer = setTimeout(() => {
      this.#requests++;
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

  /** Resolves when there is room for another job, so that other workers get further notifications first. */
  async #onNotified(): Promise<void> {
    this.#requests++;
    await this.#claimAll();
    while (!this.#closing && (this.#claiming || !this.#isOpen())) await this.#nextChange();
  }

  #isOpen(): boolean {
    return this.#running().length <= this.options.concurrency && !this.#keepsSlot();
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

  /**
   * Claims while jobs may be queued and there is room. One claim at a time. It claims again if a request came or a run ended
   * during a claim, because the reply may be older.
   */
  async #claimAll(): Promise<void> {
    if (this.#claiming) return;
    this.#claiming = true;
    for (let mayClaim = true; mayClaim && !this.#closing && this.#served < this.#requests;) {
      const [requests, worked] = [this.#requests, this.#worked];
      mayClaim = (await this.#claimNext()) || this.#requests !== requests || this.#worked !== worked;
    }
    this.#claiming = false;
    this.#isClosed = !this.#isOpen();
    // A job that started or ended may be why the slot is kept: the pending claim can be an idle worker's, which is late.
    if (this.#keepsSlot()) this.#claimLater();
    this.#changed?.();
  }

  /** Claims one job and starts it. Returns false if there is no room, or if the rest cannot be claimed now. */
  async #claimNext(): Promise<boolean> {
    const room = this.#room();
    if (room.lanes.length === 0) return false;
    const requests = this.#requests;
    const reply = await this.#claim(room);
    if (!reply) return false;
    const { claim, rest } = reply;
    if (rest === 'none') this.#served = requests;
    if (typeof claim === 'object') this.#start(claim);
    return claim !== 'none-in-lane' && !(rest === 'one-client' && this.#excludesLoneClient());
  }

  /** Whether the client of all running jobs gets no further slot although no other client has jobs. */
  #excludesLoneClient(): boolean {
    const { except, exceptIfAlone } = this.#room();
    return except !== '' && exceptIfAlone;
  }

  /** Returns undefined if Redis is unavailable. The next claim of the timer repeats the attempt. */
  async #claim(room: Room): Promise<ClaimReply | undefined> {
    try {
      const running = this.#running().map(({ client }) => client);
      const preferred = this.deps.pool.preferredClient;
      const { worker, concurrency } = this.options;
      return await this.deps.store.claim({ worker, leaseMs: LEASE_MS, ...room, running, preferred, concurrency });
    } catch (error) {
      this.deps.log.warn('no job claimed', { error });
      return undefined;
    }
  }

  #start(job: JobRecord): void {
    const run = new JobRun(this.deps, job);
    this.#runs.set(job.id, run);
    const onWorkDone = (): void => {
      this.#worked++;
      if (this.#isClosed) this.#requests++;
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
