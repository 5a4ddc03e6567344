import type { JobRecord } from '@pdf-tools/jobs/record';
import type { JobStore } from '@pdf-tools/jobs/store';
import type { Logger } from '@pdf-tools/runtime/logger';

/** Redis syncs every write to its disk, and clients poll no faster than this. */
const INTERVAL_MS = 500;

/** Writes a run's latest progress to the job's record, at most twice a second. */
export class ProgressReporter {
  #latest: { percent: number; stage: string } | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly store: JobStore,
    private readonly job: JobRecord,
    private readonly log: Logger,
  ) {}

  report(percent: number, stage: string): void {
    this.#latest = { percent, stage };
    this.#timer ??= setTimeout(() => {
      this.#write();
    }, INTERVAL_MS);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #write(): void {
    this.#timer = undefined;
    if (!this.#latest) return;
    const { percent, stage } = this.#latest;
    this.store.progress(this.job.id, this.job.fence, percent, stage).catch((error: unknown) => {
      this.log.debug('progress not written', { error });
    });
  }
}
