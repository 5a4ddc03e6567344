import { AppError } from '@pdf-tools/runtime/errors';
import { MAX_MEMORY_SHARE } from '@pdf-tools/jobs/admission';
import type { AdmissionLimits, Refusal } from '@pdf-tools/jobs/admission';
import { MAX_RECORD_BYTES, recordBytes } from '@pdf-tools/jobs/new-job';
import type { NewJob } from '@pdf-tools/jobs/new-job';
import type { Backlog, Idempotency, JobStore } from '@pdf-tools/jobs/store';
import { viewRecord } from '@pdf-tools/jobs/view';
import type { JobView } from '@pdf-tools/jobs/view';
import type { Logger } from '@pdf-tools/runtime/logger';
import { orUnavailable, redisUnavailable } from '@pdf-tools/runtime/redis';
import type { Storage } from '@pdf-tools/runtime/storage';
import { storageUnavailable } from '@pdf-tools/runtime/storage-errors';
import type { Findings, Health } from '../health.js';
import { diskFull } from '../upload/disk-budget.js';
import { removeUpload } from './file-removal.js';

export interface AcceptDeps {
  readonly store: JobStore;
  readonly storage: Storage;
  readonly health: Pick<Health, 'check'>;
  readonly queueLimits: AdmissionLimits;
  /** Resolves when enough replicas of Redis have the last write. */
  readonly replicated: () => Promise<void>;
  readonly log: Logger;
}

/** What is known about the sender of a request before its body is read. */
export interface Caller {
  readonly client: string;
  /** Whether the request has an Idempotency-Key. It may repeat a request whose job counts towards the client's limits. */
  readonly keyed: boolean;
}

/**
 * Refuses a request before its body is read if its job could not be accepted. The accept script applies the limits of one
 * client to a keyed request, because it looks for the earlier job first.
 */
export function refuseEarly(findings: Findings, limits: AdmissionLimits, caller: Caller): void {
  const { redis, disk, storage, diskFull: isDiskFull, backlog } = findings;
  if (!redis) throw redisUnavailable();
  if (!storage) throw storageUnavailable();
  if (!disk || isDiskFull) throw diskFull();
  const reason = exceeded(findings, limits, caller);
  if (reason) throw refusedFor(reason, limits, backlog);
}

/** Returns the limit for which the accept script would refuse a job now. */
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

const CLIENT_REMEDY = 'Wait until some of them end, or cancel some with DELETE /api/jobs/{id}.';

/** Returns the error for a job that exceeds a limit. It names the limit and the remedy. */
function refusedFor(reason: Refusal, limits: AdmissionLimits, backlog: Backlog): AppError {
  const retryAfter = secondsToDrain(backlog);
  const later = `Try again in ${retryAfter} s.`;
  const full = (detail: string, limit: number, what: string) =>
    new AppError('queue_full', detail, {
      retryAfter,
      errors: [{ limit, message: `must be at most ${limit} ${what}` }],
    });
  const serverFull = (limit: number, what: string) =>
    full(`The queue of this server is full at its limit of ${limit} ${what}. ${later}`, limit, what);
  const clientFull = (limit: number, what: string) =>
    full(`The limit of one client is ${limit} ${what}. ${CLIENT_REMEDY}`, limit, what);
  switch (reason) {
    case 'memory': {
      const share = `${MAX_MEMORY_SHARE * 100} %`;
      return new AppError('overloaded', `The job store has used ${share} of its memory. ${later}`, { retryAfter });
    }
    case 'jobs':
      return serverFull(limits.jobs, 'jobs');
    case 'bytes':
      return serverFull(limits.bytes, 'bytes');
    case 'client_jobs':
      return clientFull(limits.clientJobs, 'unfinished jobs');
    case 'client_bytes':
      return clientFull(limits.clientBytes, 'bytes of unfinished jobs');
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

/** Returns the parameter that takes the most bytes. */
function longestOf(params: NewJob['params']): string {
  const sizes = Object.entries(params).map(([name, value]) => [name, JSON.stringify(value).length] as const);
  return sizes.sort(([, left], [, right]) => right - left)[0]?.[0] ?? '';
}

const DRAINED_SHARE = 0.1;
const UNKNOWN_THROUGHPUT_SECONDS = 10;
const MAX_RETRY_SECONDS = 300;

/** Returns the seconds until a tenth of the queued jobs is done at the recent throughput, from 1 to 300. */
export function secondsToDrain({ queued, msPerJob }: Pick<Backlog, 'queued' | 'msPerJob'>): number {
  if (msPerJob === undefined) return UNKNOWN_THROUGHPUT_SECONDS;
  const seconds = Math.ceil((queued * DRAINED_SHARE * msPerJob) / 1_000);
  return Math.min(MAX_RETRY_SECONDS, Math.max(1, seconds));
}

/** The job of a request. It is new, or an earlier request with the same key created it. */
export interface AcceptedJob {
  readonly id: string;
  readonly replayed: boolean;
  /** The new job as it was accepted. */
  readonly view: JobView | undefined;
}

/**
 * Creates a job from an upload. Once this resolves, the job survives every crash. Rejects with `idempotency_conflict`,
 * `queue_full`, `overloaded` or `redis_unavailable`. The upload is removed if no job was created. If Redis may have stored
 * the job without a reply, the sweep decides later.
 */
export async function acceptJob(
  job: NewJob,
  idempotency: Idempotency | undefined,
  deps: AcceptDeps,
): Promise<AcceptedJob> {
  const acceptance = await storeJob(job, idempotency, deps);
  if (acceptance.outcome !== 'accepted') await removeUpload(job.id, deps);
  if (acceptance.outcome === 'refused') {
    const { backlog } = await deps.health.check();
    throw refusedFor(acceptance.reason, deps.queueLimits, backlog);
  }
  if (!('id' in acceptance)) throw conflict();
  // If this fails, the job stays. A client that repeats the request with the same Idempotency-Key gets it.
  await orUnavailable(deps.replicated());
  const { id, outcome } = acceptance;
  if (outcome === 'accepted') return { id, replayed: false, view: viewRecord(acceptance.job, acceptance.position) };
  return { id, replayed: true, view: undefined };
}

async function storeJob(job: NewJob, idempotency: Idempotency | undefined, deps: AcceptDeps) {
  try {
    const acceptance = await deps.store.accept(job, idempotency, deps.queueLimits);
    if (acceptance.outcome === 'taken') throw new Error('the new job’s id is taken');
    return acceptance;
  } catch (error) {
    if (!isOutcomeUnknown(error)) await removeUpload(job.id, deps);
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

/** Errors of the Redis client after which a command has certainly done nothing. The client exports no classes for them. */
const REFUSALS: ReadonlySet<string> = new Set(['ClientOfflineError', 'ClientClosedError', 'ErrorReply', 'SimpleError']);

/** Whether Redis may have run the command before the error, such as a timeout or a broken connection. */
function isOutcomeUnknown(error: unknown): boolean {
  return !(error instanceof Error) || !REFUSALS.has(error.constructor.name);
}
