import { isFinished } from './record.js';
import type { JobStatus } from './record.js';
import type { Redis } from '@pdf-tools/runtime/redis';
import { KEYS } from './keys.js';
import { completionsPerMinute } from './throughput.js';
import { timeboxed } from '@pdf-tools/runtime/timebox';

/** What an operator sees of a job. Times are milliseconds since the epoch. Parameters and file names are not part of it. */
export interface InspectedJob {
  readonly id: string;
  readonly operation: string;
  readonly status: JobStatus;
  readonly stage: string;
  readonly percent: number;
  readonly attempts: number;
  readonly interruptions: number;
  /** Name of the worker that has it. */
  readonly worker: string | undefined;
  readonly owner: string;
  readonly requestId: string;
  readonly inputs: { readonly files: number; readonly bytes: number };
  /** Its parameters are dropped: it cannot be requeued. */
  readonly shrunk: boolean;
  readonly createdAt: number;
  readonly startedAt: number | undefined;
  readonly finishedAt: number | undefined;
  readonly expiresAt: number | undefined;
  readonly error: { readonly code: string; readonly detail: string } | undefined;
}

export interface JobList {
  readonly jobs: readonly InspectedJob[];
  /** False where there may be more. */
  readonly complete: boolean;
}

export interface JobCounts {
  readonly queued: number;
  readonly active: number;
  readonly finished: number;
  readonly dead: number;
}

const FIELDS = [
  ...['id', 'operation', 'status', 'stage', 'percent', 'attempts', 'interruptions', 'worker', 'owner', 'request_id'],
  ...['inputs', 'input_count', 'shrunk', 'created_at', 'started_at', 'finished_at', 'expires_at', 'error'],
] as const;

const PAGE = 500;
/** Finished jobs of all statuses share an index: so many of them are looked at for those of one status. */
const MOST_LOOKED_AT = 5_000;
/** Dead jobs that are searched for the beginning of an id. */
const MOST_SEARCHED = 10_000;

/** Reads lists of jobs from the indexes that the job scripts keep; every read is bounded. */
export class JobInspection {
  constructor(private readonly redis: Redis) {}

  /** How many jobs there are in each index. */
  async counts(): Promise<JobCounts> {
    const keys = [KEYS.queued, KEYS.active, KEYS.expiry, KEYS.deadLetters];
    const [queued = 0, active = 0, finished = 0, dead = 0] = await timeboxed(
      Promise.all(keys.map((key) => this.redis.zCard(key))),
    );
    return { queued, active, finished, dead };
  }

  /** For how many ms the oldest job has waited, been at work, been dead; 0 where there is none. `now`: ms since the epoch. */
  async oldest(now: number): Promise<{ readonly queued: number; readonly active: number; readonly dead: number }> {
    const since = async (key: string): Promise<number> => {
      const [first] = await timeboxed(this.redis.zRangeWithScores(key, 0, 0));
      return Math.max(0, now - (first?.score ?? now));
    };
    const [queued, dead, active] = await Promise.all([
      since(KEYS.queued),
      since(KEYS.deadLetters),
      this.#indexed(KEYS.active, PAGE),
    ]);
    const begun = active.jobs.map(({ startedAt = now }) => startedAt);
    return { queued, active: Math.max(0, now - Math.min(now, ...begun)), dead };
  }

  /** How many jobs have ended within the last minute; of many the pace of the last ones. `now`: ms since the epoch. */
  async endsPerMinute(now: number): Promise<number> {
    return completionsPerMinute((await timeboxed(this.redis.lRange(KEYS.completions, 0, -1))).map(Number), now);
  }

  /** At most `limit` jobs of a status, or of all: the active ones, the waiting ones in their order, the ended ones, newest first. */
  async list(limit: number, status?: JobStatus): Promise<JobList> {
    const jobs: InspectedJob[] = [];
    let complete = true;
    const parts = [
      ...(status === undefined || status === 'active' ? [() => this.#indexed(KEYS.active, limit)] : []),
      ...(status === undefined || status === 'queued' ? [() => this.#indexed(KEYS.queued, limit)] : []),
      ...(status === undefined || isFinished(status) ? [() => this.#finished(limit, status)] : []),
    ];
    for (const part of parts) {
      if (jobs.length > limit) break;
      const found = await part();
      jobs.push(...found.jobs);
      complete &&= found.complete;
    }
    return { jobs: jobs.slice(0, limit), complete: complete && jobs.length <= limit };
  }

  /** At most `limit` jobs that were given up, the last one first, with the time of that. */
  async dead(limit: number): Promise<{ readonly job: InspectedJob; readonly deadAt: number }[]> {
    const entries = await timeboxed(this.redis.zRangeWithScores(KEYS.deadLetters, 0, limit - 1, { REV: true }));
    const diedAt = new Map(entries.map(({ value, score }) => [value, score]));
    const jobs = await this.#read([...diedAt.keys()]);
    return jobs.map((job) => ({ job, deadAt: diedAt.get(job.id) ?? 0 }));
  }

  /** Ids of the dead jobs that begin so; two at most, which is one too many. */
  async findDead(beginning: string): Promise<string[]> {
    const ids = await timeboxed(this.redis.zRange(KEYS.deadLetters, 0, MOST_SEARCHED - 1, { REV: true }));
    return ids.filter((id) => id.startsWith(beginning)).slice(0, 2);
  }

  async #indexed(key: string, limit: number): Promise<JobList> {
    const ids = await timeboxed(this.redis.zRange(key, 0, limit));
    return { jobs: await this.#read(ids.slice(0, limit)), complete: ids.length <= limit };
  }

  async #finished(limit: number, status: JobStatus | undefined): Promise<JobList> {
    const jobs: InspectedJob[] = [];
    let complete = false;
    for (let start = 0; !complete && jobs.length <= limit && start < MOST_LOOKED_AT; start += PAGE) {
      const ids = await timeboxed(this.redis.zRange(KEYS.expiry, start, start + PAGE - 1, { REV: true }));
      const page = await this.#read(ids);
      jobs.push(...page.filter((job) => status === undefined || job.status === status));
      complete = ids.length < PAGE;
    }
    jobs.sort((a, b) => (b.finishedAt ?? 0) - (a.finishedAt ?? 0));
    return { jobs: jobs.slice(0, limit), complete: complete && jobs.length <= limit };
  }

  /** The jobs of these ids that still have a record, in the same order. */
  async #read(ids: readonly string[]): Promise<InspectedJob[]> {
    const rows = await timeboxed(Promise.all(ids.map((id) => this.redis.hmGet(`${KEYS.job}${id}`, [...FIELDS]))));
    return rows.flatMap((row) => (row[0] ? [fromRow(row)] : []));
  }
}

function fromRow(row: readonly (string | null)[]): InspectedJob {
  const value = (field: (typeof FIELDS)[number]): string => row[FIELDS.indexOf(field)] ?? '';
  const time = (field: (typeof FIELDS)[number]): number | undefined => Number(value(field)) || undefined;
  return {
    id: value('id'),
    operation: value('operation'),
    status: value('status') as JobStatus,
    stage: value('stage'),
    percent: Number(value('percent')),
    attempts: Number(value('attempts')),
    interruptions: Number(value('interruptions')),
    worker: value('worker') || undefined,
    owner: value('owner'),
    requestId: value('request_id'),
    inputs: sumInputs(value('inputs'), Number(value('input_count'))),
    shrunk: value('shrunk') === '1',
    createdAt: Number(value('created_at')),
    startedAt: time('started_at'),
    finishedAt: time('finished_at'),
    expiresAt: time('expires_at'),
    error: readError(value('error')),
  };
}

/** `count` is 0 in records of an earlier release. */
function sumInputs(text: string, count: number): InspectedJob['inputs'] {
  const inputs = JSON.parse(text || '[]') as readonly { readonly bytes: number }[];
  return { files: count || inputs.length, bytes: inputs.reduce((sum, { bytes }) => sum + bytes, 0) };
}

function readError(text: string): InspectedJob['error'] {
  if (text === '') return undefined;
  const { code, detail } = JSON.parse(text) as { code: string; detail: string };
  return { code, detail };
}
