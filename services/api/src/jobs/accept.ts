import { setImmediate } from 'node:timers';
import { AppError } from '@pdf-tools/runtime/errors';
import { MAX_MEMORY_SHARE } from '@pdf-tools/jobs/admission';
import type { AdmissionLimits, Refusal } from '@pdf-tools/jobs/admission';
import { MAX_RECORD_BYTES, recordBytes } from '@pdf-tools/jobs/new-job';
import type { NewJob } from '@pdf-tools/jobs/new-job';
import type { Backlog, Idempotency, JobStore } from '@pdf-tools/jobs/store';
import { viewRecord } from '@pdf-tools/jobs/view';
import type { JobView } from '@pdf-tools/jobs/view';
import type { Logger } from '@pdf-tools/runtime/logger';
import type { JobNotifier } from '@pdf-tools/jobs/notifier';
import { orUnavailable, redisUnavailable } from '@pdf-tools/runtime/redis';
import type { Storage } from '@pdf-tools/runtime/storage';
import type { Findings, Health } from '../health.js';
import { diskFull } from '../upload/disk-budget.js';

export interface AcceptDeps {
  readonly store: JobStore;
  readonly storage: Storage;
  readonly notifier: JobNotifier;
  readonly health: Pick<Health, 'check'>;
  readonly queueLimits: AdmissionLimits;
  readonly log: Logger;
}

/** Who calls, as far as that is known before the body is read. */
export interface Caller {
  readonly client: string;
  /** Whether the call has an Idempotency-Key: it may repeat a call whose job counts towards the client's limits. */
  readonly keyed: boolean;
}

/**
 * Refuses a call whose job could not be taken anyway, before its body is read. The accept script applies the limits of
 * one client to a keyed call, because it looks for the earlier job first.
 */
export function refuseEarly(findings: Findings, limits: AdmissionLimits, caller: Caller): void {
  const { redis, disk, diskFull: isDiskFull, backlog } = findings;
  if (!redis) throw redisUnavailable();
  if (!disk || isDiskFull) throw diskFull();
  const reason = exceeded(findings, limits, caller);
  if (reason) throw refusedFor(reason, limits, backlog);
}

/** What the accept script would refuse a job for, as far as it is known now. */
function exceeded(
  { backlog: { queued, active, bytes }, headroom }: Findings,
  limits: AdmissionLimits,
  { client, keyed }: Caller,
): Refusal | undefined {
  const used = keyed ? undefined : headroom.clients.get(client);
  const reached = (limit: number, value: number): boolean => limit > 0 && value >= limit;
  if (headroom.memoryShare >= MAX_MEMORY_SHARE) return 'memory';
  if (reached(limits.jobs, queued + active)) return 'jobs';
  if (reached(limits.bytes, bytes)) return 'bytes';
  if (used && reached(limits.clientJobs, used.jobs)) return 'client_jobs';
  return used && reached(limits.clientBytes, used.bytes) ? 'client_bytes' : undefined;
}

const OWN_LIMIT = 'Wait until some of them end, or cancel some with DELETE /api/jobs/{id}.';

/** The error for a job that there is no room for: which limit it was, and what to do. */
function refusedFor(reason: Refusal, limits: AdmissionLimits, backlog: Backlog): AppError {
  const retryAfter = secondsToDrain(backlog);
  const later = `Try again in ${retryAfter} s.`;
  const full = (detail: string, limit: number, what: string) =>
    new AppError('queue_full', detail, {
      retryAfter,
      errors: [{ limit, message: `must be at most ${limit} ${what}` }],
    });
  const all = (limit: number, what: string) =>
    full(`The queue of this server is full at its limit of ${limit} ${what}. ${later}`, limit, what);
  const own = (limit: number, what: string) =>
    full(`The limit of one client is ${limit} ${what}. ${OWN_LIMIT}`, limit, what);
  switch (reason) {
    case 'memory': {
      const share = `${MAX_MEMORY_SHARE * 100} %`;
      return new AppError('overloaded', `The job store has used ${share} of its memory. ${later}`, { retryAfter });
    }
    case 'jobs':
      return all(limits.jobs, 'jobs');
    case 'bytes':
      return all(limits.bytes, 'bytes');
    case 'client_jobs':
      return own(limits.clientJobs, 'unfinished jobs');
    case 'client_bytes':
      return own(limits.clientBytes, 'bytes of unfinished jobs');
  }
}

/** Refuses a job whose record would be too large for Redis. */
export function refuseLargeRecord(job: Pick<NewJob, 'params' | 'inputs'>): void {
  const bytes = recordBytes(job);
  const total = bytes.params + bytes.inputs;
  if (total <= MAX_RECORD_BYTES) return;
  const param = bytes.params > bytes.inputs ? longestOf(job.params) : 'files';
  const message = param === 'files' ? 'must be fewer or have shorter names' : 'must be shorter';
  throw new AppError(
    'invalid_params',
    `The parameters and file names of a job are limited to ${MAX_RECORD_BYTES} bytes as JSON, and these have ${total}. ` +
      `"${param}" ${message}.`,
    { errors: [{ param, limit: MAX_RECORD_BYTES, message }] },
  );
}

/** The parameter that takes the most bytes. */
function longestOf(params: NewJob['params']): string {
  const sizes = Object.entries(params).map(([name, value]) => [name, JSON.stringify(value).length] as const);
  return sizes.sort(([, left], [, right]) => right - left)[0]?.[0] ?? '';
}

const DRAINED_SHARE = 0.1;
const UNKNOWN_THROUGHPUT_SECONDS = 10;
const MAX_RETRY_SECONDS = 300;

/** When, at the pace of late, a tenth of what waits will be done. */
export function secondsToDrain({ queued, msPerJob }: Pick<Backlog, 'queued' | 'msPerJob'>): number {
  if (msPerJob === undefined) return UNKNOWN_THROUGHPUT_SECONDS;
  const seconds = Math.ceil((queued * DRAINED_SHARE * msPerJob) / 1_000);
  return Math.min(MAX_RETRY_SECONDS, Math.max(1, seconds));
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
 * also where its key stands for another call, which is `idempotency_conflict`. Rejects with `queue_full`, `overloaded` or
 * `redis_unavailable`; the upload is gone then, unless Redis may have taken the job without saying so: that one is the sweep's.
 */
export async function acceptJob(
  job: NewJob,
  idempotency: Idempotency | undefined,
  deps: AcceptDeps,
): Promise<AcceptedJob> {
  const storing = storeJob(job, idempotency, deps);
  // Sent right after the job instead of after its reply, so that a worker gets it one fsync of Redis earlier. The Redis
  // client sends at the end of this turn of the event loop.
  const notify = (jobId: string): void => void deps.notifier.notify({ id: jobId, fence: 0 });
  setImmediate(notify, job.id);
  const acceptance = await storing;
  if (acceptance.outcome !== 'accepted') await deps.storage.removeUploads(job.id);
  if (acceptance.outcome === 'refused') {
    const { backlog } = await deps.health.check();
    throw refusedFor(acceptance.reason, deps.queueLimits, backlog);
  }
  if (!('id' in acceptance)) throw conflict();
  const { id, outcome } = acceptance;
  if (outcome === 'accepted') return { id, replayed: false, view: viewRecord(acceptance.job, acceptance.position) };
  // The process that accepted the job may have died before it notified a worker.
  notify(id);
  return { id, replayed: true, view: undefined };
}

async function storeJob(
  job: NewJob,
  idempotency: Idempotency | undefined,
  { store, storage, queueLimits }: AcceptDeps,
) {
  try {
    const acceptance = await store.accept(job, idempotency, queueLimits);
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
    'This Idempotency-Key was used for a request with other parameters or files. Send another key for this request.',
    { errors: [{ param: 'Idempotency-Key', message: 'must be new for each different request' }] },
  );
}

/** The Redis client's errors after which a command has surely done nothing; it exports no way to tell otherwise. */
const REFUSALS: ReadonlySet<string> = new Set(['ClientOfflineError', 'ClientClosedError', 'ErrorReply', 'SimpleError']);

/** Any other error may have come after the command: late, or on a connection that broke. */
function isOutcomeUnknown(error: unknown): boolean {
  return !(error instanceof Error) || !REFUSALS.has(error.constructor.name);
}
