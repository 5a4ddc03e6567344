import { AppError } from '@pdf-tools/shared/errors';
import type { JobEvents } from '@pdf-tools/shared/job-events';
import { shortId } from '@pdf-tools/shared/logger';
import type { Doorbell, Doorkeeper } from '@pdf-tools/shared/queue';
import { JobRun } from './job-runner.js';
import type { RunnerDeps } from './job-runner.js';
import { LEASE_MS } from './lease.js';

/** How often a job may lose its worker or host before it is given up. */
const MAX_INTERRUPTIONS = 10;

const EXHAUSTED = new AppError('worker_crashed', 'The work was interrupted too often.').toRecord();

export interface ConsumerOptions {
  readonly worker: string;
  readonly concurrency: number;
}

/** Answers rings: claims the job and starts a run, as many at a time as there is room for. */
export class Consumer {
  readonly #runs = new Map<string, JobRun>();
  #onRoom: (() => void) | undefined;
  #closing = false;

  constructor(
    private readonly deps: RunnerDeps,
    private readonly options: ConsumerOptions,
    private readonly doorkeeper: Doorkeeper,
    private readonly doorbell: Doorbell,
  ) {}

  start(events: JobEvents): void {
    events.onAny((event) => {
      if (event?.status === 'cancelled' || event?.status === 'deleted') this.#runs.get(event.id)?.stop('cancelled');
    });
    this.doorkeeper.listen((id) => this.#answer(id));
  }

  /** The jobs at work, for whoever wants to see. */
  get runs(): readonly JobRun[] {
    return [...this.#runs.values()];
  }

  /**
   * Takes no more jobs, lets those at work end within `graceMs`, and hands back what is left. Resolves when nothing is
   * at work any more.
   */
  async close(graceMs: number): Promise<void> {
    this.#closing = true;
    this.#onRoom?.();
    await this.doorkeeper.close();
    const deadline = setTimeout(() => {
      for (const run of this.#runs.values()) run.stop('closing');
    }, graceMs);
    while (this.#runs.size > 0) await this.#nextEnd();
    clearTimeout(deadline);
  }

  /** Ends when there is room for one more: until then the next ring stays where another worker can take it. */
  async #answer(id: string): Promise<void> {
    try {
      await this.#take(id);
    } catch (error) {
      // The ring is lost, the job is not: the scheduler rings again.
      this.deps.log.warn('job not claimed', { job: shortId(id), error });
    }
    while (this.#runs.size >= this.options.concurrency && !this.#closing) await this.#nextEnd();
  }

  async #take(id: string): Promise<void> {
    const claim = await this.deps.store.claim(id, {
      worker: this.options.worker,
      leaseMs: LEASE_MS,
      maxInterruptions: MAX_INTERRUPTIONS,
      exhausted: EXHAUSTED,
    });
    if (claim.outcome !== 'claimed') {
      this.deps.log.debug('ring without work', { job: shortId(id), outcome: claim.outcome });
      return;
    }
    const run = new JobRun(this.deps, claim.job);
    this.#runs.set(id, run);
    void run.run().then(() => {
      this.#ended(run);
    });
  }

  #ended(run: JobRun): void {
    this.#runs.delete(run.job.id);
    this.#onRoom?.();
    // A job that was put back waits for a ring; one that has ended ignores it.
    if (run.putBack) void this.doorbell.ring(run.job.id, String(run.job.fence)).catch(() => undefined);
  }

  #nextEnd(): Promise<void> {
    return new Promise((resolve) => {
      const previous = this.#onRoom;
      this.#onRoom = () => {
        previous?.();
        this.#onRoom = undefined;
        resolve();
      };
    });
  }
}
