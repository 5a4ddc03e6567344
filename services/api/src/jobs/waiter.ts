import type { JobEvents } from '@pdf-tools/jobs/events';
import { isFinished } from '@pdf-tools/jobs/record';
import type { JobRecord } from '@pdf-tools/jobs/record';
import type { JobStore } from '@pdf-tools/jobs/store';
import type { Logger } from '@pdf-tools/runtime/logger';
import { setTimeout as sleep } from 'node:timers/promises';

const READ_AGAIN_MS = 500;

/** The outcome of a wait, which is the finished job, `gone` if it was deleted, or `unfinished`. */
export type WaitOutcome = JobRecord | 'gone' | 'unfinished';

/** Waits for jobs to end by events, without polling. */
export class JobWaiter {
  readonly #watches = new Set<JobWatch>();

  constructor(
    private readonly store: Pick<JobStore, 'get'>,
    private readonly events: Pick<JobEvents, 'onJob'>,
    private readonly log: Logger,
  ) {}

  /** Starts to listen for a job before it is accepted. The caller closes the watch. */
  watch(id: string): JobWatch {
    const watch = new JobWatch(id, this.store, this.log, () => {
      this.#watches.delete(watch);
      stop();
    });
    const stop = this.events.onJob(id, (event) => {
      if (!event || !ONGOING.has(event.status)) watch.check(event?.record);
    });
    this.#watches.add(watch);
    return watch;
  }

  /** Ends every running wait as `unfinished`. */
  stopWaiting(): void {
    for (const watch of [...this.#watches]) watch.stopWaiting();
  }
}

const ONGOING: ReadonlySet<string> = new Set(['queued', 'active']);

/** One wait. */
export class JobWatch {
  #resolve: ((outcome: WaitOutcome) => void) | undefined;
  #timer: NodeJS.Timeout | undefined;
  #mayHaveEnded = false;
  /** The record of the event that reported the end. */
  #ended: JobRecord | undefined;
  #isReading = false;
  #isOver = false;

  constructor(
    private readonly id: string,
    private readonly store: Pick<JobStore, 'get'>,
    private readonly log: Logger,
    private readonly release: () => void,
  ) {}

  /** Resolves when the job ends, or after `ms` milliseconds. Must be called once, after the job was accepted. */
  ended(ms: number): Promise<WaitOutcome> {
    return new Promise((resolve) => {
      if (this.#isOver) {
        resolve('unfinished');
        return;
      }
      this.#resolve = resolve;
      this.#timer = setTimeout(() => {
        this.stopWaiting();
      }, ms);
      if (this.#ended) this.#settle(this.#ended);
      else if (this.#mayHaveEnded) void this.#read();
    });
  }

  /**
   * Ends the wait with the record of an event. Without one it reads the record because the job may have ended. It retries
   * if Redis does not answer, since no second event comes.
   */
  check(ended?: JobRecord): void {
    this.#mayHaveEnded = true;
    this.#ended = ended;
    if (this.#resolve && ended) {
      this.#settle(ended);
      return;
    }
    if (this.#resolve && !this.#isReading) void this.#read();
  }

  stopWaiting(): void {
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
        this.log.debug('job not read', { error });
        this.#mayHaveEnded = true;
        await sleep(READ_AGAIN_MS);
      }
    }
    this.#isReading = false;
  }

  #settle(outcome: WaitOutcome): void {
    this.#isOver = true;
    this.#resolve?.(outcome);
  }
}
