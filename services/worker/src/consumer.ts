import { AppError } from '@pdf-tools/shared/errors';
import { shortId } from '@pdf-tools/shared/logger';
import type { JobRecord } from '@pdf-tools/shared/job-record';
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
  #claiming = 0;
  #changed: (() => void) | undefined;
  #closing = false;

  constructor(
    private readonly deps: RunnerDeps,
    private readonly options: ConsumerOptions,
    private readonly doorkeeper: Doorkeeper,
    private readonly doorbell: Doorbell,
  ) {}

  start(): void {
    this.doorkeeper.listen((id) => this.#answer(id));
  }

  /** Kills the work on a job that was cancelled or deleted; another's job is none of ours. */
  cancel(id: string): void {
    this.#runs.get(id)?.stop('cancelled');
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
    this.#changed?.();
    await this.doorkeeper.close();
    const deadline = setTimeout(() => {
      for (const run of this.#runs.values()) run.stop('closing');
    }, graceMs);
    while (this.#runs.size + this.#claiming > 0) await this.#nextChange();
    clearTimeout(deadline);
  }

  /** Ends when there is room for one more: until then the next ring stays where another worker can take it. */
  async #answer(id: string): Promise<void> {
    void this.#take(id);
    while (this.#isFull() && !this.#closing) await this.#nextChange();
  }

  #isFull(): boolean {
    const atWork = this.runs.filter((run) => run.atWork).length;
    return atWork + this.#claiming >= this.options.concurrency;
  }

  async #take(id: string): Promise<void> {
    this.#claiming++;
    const job = await this.#claim(id);
    this.#claiming--;
    if (job) this.#start(job);
    this.#changed?.();
  }

  async #claim(id: string): Promise<JobRecord | undefined> {
    try {
      const claim = await this.deps.store.claim(id, {
        worker: this.options.worker,
        leaseMs: LEASE_MS,
        maxInterruptions: MAX_INTERRUPTIONS,
        exhausted: EXHAUSTED,
      });
      if (claim.outcome === 'claimed') return claim.job;
      this.deps.log.debug('ring without work', { job: shortId(id), outcome: claim.outcome });
    } catch (error) {
      // The ring is lost, the job is not: the scheduler rings again.
      this.deps.log.warn('job not claimed', { job: shortId(id), error });
    }
    return undefined;
  }

  #start(job: JobRecord): void {
    const run = new JobRun(this.deps, job);
    this.#runs.set(job.id, run);
    const onWorkDone = (): void => this.#changed?.();
    void run.run(onWorkDone).then(() => {
      this.#ended(run);
    });
  }

  #ended(run: JobRun): void {
    this.#runs.delete(run.job.id);
    this.#changed?.();
    // A job that was put back waits for a ring; one that has ended ignores it.
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
