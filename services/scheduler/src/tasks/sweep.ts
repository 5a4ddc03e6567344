import { AppError } from '@pdf-tools/runtime/errors';
import { isJobId } from '@pdf-tools/jobs/store';
import type { JobStore } from '@pdf-tools/jobs/store';
import { shortId } from '@pdf-tools/runtime/logger';
import type { Logger } from '@pdf-tools/runtime/logger';
import type { Storage } from '@pdf-tools/runtime/storage';
import type { DELETION_REASONS, SchedulerMetrics } from '../metrics.js';
import type { Task } from '../task.js';

const BATCH = 500;
const HOUR_MS = 3_600_000;
/** Twice the longest upload. A folder that is older and has no record belongs to no job. */
const ORPHAN_AGE_MS = 30 * 60_000;
const ORPHAN_INTERVAL_MS = 5 * 60_000;
/** Folders this far past any retention are deleted even without Redis, so that a full disk can free itself. */
const OFFLINE_MARGIN_MS = 24 * HOUR_MS;

export interface SweepOptions {
  readonly store: JobStore;
  readonly storage: Storage;
  readonly log: Logger;
  readonly intervalMs: number;
  readonly fileMaxAgeHours: number;
  readonly queueMaxAgeHours: number;
  readonly metrics: Pick<SchedulerMetrics, 'deletions'>;
}

const QUEUED_TOO_LONG = new AppError('expired', 'The job was queued for too long and did not run.').toRecord();

/**
 * Deletes the files of jobs whose retention has ended, and fails jobs that were queued for too long. It never deletes the
 * inputs of an unfinished job.
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
        if (options.storage.isLocal) await sweepWithoutRedis(options, now);
        throw error;
      }
    },
  };
}

/** Deletes folders that belong to no job. It reads every folder, so it runs rarely. */
export function createOrphanSweep(options: SweepOptions): Task {
  return {
    name: 'sweep-orphans',
    intervalMs: Math.max(options.intervalMs, ORPHAN_INTERVAL_MS),
    run: async () => {
      const now = Date.now();
      const orphans = await sweepOrphans(options, now);
      return { orphans, unfinished: await options.storage.removeUnfinished(now - ORPHAN_AGE_MS) };
    },
  };
}

async function sweepExpired(options: SweepOptions): Promise<number> {
  const { store, storage } = options;
  const ids = await store.expired(BATCH);
  for (const id of ids) {
    await storage.removeJob(id);
    await store.expireResult(id);
    reportDeletion(options, id, 'expired');
  }
  return ids.length;
}

async function failOverdue(options: SweepOptions, now: number): Promise<number> {
  const { store, storage, queueMaxAgeHours } = options;
  const maxAgeMs = queueMaxAgeHours * HOUR_MS;
  let failed = 0;
  for (const id of await store.queuedBefore(now - maxAgeMs, BATCH)) {
    if (!(await store.expireQueued(id, maxAgeMs, QUEUED_TOO_LONG))) continue;
    await storage.removeJob(id);
    reportDeletion(options, id, 'queued too long');
    failed++;
  }
  return failed;
}

async function sweepOrphans(options: SweepOptions, now: number): Promise<number> {
  const { store, storage } = options;
  let removed = 0;
  for await (const { id, modified } of storage.jobFolders()) {
    if (modified > now - ORPHAN_AGE_MS) continue;
    if (isJobId(id) && (await store.get(id)) !== undefined) continue;
    await storage.removeJob(id);
    reportDeletion(options, id, 'no such job');
    removed++;
  }
  return removed;
}

/** Never rejects, because the caller reports why it runs. A rule of an object storage does the same for its files. */
async function sweepWithoutRedis(options: SweepOptions, now: number): Promise<void> {
  try {
    await deleteOldest(options, now);
  } catch (error) {
    options.log.warn('old files not deleted', { error });
  }
}

async function deleteOldest(options: SweepOptions, now: number): Promise<void> {
  const { storage, fileMaxAgeHours, queueMaxAgeHours } = options;
  const oldest = now - (fileMaxAgeHours + queueMaxAgeHours) * HOUR_MS - OFFLINE_MARGIN_MS;
  for await (const { id, modified } of storage.jobFolders()) {
    if (modified > oldest) continue;
    await storage.removeJob(id);
    reportDeletion(options, id, 'long past any retention');
  }
}

/** Writes the log line that audits search for; the api writes the same. Unusual reasons are warnings. */
function reportDeletion({ log, metrics }: SweepOptions, id: string, reason: (typeof DELETION_REASONS)[number]): void {
  metrics.deletions.inc({ reason });
  const usual = reason === 'expired' || reason === 'no such job';
  log[usual ? 'info' : 'warn']('files deleted', { job_id: shortId(id), reason });
}
