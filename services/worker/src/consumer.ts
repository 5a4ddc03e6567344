import { roomFor } from '@pdf-tools/jobs/lanes';
import type { Room, Running } from '@pdf-tools/jobs/lanes';
import type { JobRecord } from '@pdf-tools/jobs/record';
import type { Doorbell, Doorkeeper } from '@pdf-tools/jobs/notifier';
import { JobRun } from './job-runner.js';
import type { RunnerDeps } from './job-runner.js';
import { LEASE_MS } from './lease.js';

/**
 * While the last slot is kept for another client: time between two claims for one. Its notification is left to workers
 * with more room.
 */
const KEPT_SLOT_MS = 100;
/** Otherwise: a notification can be lost, and none comes while Redis is full. */
const IDLE_CLAIM_MS = 2_000;

export interface ConsumerOptions {
  readonly worker: string;
  /** Jobs at a time; the pool has one process more, for a small job. */
  readonly concurrency: number;
}

/**
 * Answers rings: for each it claims the job whose turn it is (which is not always the one that was rung for) and starts
 * a run, as many at a time as there is room for.
 */
export class Consumer {
  readonly #runs = new Map<string, JobRun>();
  /** Rings that no claim has answered yet. */
  #rings = 0;
  /** Jobs wait that there was no room for, of a kind: their rings are spent, so ask again when a run ends. */
  #owing = false;
  #claiming = false;
  #changed: (() => void) | undefined;
  #closing = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly deps: RunnerDeps,
    private readonly options: ConsumerOptions,
    private readonly doorkeeper: Doorkeeper,
    private readonly doorbell: Doorbell,
  ) {}

  start(): void {
    this.doorkeeper.listen(() => this.#answer());
    this.#claimLater();
  }

  /** Claims without a notification after a delay, and repeats that. Replaces the pending claim, if there is one. */
  #claimLater(): void {
    clearTimeout(this.#timer);
    if (this.#closing) return;
    const delay = this.#keepsSlot() ? KEPT_SLOT_MS : IDLE_CLAIM_MS;
    this.#timer = setTimeout(() => {
      this.#owing = true;
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
   * Takes no more jobs, lets those at work end within `graceMs`, and hands back what is left. Resolves when nothing is
   * at work any more.
   */
  async close(graceMs: number): Promise<void> {
    this.#closing = true;
    clearTimeout(this.#timer);
    this.#changed?.();
    await this.doorkeeper.close();
    const deadline = setTimeout(() => {
      for (const run of this.#runs.values()) run.stop('closing');
    }, graceMs);
    while (this.#runs.size > 0 || this.#claiming) await this.#nextChange();
    clearTimeout(deadline);
  }

  /** Ends when there is room for one more: until then the next ring stays where another worker can take it. */
  async #answer(): Promise<void> {
    this.#rings++;
    void this.#claimAll();
    while (!this.#closing && !this.#isOpen()) await this.#nextChange();
  }

  #isOpen(): boolean {
    const free = this.options.concurrency - this.#atWork().length - this.#rings;
    return free >= 0 && !this.#keepsSlot();
  }

  #atWork(): Running[] {
    return this.runs.filter((run) => run.atWork).map(({ job: { lane, client } }) => ({ lane, client }));
  }

  #room(): Room {
    return roomFor(this.#atWork(), this.options.concurrency);
  }

  /** Whether the last free slot is kept for another client. */
  #keepsSlot(): boolean {
    return this.#room().except !== '';
  }

  /** Claims while there are rings to answer, or jobs owed, and room for them. One claim at a time. */
  async #claimAll(): Promise<void> {
    if (this.#claiming) return;
    this.#claiming = true;
    for (;;) {
      const room = this.#room();
      if (this.#closing || room.lanes.length === 0 || (this.#rings === 0 && !this.#owing)) break;
      const claimed = await this.#claim(room);
      this.#rings = Math.max(0, this.#rings - 1);
      if (claimed === 'unfit') {
        this.#owing = true;
        this.#rings = 0;
        break;
      }
      if (claimed === 'none') this.#owing = false;
      else this.#start(claimed);
    }
    this.#claiming = false;
    // A job that started or ended may be why the slot is kept: the pending claim can be an idle worker's, which is late.
    if (this.#keepsSlot()) this.#claimLater();
    this.#changed?.();
  }

  async #claim(room: Room): Promise<JobRecord | 'none' | 'unfit'> {
    try {
      const atWork = this.#atWork().map(({ client }) => client);
      return await this.deps.store.claim({ worker: this.options.worker, leaseMs: LEASE_MS, ...room, atWork });
    } catch (error) {
      // The ring is lost, the job is not: the scheduler rings again.
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
    // Where the lease was lost, this worker itself may have the job's next run by now.
    if (this.#runs.get(run.job.id) === run) this.#runs.delete(run.job.id);
    void this.#claimAll();
    // A job that was put back waits for a ring.
    if (run.putBack) void this.doorbell.ring(run.job.id, String(run.job.fence)).catch(() => undefined);
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
