import type { JobEvents } from '@pdf-tools/jobs/events';
import { isFinished } from '@pdf-tools/jobs/record';
import type { JobRecord } from '@pdf-tools/jobs/record';
import type { JobStore } from '@pdf-tools/jobs/store';
import type { Logger } from '@pdf-tools/runtime/logger';
import { setTimeout as sleep } from 'node:timers/promises';

const LOOK_AGAIN_MS = 500;

/** How a wait went: the finished job, its disappearance, or that it goes on. */
export type WaitOutcome = JobRecord | 'gone' | 'unfinished';

/** Waits for jobs to end by the events that are pushed to this process: nothing is asked again and again. */
export class JobWaiter {
  readonly #watches = new Set<JobWatch>();

  constructor(
    private readonly store: Pick<JobStore, 'get'>,
    private readonly events: Pick<JobEvents, 'onJob'>,
    private readonly log: Logger,
  ) {}

  /** Begins to listen for a job that is about to be accepted. The caller closes the watch. */
  watch(id: string): JobWatch {
    const watch = new JobWatch(id, this.store, this.log, () => {
      this.#watches.delete(watch);
      stop();
    });
    const stop = this.events.onJob(id, (event) => {
      if (!event || !ONGOING.has(event.status)) watch.look();
    });
    this.#watches.add(watch);
    return watch;
  }

  /** Ends every wait that is under way as `unfinished`. */
  giveUp(): void {
    for (const watch of [...this.#watches]) watch.giveUp();
  }
}

const ONGOING: ReadonlySet<string> = new Set(['queued', 'active']);

/** One wait. */
export class JobWatch {
  #resolve: ((outcome: WaitOutcome) => void) | undefined;
  #timer: NodeJS.Timeout | undefined;
  #mayHaveEnded = false;
  #isReading = false;
  #isOver = false;

  constructor(
    private readonly id: string,
    private readonly store: Pick<JobStore, 'get'>,
    private readonly log: Logger,
    private readonly release: () => void,
  ) {}

  /** Resolves when the job has ended, or after `ms` milliseconds. Called once, after the job was accepted. */
  ended(ms: number): Promise<WaitOutcome> {
    return new Promise((resolve) => {
      if (this.#isOver) {
        resolve('unfinished');
        return;
      }
      this.#resolve = resolve;
      this.#timer = setTimeout(() => {
        this.giveUp();
      }, ms);
      if (this.#mayHaveEnded) void this.#read();
    });
  }

  /** The job may have ended: reads its record, and again where nobody can say just now, as no second event will come. */
  look(): void {
    this.#mayHaveEnded = true;
    if (this.#resolve && !this.#isReading) void this.#read();
  }

  giveUp(): void {
    this.#settle('unfinished');
  }

  close(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.release();
  }

  async #read(): Promise<void> {
    this.#isReading = true;
    while (this.#mayHaveEnded && !this.#isOver) {
      this.#mayHaveEnded = false;
      try {
        const job = await this.store.get(this.id);
        if (!job) this.#settle('gone');
        else if (isFinished(job.status)) this.#settle(job);
      } catch (error) {
        this.log.debug('could not read a job that is waited for', { error });
        this.#mayHaveEnded = true;
        await sleep(LOOK_AGAIN_MS);
      }
    }
    this.#isReading = false;
  }

  #settle(outcome: WaitOutcome): void {
    this.#isOver = true;
    this.#resolve?.(outcome);
  }
}
