import { randomBytes } from 'node:crypto';
import type { ErrorRecord } from '@pdf-tools/runtime/errors';
import type { Redis } from '@pdf-tools/runtime/redis';
import { scriptRunner } from '@pdf-tools/runtime/redis-script';
import { withTimeout } from '@pdf-tools/runtime/redis-timeout';
import { readHeadroom, UNLIMITED } from './admission.js';
import type { AdmissionLimits, Headroom, Refusal } from './admission.js';
import { KEYS } from './keys.js';
import { UNITS_PER_TURN, storedLane } from './lanes.js';
import type { Lane } from './lanes.js';
import { encodeNewJob, weigh } from './new-job.js';
import type { NewJob } from './new-job.js';
import { decodeRecord, decodeTombstone, hashOf } from './record.js';
import type { JobRecord, JobResult, Tombstone } from './record.js';
import { SCRIPTS } from './scripts.js';
import type { ScriptName } from './scripts.js';
import { msPerJob } from './throughput.js';
import { WORKER_SILENCE_MS } from './worker-registry.js';

/** Returns a new unguessable job id: 160 random bits as 40 hexadecimal digits. */
export function newJobId(): string {
  return randomBytes(20).toString('hex');
}

const ID = /^[0-9a-f]{40}$/;

/** Whether a string can be a job id. Any other string is an unknown job, without asking Redis. */
export function isJobId(text: string): boolean {
  return ID.test(text);
}

export interface Backlog {
  /** Queued jobs, and the bytes of their inputs. */
  readonly queued: number;
  readonly bytes: number;
  /** Running jobs. */
  readonly active: number;
  /** Average time between the last completions, undefined before the second. */
  readonly msPerJob: number | undefined;
}

/** Identifies a request that must make only one job, by a hash of the client's key in its scope and one of the request. */
export interface Idempotency {
  readonly key: string;
  readonly fingerprint: string;
}

/**
 * `accepted` comes with the record and the number of jobs before it in its lane. `replayed` names the job of an earlier
 * request with the same key, `conflict` means that the earlier request was a different one, and `taken` that the id is in use.
 */
export type Acceptance =
  | { readonly outcome: 'accepted'; readonly id: string; readonly job: JobRecord; readonly position: number }
  | { readonly outcome: 'replayed'; readonly id: string }
  | { readonly outcome: 'refused'; readonly reason: Refusal }
  | { readonly outcome: 'conflict' | 'taken' };

/** What a worker may claim. */
export interface ClaimOptions {
  readonly worker: string;
  readonly leaseMs: number;
  readonly lanes: readonly Lane[];
  /** Clients of the jobs that the worker runs. The client with the fewest of them is served first. */
  readonly running?: readonly string[];
  /** Client that gets no further slot. */
  readonly except?: string;
  /** False if that client may have the slot while no other client has unfinished jobs. */
  readonly exceptIfAlone?: boolean;
  /** Client that is served first among those with as few running jobs. */
  readonly preferred?: string;
  /** Jobs that the worker runs at a time. If it then has no room for the rest, another worker is notified. */
  readonly concurrency?: number;
}

/** `none` means that the queue is empty, and `none-in-lane` that no queued job may be claimed now. */
export type Claim = JobRecord | 'none' | 'none-in-lane';

/** A claim, and whether other jobs may be claimed after it. */
export interface ClaimReply {
  readonly claim: Claim;
  /** `one-client` means that all unfinished jobs are one client's. */
  readonly rest: 'none' | 'one-client' | 'some';
}

/** Whether the job of an ended run is queued again, has failed permanently, or belongs to another run. */
export type RunOutcome = 'queued' | 'failed' | 'lost';

/**
 * The job records in Redis and their transitions. Each method is one atomic script or one read. It rejects with the
 * client's error if Redis is unavailable, and with `RedisTimeout` if Redis does not answer within 2 s.
 */
export class JobStore {
  readonly #run: ReturnType<typeof scriptRunner<ScriptName>>;

  constructor(private readonly redis: Redis) {
    this.#run = scriptRunner(redis, SCRIPTS);
  }

  /**
   * Stores a new job as queued, within the limits, unless an earlier request with the same idempotency key made one. Once
   * this resolves, the job survives a crash of Redis.
   */
  async accept(
    job: NewJob,
    idempotency: Idempotency = { key: '', fingerprint: '' },
    limits: AdmissionLimits = UNLIMITED,
  ): Promise<Acceptance> {
    const { key, fingerprint } = idempotency;
    const { bytes, cost } = weigh(job);
    const bounds = [limits.jobs, limits.bytes, limits.clientJobs, limits.clientBytes];
    const args = [job.id, key, fingerprint, job.client, bytes, ...bounds, cost, ...encodeNewJob(job)];
    const reply = await this.#run('accept', ...args);
    const [outcome, detail, position, ...pairs] = reply as [Acceptance['outcome'], string, number, ...string[]];
    if (outcome === 'accepted') return { outcome, id: detail, position, job: decodeRecord(hashOf(pairs)) };
    if (outcome === 'refused') return { outcome, reason: detail as Refusal };
    return outcome === 'replayed' ? { outcome, id: detail } : { outcome };
  }

  async get(id: string): Promise<JobRecord | undefined> {
    const hash = await withTimeout(this.redis.hGetAll(`${KEYS.job}${id}`));
    return hash.id === undefined ? undefined : decodeRecord(hash);
  }

  /** Returns the number of jobs before this one in its lane, undefined if it is not queued. */
  async position({ id, lane }: Pick<JobRecord, 'id' | 'lane'>): Promise<number | undefined> {
    return (await withTimeout(this.redis.zRank(`${KEYS.lane}${storedLane(lane)}`, id))) ?? undefined;
  }

  async tombstone(id: string): Promise<Tombstone | undefined> {
    const text = await withTimeout(this.redis.get(`${KEYS.tombstone}${id}`));
    return text === null ? undefined : decodeTombstone(text);
  }

  /** Claims the next job of these lanes for `leaseMs`. */
  async claim(options: ClaimOptions): Promise<ClaimReply> {
    const { worker, leaseMs, lanes, running = [], except = '', exceptIfAlone = true } = options;
    const { preferred = '', concurrency = 1 } = options;
    const stored = lanes.map((lane) => storedLane(lane)).join(',');
    const limits = [running.join(','), except, Number(exceptIfAlone), preferred, concurrency];
    const reply = await this.#run('claim', stored, worker, leaseMs, ...limits);
    const [outcome, rest, ...pairs] = reply as ['claimed', ClaimReply['rest'], ...string[]] | ['none' | 'none-in-lane'];
    if (outcome === 'claimed') return { claim: decodeRecord(hashOf(pairs)), rest };
    return { claim: outcome, rest: outcome === 'none' ? 'none' : 'some' };
  }

  /** Requeues a stalled job, or dead-letters it if it has stalled `maxStalled` times before. */
  async recover(id: string, maxStalled: number, error: ErrorRecord): Promise<'queued' | 'failed' | 'kept'> {
    return (await this.#run('recover', id, maxStalled, JSON.stringify(error))) as 'queued' | 'failed' | 'kept';
  }

  /** Renews a lease. If this returns false, the lease is lost and the holder must discard its output. */
  async renew(id: string, fence: number, leaseMs: number): Promise<boolean> {
    return (await this.#run('renew', id, fence, leaseMs)) === 1;
  }

  /** Stores and publishes the progress of a run. Returns false if the fence is stale. */
  async progress(id: string, fence: number, percent: number, stage: string): Promise<boolean> {
    return (await this.#run('progress', id, fence, Math.round(percent), stage)) === 1;
  }

  /**
   * Ends a job with its result, whose file must be complete and synced. `unknownUnits` is how many more units the job had
   * than was known when it was accepted; its client pays for them with its next jobs. Returns false if the fence is stale.
   */
  async succeed(id: string, fence: number, result: JobResult, unknownUnits = 0): Promise<boolean> {
    const cost = unknownUnits / UNITS_PER_TURN;
    return (await this.#run('finish', id, fence, 'succeeded', 'result', JSON.stringify(result), cost)) === 1;
  }

  /** Ends a job with an error. Returns false if the fence is stale. */
  async fail(id: string, fence: number, error: ErrorRecord): Promise<boolean> {
    return (await this.#run('finish', id, fence, 'failed', 'error', JSON.stringify(error), 0)) === 1;
  }

  /** Ends an attempt whose child process crashed, and the job too if that was attempt `maxAttempts`. */
  async failAttempt(id: string, fence: number, maxAttempts: number, error: ErrorRecord): Promise<RunOutcome> {
    return (await this.#run('failAttempt', id, fence, maxAttempts, JSON.stringify(error))) as RunOutcome;
  }

  /** Hands a claimed job back, so that another worker can claim it at once. Returns false if the fence is stale. */
  async release(id: string, fence: number): Promise<boolean> {
    return (await this.#run('release', id, fence)) === 1;
  }

  /**
   * Defers a claimed job by `delayMs` after a fault of its host, without counting an attempt. If `delayMs` is undefined,
   * the job is dead-lettered. Clients see `stage` meanwhile.
   */
  async defer(
    { id, fence }: Pick<JobRecord, 'id' | 'fence'>,
    delayMs: number | undefined,
    stage: string,
    error: ErrorRecord,
  ): Promise<RunOutcome> {
    return (await this.#run('defer', id, fence, delayMs ?? '', stage, JSON.stringify(error))) as RunOutcome;
  }

  /** Makes deferred jobs claimable that are due, and notifies workers. Returns their number. */
  async promoteDelayed(limit: number): Promise<number> {
    return (await this.#run('promoteDelayed', limit)) as number;
  }

  /**
   * Notifies a worker if claimable jobs wait without a notification. Returns the number of jobs, up to `limit`, that have
   * waited for more than `ms`, 0 if a notification is waiting.
   */
  async notifyOverdue(ms: number, limit: number): Promise<number> {
    return (await this.#run('notifyOverdue', ms, limit)) as number;
  }

  async cancel(id: string): Promise<'cancelled' | 'finished' | 'missing'> {
    return (await this.#run('cancel', id)) as 'cancelled' | 'finished' | 'missing';
  }

  /** Deletes a job in any state, and its pending webhook unless that is kept. */
  async remove(id: string, { keepWebhook = false } = {}): Promise<void> {
    await this.#run('remove', id, keepWebhook ? 1 : 0);
  }

  /** Returns the size of the queue, the number of running jobs and the throughput. */
  async backlog(): Promise<Backlog> {
    const [queued, active, bytes, completions] = await withTimeout(
      Promise.all([
        this.redis.zCard(KEYS.queued),
        this.redis.zCard(KEYS.active),
        this.redis.get(KEYS.queuedBytes),
        this.redis.lRange(KEYS.completions, 0, -1),
      ]),
    );
    return { queued, active, bytes: Number(bytes ?? 0), msPerJob: msPerJob(completions.map(Number)) };
  }

  /** Returns the memory that Redis uses and the unfinished jobs of each client. */
  async headroom(): Promise<Headroom> {
    return readHeadroom(this.redis);
  }

  /** Corrects the stored counts of each client's unfinished jobs. Returns whether they were wrong. */
  async recountClients(): Promise<boolean> {
    return (await this.#run('recountClients')) === 1;
  }

  /** Returns the number of workers with a heartbeat in the last 30 s, and forgets the others. */
  async liveWorkers(): Promise<number> {
    await withTimeout(this.redis.zRemRangeByScore(KEYS.workers, '-inf', Date.now() - WORKER_SILENCE_MS));
    return withTimeout(this.redis.zCard(KEYS.workers));
  }

  /** Returns ids of jobs whose retention has ended, oldest first. */
  async expired(limit: number): Promise<string[]> {
    return this.#idsBefore(KEYS.expiry, Date.now(), limit);
  }

  /** Replaces the record of an expired job by a tombstone. Returns false if the retention has not ended. */
  async expireResult(id: string): Promise<boolean> {
    return (await this.#run('expireResult', id)) === 1;
  }

  /** Returns ids of jobs queued since before `time` (ms since the epoch), oldest first. */
  async queuedBefore(time: number, limit: number): Promise<string[]> {
    return this.#idsBefore(KEYS.queued, time, limit);
  }

  /** Fails a job that has been queued for longer than `maxAgeMs`. Returns false if it has not. */
  async expireQueued(id: string, maxAgeMs: number, error: ErrorRecord): Promise<boolean> {
    return (await this.#run('expireQueued', id, maxAgeMs, JSON.stringify(error))) === 1;
  }

  /** Returns the names of the workers that hold leases. */
  async leaseHolders(): Promise<string[]> {
    return (await this.#run('leaseHolders')) as string[];
  }

  /** Ends the leases of a worker that is known to be dead, so that its jobs count as stalled. Returns how many. */
  async releaseLeasesOf(worker: string): Promise<number> {
    return (await this.#run('releaseLeasesOf', worker)) as number;
  }

  /** Returns ids of stalled jobs, whose workers have not renewed the lease in time. */
  async stalled(limit: number): Promise<string[]> {
    return (await this.#run('stalled', limit)) as string[];
  }

  /**
   * Requeues a dead-lettered job, whose inputs must still exist. `missing` means that the job is not
   * dead-lettered, and `shrunk` that too many later dead letters made its record lose its parameters.
   */
  async retry(id: string): Promise<'queued' | 'missing' | 'expired' | 'shrunk'> {
    return (await this.#run('retry', id)) as 'queued' | 'missing' | 'expired' | 'shrunk';
  }

  #idsBefore(index: string, time: number, limit: number): Promise<string[]> {
    return withTimeout(this.redis.zRangeByScore(index, '-inf', time, { LIMIT: { offset: 0, count: limit } }));
  }
}
