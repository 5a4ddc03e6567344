import { AppError } from '@pdf-tools/shared/errors';
import { isJobId } from '@pdf-tools/shared/job-store';
import type { JobStore } from '@pdf-tools/shared/job-store';
import { shortId } from '@pdf-tools/shared/logger';
import type { Logger } from '@pdf-tools/shared/logger';
import type { Storage } from '@pdf-tools/shared/storage';
import type { Task } from '../task.js';

const BATCH = 500;
const HOUR_MS = 3_600_000;
/** An upload ends within 15 minutes: a folder that nobody wrote to for twice that and that no record names is left over. */
const ORPHAN_AGE_MS = 30 * 60_000;
const ORPHAN_INTERVAL_MS = 5 * 60_000;
/** Folders this far past any retention go even when Redis cannot be asked, so that a full disk can free itself. */
const UNASKED_MARGIN_MS = 24 * HOUR_MS;

export interface SweepOptions {
  readonly store: JobStore;
  readonly storage: Storage;
  readonly log: Logger;
  readonly intervalMs: number;
  readonly fileMaxAgeHours: number;
  readonly queueMaxAgeHours: number;
}

const WAITED_TOO_LONG = new AppError('expired', 'The job waited longer than a job may and was given up.').toRecord();

/**
 * Deletes what has served its time: files of jobs whose retention is over (counted from the job's end) and of jobs that
 * waited too long. The inputs of a job that has not ended are never touched.
 */
export function createSweep(options: SweepOptions): Task {
  return {
    name: 'sweep',
    intervalMs: options.intervalMs,
    run: async () => {
      const now = Date.now();
      try {
        const expired = await sweepExpired(options);
        const overdue = await failOverdue(options, now);
        return { expired, overdue };
      } catch (error) {
        await sweepUnasked(options, now);
        throw error;
      }
    },
  };
}

/** Deletes folders that belong to no job. It looks at every folder, so that it runs seldom. */
export function createOrphanSweep(options: SweepOptions): Task {
  return {
    name: 'sweep-orphans',
    intervalMs: Math.max(options.intervalMs, ORPHAN_INTERVAL_MS),
    run: async () => ({ orphans: await sweepOrphans(options, Date.now()) }),
  };
}

async function sweepExpired({ store, storage, log }: SweepOptions): Promise<number> {
  const ids = await store.expired(BATCH);
  for (const id of ids) {
    storage.removeJob(id);
    await store.bury(id);
    log.info('files deleted', { job: shortId(id), reason: 'expired' });
  }
  return ids.length;
}

async function failOverdue({ store, storage, log, queueMaxAgeHours }: SweepOptions, now: number): Promise<number> {
  const maxAgeMs = queueMaxAgeHours * HOUR_MS;
  let failed = 0;
  for (const id of await store.queuedBefore(now - maxAgeMs, BATCH)) {
    if (!(await store.expireQueued(id, maxAgeMs, WAITED_TOO_LONG))) continue;
    storage.removeJob(id);
    log.warn('files deleted', { job: shortId(id), reason: 'queued too long' });
    failed++;
  }
  return failed;
}

async function sweepOrphans({ store, storage, log }: SweepOptions, now: number): Promise<number> {
  let removed = 0;
  for await (const { id, modified } of storage.jobFolders()) {
    if (modified > now - ORPHAN_AGE_MS) continue;
    if (isJobId(id) && (await store.get(id)) !== undefined) continue;
    storage.removeJob(id);
    log.info('files deleted', { job: shortId(id), reason: 'no such job' });
    removed++;
  }
  return removed;
}

async function sweepUnasked(
  { storage, log, fileMaxAgeHours, queueMaxAgeHours }: SweepOptions,
  now: number,
): Promise<void> {
  const oldest = now - (fileMaxAgeHours + queueMaxAgeHours) * HOUR_MS - UNASKED_MARGIN_MS;
  for await (const { id, modified } of storage.jobFolders()) {
    if (modified > oldest) continue;
    storage.removeJob(id);
    log.warn('files deleted', { job: shortId(id), reason: 'long past any retention' });
  }
}
