import { setImmediate } from 'node:timers';
import { AppError } from '@pdf-tools/shared/errors';
import type { NewJob } from '@pdf-tools/shared/job-record';
import type { Backlog, Idempotency, JobStore } from '@pdf-tools/shared/job-store';
import { viewRecord } from '@pdf-tools/shared/job-view';
import type { JobView } from '@pdf-tools/shared/job-view';
import type { Logger } from '@pdf-tools/shared/logger';
import type { Doorbell } from '@pdf-tools/shared/queue';
import { orUnavailable } from '@pdf-tools/shared/redis';
import type { Storage } from '@pdf-tools/shared/storage';
import type { Findings } from '../health.js';

export interface AcceptDeps {
  readonly store: JobStore;
  readonly storage: Storage;
  readonly doorbell: Doorbell;
  readonly log: Logger;
}

/** How much may wait before new jobs are refused. */
export interface QueueLimits {
  readonly jobs: number;
  readonly bytes: number;
}

/** Refuses a call whose job could not be taken anyway, before its body is read. */
export function refuseEarly({ redis, disk, diskFull, backlog }: Findings, limits: QueueLimits): void {
  if (!redis)
    throw new AppError('redis_unavailable', 'The job store does not answer at the moment.', { retryAfter: 2 });
  if (!disk || diskFull)
    throw new AppError('disk_full', 'There is no room for uploads at the moment.', { retryAfter: 60 });
  const { queued, active, bytes } = backlog;
  if (queued + active >= limits.jobs || bytes >= limits.bytes)
    throw new AppError('queue_full', `${queued} jobs are waiting: no more are taken at the moment.`, {
      retryAfter: secondsToDrain(backlog),
    });
}

const DRAINED_SHARE = 0.1;
const UNKNOWN_PACE_SECONDS = 10;
const LONGEST_RETRY_SECONDS = 300;

/** When, at the pace of late, a tenth of what waits will be done. */
export function secondsToDrain({ queued, msPerJob }: Pick<Backlog, 'queued' | 'msPerJob'>): number {
  if (msPerJob === undefined) return UNKNOWN_PACE_SECONDS;
  const seconds = Math.ceil((queued * DRAINED_SHARE * msPerJob) / 1_000);
  return Math.min(LONGEST_RETRY_SECONDS, Math.max(1, seconds));
}

/** The job that answers a call: the new one, or the one that an earlier call with the same key has made. */
export interface AcceptedJob {
  readonly id: string;
  readonly replayed: boolean;
  /** The new job as it was accepted. */
  readonly view: JobView | undefined;
}

/**
 * Makes a job of an upload: from the moment this returns it survives every crash. A repetition's upload is removed,
 * also where its key stands for another call, which is `idempotency_conflict`. Rejects with `redis_unavailable`; the
 * upload is gone then, unless Redis may have taken the job without saying so: that one is the sweep's.
 */
export async function acceptJob(
  job: NewJob,
  idempotency: Idempotency | undefined,
  deps: AcceptDeps,
): Promise<AcceptedJob> {
  const storing = storeJob(job, idempotency, deps);
  // Right behind the job, not after its answer: a worker hears of it a sync of Redis earlier. The Redis client sends at
  // the end of this turn of the event loop, so that the ring goes out then too.
  setImmediate(ring, job.id, deps);
  const acceptance = await storing;
  if (acceptance.outcome !== 'accepted') await deps.storage.removeUploads(job.id);
  if (!('id' in acceptance)) throw conflict();
  const { id, outcome } = acceptance;
  if (outcome === 'accepted') return { id, replayed: false, view: viewRecord(acceptance.job, acceptance.position) };
  // The process that took the job may have died before it rang.
  ring(id, deps);
  return { id, replayed: true, view: undefined };
}

/** Whoever reconciles rings again: a ring that fails, or overtakes its job, costs seconds, not the job. */
function ring(id: string, { doorbell, log }: AcceptDeps): void {
  doorbell.ring(id, '0').catch((error: unknown) => {
    log.debug('could not ring for a job', { error });
  });
}

async function storeJob(job: NewJob, idempotency: Idempotency | undefined, { store, storage }: AcceptDeps) {
  try {
    const acceptance = await store.accept(job, idempotency);
    if (acceptance.outcome === 'taken') throw new Error('the new job’s id is taken');
    return acceptance;
  } catch (error) {
    if (!isOutcomeUnknown(error)) await storage.removeUploads(job.id);
    return orUnavailable(Promise.reject(error instanceof Error ? error : new Error('not accepted')));
  }
}

function conflict(): AppError {
  return new AppError(
    'idempotency_conflict',
    'This Idempotency-Key was used for another call: with other parameters or other files.',
  );
}

/** The Redis client's errors after which a command has surely done nothing; it exports no way to tell otherwise. */
const REFUSALS: ReadonlySet<string> = new Set(['ClientOfflineError', 'ClientClosedError', 'ErrorReply', 'SimpleError']);

/** Any other error may have come after the command: late, or on a connection that broke. */
function isOutcomeUnknown(error: unknown): boolean {
  return !(error instanceof Error) || !REFUSALS.has(error.constructor.name);
}
