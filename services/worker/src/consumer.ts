import { openLanes } from '@pdf-tools/shared/lanes';
import type { Lane } from '@pdf-tools/shared/lanes';
import type { JobRecord } from '@pdf-tools/shared/job-record';
import type { Doorbell, Doorkeeper } from '@pdf-tools/shared/queue';
import { JobRun } from './job-runner.js';
import type { RunnerDeps } from './job-runner.js';
import { LEASE_MS } from './lease.js';

export interface ConsumerOptions {
  readonly worker: string;
  /** Jobs at a time; the pool has one process more, for a small job. */
  readonly concurrency: number;
}

/** After a claim that Redis did not answer. */
const LOOK_AGAIN_MS = 1_000;

/**
 * Answers rings: for each it claims the job whose turn it is (which is not always the one that was rung for) and starts
 * a run, as many at a time as there is room for. Nobody rings for a worker without room: it looks by itself when it has
 * some again.
 */
export class Consumer {
  readonly #runs = new Map<string, JobRun>();
  /** Rings that no claim has answered yet. */
  #rings = 0;
  /** Jobs may wait that nobody rings for: look when there is room. So it is at the start, too. */
  #owing = true;
  #claiming = false;
  #changed: (() => void) | undefined;
  #closing = false;

  constructor(
    private readonly deps: RunnerDeps,
    private readonly options: ConsumerOptions,
    private readonly doorkeeper: Doorkeeper,
    private readonly doorbell: Doorbell,
  ) {}

  start(): void {
    void this.#claimAll();
    this.doorkeeper.listen(() => this.#answer());
  }

  /** Whether one more job of some kind could be worked on. */
  get hasRoom(): boolean {
    return !this.#closing && this.#openLanes().length > 0;
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
    while (this.#runs.size > 0 || this.#claiming) await this.#nextChange();
    clearTimeout(deadline);
  }

  /** Ends when there is room for one more: until then the next ring stays where another worker can take it. */
  async #answer(): Promise<void> {
    this.#rings++;
    void this.#claimAll();
    while (!this.#closing && this.#atWork().length + this.#rings > this.options.concurrency) await this.#nextChange();
  }

  #atWork(): Lane[] {
    return this.runs.filter((run) => run.atWork).map((run) => run.job.lane);
  }

  /** Lanes of which a job could be taken beside those at work and one more of `another`. */
  #openLanes(...another: Lane[]): readonly Lane[] {
    return openLanes([...this.#atWork(), ...another], this.options.concurrency);
  }

  /** Claims while there are rings to answer, or jobs owed, and room for them. One claim at a time. */
  async #claimAll(): Promise<void> {
    if (this.#claiming) return;
    this.#claiming = true;
    for (;;) {
      const lanes = this.#openLanes();
      if (this.#closing || lanes.length === 0 || (this.#rings === 0 && !this.#owing)) break;
      const lastLanes = lanes.filter((lane) => this.#openLanes(lane).length === 0);
      const claimed = await this.#claim(lanes, lastLanes);
      this.#rings = Math.max(0, this.#rings - 1);
      if (claimed === 'unfit' || claimed === 'unknown') {
        this.#owing = true;
        this.#rings = 0;
        break;
      }
      if (claimed === 'none') this.#owing = false;
      else {
        this.#start(claimed);
        if (lastLanes.includes(claimed.lane)) this.#owing = true;
      }
    }
    this.#claiming = false;
    this.#changed?.();
  }

  async #claim(lanes: readonly Lane[], lastLanes: readonly Lane[]): Promise<JobRecord | 'none' | 'unfit' | 'unknown'> {
    try {
      return await this.deps.store.claim({ worker: this.options.worker, leaseMs: LEASE_MS, lanes, lastLanes });
    } catch (error) {
      // Whether somebody still rings for this worker is not known. A job that was claimed unseen comes back with its lease.
      this.deps.log.warn('no job claimed', { error });
      setTimeout(() => void this.#claimAll(), LOOK_AGAIN_MS);
      return 'unknown';
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
