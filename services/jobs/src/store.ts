import { randomBytes } from 'node:crypto';
import type { ErrorRecord } from '@pdf-tools/runtime/errors';
import { readHeadroom, UNLIMITED } from './admission.js';
import type { AdmissionLimits, Headroom, Refusal } from './admission.js';
import { KEYS } from './keys.js';
import { newJobFields, parseJobRecord, weigh } from './record.js';
import type { JobRecord, JobResult, NewJob } from './record.js';
import { SCRIPTS } from './scripts.js';
import type { ScriptName } from './scripts.js';
import { msPerJob } from './throughput.js';
import { UNITS_PER_TURN } from './lanes.js';
import type { Lane } from './lanes.js';
import type { Redis } from '@pdf-tools/runtime/redis';
import { scriptRunner } from '@pdf-tools/runtime/redis-script';
import { timeboxed } from '@pdf-tools/runtime/timebox';
import { WORKER_SILENCE_MS } from './worker-registry.js';

/** A new unguessable job id: 160 random bits as 40 hexadecimal digits. */
export function newJobId(): string {
  return randomBytes(20).toString('hex');
}

const ID = /^[0-9a-f]{40}$/;

/** True for a string that can be a job id. Anything else is an unknown job without asking Redis. */
export function isJobId(text: string): boolean {
  return ID.test(text);
}

/** What is left of an expired job. */
export interface Tombstone {
  readonly owner: string;
  readonly expiresAt: number;
}

export interface Backlog {
  /** Jobs that wait, and the bytes of their inputs. */
  readonly queued: number;
  readonly bytes: number;
  /** Jobs that are worked on. */
  readonly active: number;
  /** Time between two ends of jobs lately; undefined before the second. */
  readonly msPerJob: number | undefined;
}

/** What a call asks to be done only once: a hash of the client's key in its scope, and one of all that it asks for. */
export interface Idempotency {
  readonly key: string;
  readonly fingerprint: string;
}

/**
 * `accepted`: with the record and how many jobs of its lane wait before it. `replayed`: an earlier call with the same key
 * made the job. `conflict`: it asked for something else. `refused`: there is no room for the job.
 */
export type Acceptance =
  | { readonly outcome: 'accepted'; readonly id: string; readonly job: JobRecord; readonly position: number }
  | { readonly outcome: 'replayed'; readonly id: string }
  | { readonly outcome: 'refused'; readonly reason: Refusal }
  | { readonly outcome: 'conflict' | 'taken' };

/**
 * The job records in Redis and every change they can go through. Each method is one atomic script or one read. A Redis
 * that is away rejects with the client's error, one that does not answer within 2 s with `NoAnswer`.
 */
export class JobStore {
  readonly #run: ReturnType<typeof scriptRunner<ScriptName>>;

  constructor(private readonly redis: Redis) {
    this.#run = scriptRunner(redis, SCRIPTS);
  }

  /**
   * Stores a new job as `queued` within the limits, unless an earlier one answers for its idempotency key. Once it has
   * answered, the job survives a crash of Redis.
   */
  async accept(
    job: NewJob,
    idempotency: Idempotency = { key: '', fingerprint: '' },
    limits: AdmissionLimits = UNLIMITED,
  ): Promise<Acceptance> {
    const { key, fingerprint } = idempotency;
    const { bytes, cost } = weigh(job);
    const bounds = [limits.jobs, limits.bytes, limits.clientJobs, limits.clientBytes];
    const asked = [job.id, key, fingerprint, job.client, bytes, ...bounds, cost];
    const reply = await this.#run('accept', ...asked, ...newJobFields(job));
    const [outcome, detail, position, ...pairs] = reply as [Acceptance['outcome'], string, number, ...string[]];
    if (outcome === 'accepted') return { outcome, id: detail, position, job: recordOf(pairs) };
    if (outcome === 'refused') return { outcome, reason: detail as Refusal };
    return outcome === 'replayed' ? { outcome, id: detail } : { outcome };
  }

  async get(id: string): Promise<JobRecord | undefined> {
    const hash = await timeboxed(this.redis.hGetAll(`${KEYS.job}${id}`));
    return hash.id === undefined ? undefined : parseJobRecord(hash);
  }

  /** How many jobs of its lane wait before this one: 0 for the next in line, undefined where it does not wait. */
  async position({ id, lane }: Pick<JobRecord, 'id' | 'lane'>): Promise<number | undefined> {
    return (await timeboxed(this.redis.zRank(`${KEYS.lane}${lane}`, id))) ?? undefined;
  }

  async tombstone(id: string): Promise<Tombstone | undefined> {
    const text = await timeboxed(this.redis.get(`${KEYS.tombstone}${id}`));
    if (text === null) return undefined;
    const { owner, expires_at } = JSON.parse(text) as { owner: string; expires_at: number };
    return { owner, expiresAt: expires_at };
  }

  /**
   * Takes the job whose turn it is in these lanes for `leaseMs`; `unfit` if jobs wait that may not be taken now. `atWork`:
   * clients of the jobs that this worker runs, of which the one with the fewest is served first. `except`: a client of
   * whom no job is taken; with `exceptIfAlone` false, only while another client has unfinished jobs.
   */
  async claim(options: {
    worker: string;
    leaseMs: number;
    lanes: readonly Lane[];
    atWork?: readonly string[];
    except?: string;
    exceptIfAlone?: boolean;
  }): Promise<JobRecord | 'none' | 'unfit'> {
    const { worker, leaseMs, lanes, atWork = [], except = '', exceptIfAlone = true } = options;
    const alone = Number(exceptIfAlone);
    const reply = await this.#run('claim', lanes.join(','), worker, leaseMs, atWork.join(','), except, alone);
    const [outcome, ...pairs] = reply as string[];
    if (outcome !== 'claimed') return outcome === 'none-in-lane' ? 'unfit' : 'none';
    return recordOf(pairs);
  }

  /** Puts a job back whose worker let the lease run out, or gives it up when that has happened too often. */
  async recover(id: string, maxInterruptions: number, error: ErrorRecord): Promise<'queued' | 'failed' | 'kept'> {
    return (await this.#run('recover', id, maxInterruptions, JSON.stringify(error))) as 'queued' | 'failed' | 'kept';
  }

  /** Prolongs a lease. False: it is lost, and whatever the holder makes must be thrown away. */
  async renew(id: string, fence: number, leaseMs: number): Promise<boolean> {
    return (await this.#run('renew', id, fence, leaseMs)) === 1;
  }

  async progress(id: string, fence: number, percent: number, stage: string): Promise<boolean> {
    return (await this.#run('progress', id, fence, Math.round(percent), stage)) === 1;
  }

  /**
   * Ends a job with its result, whose file must be whole and synced by now. `unknownUnits`: what it worked on beyond what
   * was known when it was accepted; its client pays for that with its next jobs. False if the fence is stale.
   */
  async succeed(id: string, fence: number, result: JobResult, unknownUnits = 0): Promise<boolean> {
    const cost = unknownUnits / UNITS_PER_TURN;
    return (await this.#run('finish', id, fence, 'succeeded', 'result', JSON.stringify(result), cost)) === 1;
  }

  /** Ends a job with an error. False: somebody else has the say. */
  async fail(id: string, fence: number, error: ErrorRecord): Promise<boolean> {
    return (await this.#run('finish', id, fence, 'failed', 'error', JSON.stringify(error), 0)) === 1;
  }

  /** After a crash of the work: `queued` for another try, `failed` where `maxAttempts` are used up, `lost` otherwise. */
  async crashed(
    id: string,
    fence: number,
    maxAttempts: number,
    error: ErrorRecord,
  ): Promise<'queued' | 'failed' | 'lost'> {
    return (await this.#run('failAttempt', id, fence, maxAttempts, JSON.stringify(error))) as
      'queued' | 'failed' | 'lost';
  }

  /** Hands a claimed job back so that another worker can take it at once. */
  async release(id: string, fence: number): Promise<boolean> {
    return (await this.#run('release', id, fence)) === 1;
  }

  /**
   * Has a claimed job that met a fault of its host tried again in `delayMs`, which counts as no attempt; undefined
   * gives it up. `stage` says what it waits for.
   */
  async postpone(
    { id, fence }: Pick<JobRecord, 'id' | 'fence'>,
    delayMs: number | undefined,
    stage: string,
    error: ErrorRecord,
  ): Promise<'queued' | 'failed' | 'lost'> {
    const outcome = await this.#run('defer', id, fence, delayMs ?? '', stage, JSON.stringify(error));
    return outcome as 'queued' | 'failed' | 'lost';
  }

  /** Lets postponed jobs be claimed whose time has come, and returns their ids: nobody has rung for them. */
  async wake(limit: number): Promise<string[]> {
    return (await this.#run('promoteDelayed', limit)) as string[];
  }

  async cancel(id: string): Promise<'cancelled' | 'finished' | 'missing'> {
    return (await this.#run('cancel', id)) as 'cancelled' | 'finished' | 'missing';
  }

  /** Forgets a job whatever its state, and the webhook that it may owe unless that is kept. */
  async remove(id: string, { keepWebhook = false } = {}): Promise<void> {
    await this.#run('remove', id, keepWebhook ? 1 : 0);
  }

  /** What waits and is at work, and the time between two ends of jobs lately. */
  async backlog(): Promise<Backlog> {
    const [queued, active, bytes, completions] = await timeboxed(
      Promise.all([
        this.redis.zCard(KEYS.queued),
        this.redis.zCard(KEYS.active),
        this.redis.get(KEYS.queuedBytes),
        this.redis.lRange(KEYS.completions, 0, -1),
      ]),
    );
    return { queued, active, bytes: Number(bytes ?? 0), msPerJob: msPerJob(completions.map(Number)) };
  }

  /** What is left for new jobs: Redis's memory, and what each client has. */
  async headroom(): Promise<Headroom> {
    return readHeadroom(this.redis);
  }

  /** Counts each client's unfinished jobs anew if the counts do not add up. Returns whether it did. */
  async recountClients(): Promise<boolean> {
    return (await this.#run('recountClients')) === 1;
  }

  /** Number of workers that were alive within the last 30 s; the others are forgotten. */
  async liveWorkers(): Promise<number> {
    await timeboxed(this.redis.zRemRangeByScore(KEYS.workers, '-inf', Date.now() - WORKER_SILENCE_MS));
    return timeboxed(this.redis.zCard(KEYS.workers));
  }

  /** Ids of jobs whose retention is over, oldest first. */
  async expired(limit: number): Promise<string[]> {
    return timeboxed(this.redis.zRangeByScore(KEYS.expiry, '-inf', Date.now(), { LIMIT: { offset: 0, count: limit } }));
  }

  /** Replaces an expired job's record by a tombstone. False where it is not due yet. */
  async bury(id: string): Promise<boolean> {
    return (await this.#run('expireResult', id)) === 1;
  }

  /** Ids of jobs that wait since before `time` (ms since the epoch), oldest first. */
  async queuedBefore(time: number, limit: number): Promise<string[]> {
    return timeboxed(this.redis.zRangeByScore(KEYS.queued, '-inf', time, { LIMIT: { offset: 0, count: limit } }));
  }

  /** Fails a job that has waited longer than `maxAgeMs`. False where it has not. */
  async expireQueued(id: string, maxAgeMs: number, error: ErrorRecord): Promise<boolean> {
    return (await this.#run('expireQueued', id, maxAgeMs, JSON.stringify(error))) === 1;
  }

  /** Names of the workers that have running jobs. */
  async holders(): Promise<string[]> {
    return (await this.#run('leaseHolders')) as string[];
  }

  /**
   * Ends the leases of a worker that is known to be dead, so that its jobs are put back without waiting for that. Returns
   * how many.
   */
  async abandon(worker: string): Promise<number> {
    return (await this.#run('releaseLeasesOf', worker)) as number;
  }

  /** Ids of jobs whose worker has not renewed its lease in time. */
  async abandoned(limit: number): Promise<string[]> {
    return (await this.#run('stalled', limit)) as string[];
  }

  /**
   * Puts a dead job back into the queue; its inputs must still be there. `missing`: it is not among the dead. `shrunk`: its
   * record has lost its parameters, since too many others were dead-lettered after it.
   */
  async retry(id: string): Promise<'queued' | 'missing' | 'expired' | 'shrunk'> {
    return (await this.#run('retry', id)) as 'queued' | 'missing' | 'expired' | 'shrunk';
  }
}

/** A record from its names and values in turn. */
function recordOf(pairs: readonly string[]): JobRecord {
  const hash: Record<string, string> = {};
  for (let i = 0; i + 1 < pairs.length; i += 2) hash[pairs[i] ?? ''] = pairs[i + 1] ?? '';
  return parseJobRecord(hash);
}
