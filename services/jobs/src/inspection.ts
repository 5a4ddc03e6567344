import type { Redis } from '@pdf-tools/runtime/redis';
import { withTimeout } from '@pdf-tools/runtime/redis-timeout';
import { KEYS } from './keys.js';
import { SUMMARY_FIELDS, decodeSummary, isFinished } from './record.js';
import type { JobStatus, JobSummary } from './record.js';
import { completionsPerMinute } from './throughput.js';

export interface JobList {
  readonly jobs: readonly JobSummary[];
  /** False if there may be more. */
  readonly complete: boolean;
}

export interface JobCounts {
  readonly queued: number;
  readonly active: number;
  readonly finished: number;
  readonly deadLettered: number;
}

/** A job that failed permanently, and when it did. */
export interface DeadLetter {
  readonly job: JobSummary;
  readonly failedAt: number;
}

/** A job. `failedAt` is undefined unless it failed permanently. */
interface FoundJob {
  readonly job: JobSummary;
  readonly failedAt: number | undefined;
}

const PAGE = 500;
/** Finished jobs of all statuses share one index, so a search for one status reads at most this many. */
const MAX_FINISHED_READ = 5_000;
/** Jobs of an index that are searched for the beginning of an id. */
const MAX_JOBS_SEARCHED = 10_000;

/** Lists jobs for operators, from the indexes that the job scripts maintain. Every read is bounded. */
export class JobInspection {
  constructor(private readonly redis: Redis) {}

  /** Returns the number of jobs in each index. */
  async counts(): Promise<JobCounts> {
    const keys = [KEYS.queued, KEYS.active, KEYS.expiry, KEYS.deadLetters];
    const [queued = 0, active = 0, finished = 0, deadLettered = 0] = await withTimeout(
      Promise.all(keys.map((key) => this.redis.zCard(key))),
    );
    return { queued, active, finished, deadLettered };
  }

  /** Returns the ms that the oldest job has been in each state, 0 without a job. `now` is in ms since the epoch. */
  async oldest(now: number): Promise<Omit<JobCounts, 'finished'>> {
    const age = async (key: string): Promise<number> => {
      const [first] = await withTimeout(this.redis.zRangeWithScores(key, 0, 0));
      return Math.max(0, now - (first?.score ?? now));
    };
    const [queued, deadLettered, active] = await Promise.all([
      age(KEYS.queued),
      age(KEYS.deadLetters),
      this.#indexed(KEYS.active, PAGE),
    ]);
    const started = active.jobs.map(({ startedAt = now }) => startedAt);
    return { queued, active: Math.max(0, now - Math.min(now, ...started)), deadLettered };
  }

  /** Returns how many jobs end in a minute. `now` is in ms since the epoch. */
  async completionsPerMinute(now: number): Promise<number> {
    const completions = await withTimeout(this.redis.lRange(KEYS.completions, 0, -1));
    return completionsPerMinute(completions.map(Number), now);
  }

  /**
   * Returns at most `limit` jobs of a status, or of every status. Active jobs come first, then queued jobs in their order,
   * then finished jobs from the newest on.
   */
  async list(limit: number, status?: JobStatus): Promise<JobList> {
    const jobs: JobSummary[] = [];
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

  /** Returns at most `limit` dead-lettered jobs with the time of their failure, newest first. */
  async deadLetters(limit: number): Promise<DeadLetter[]> {
    const entries = await withTimeout(this.redis.zRangeWithScores(KEYS.deadLetters, 0, limit - 1, { REV: true }));
    const failedAt = new Map(entries.map(({ value, score }) => [value, score]));
    const jobs = await this.#read([...failedAt.keys()]);
    return jobs.map((job) => ({ job, failedAt: failedAt.get(job.id) ?? 0 }));
  }

  /** Returns at most `limit` jobs whose ids start with `prefix`. Searches the newest jobs of each index. */
  async find(prefix: string, limit: number): Promise<FoundJob[]> {
    const range = [0, MAX_JOBS_SEARCHED - 1, { REV: true }] as const;
    const keys = [KEYS.active, KEYS.queued, KEYS.expiry];
    const [deadLetters, ...indexes] = await withTimeout(
      Promise.all([
        this.redis.zRangeWithScores(KEYS.deadLetters, ...range),
        ...keys.map((key) => this.redis.zRange(key, ...range)),
      ]),
    );
    const failedAt = new Map(deadLetters.map(({ value, score }) => [value, score]));
    const ids = new Set([...failedAt.keys(), ...indexes.flat()].filter((id) => id.startsWith(prefix)));
    const jobs = await this.#read([...ids].slice(0, limit));
    return jobs.map((job) => ({ job, failedAt: failedAt.get(job.id) }));
  }

  /** Returns the ids of dead-lettered jobs that start with `prefix`. Two at most, which shows that it is ambiguous. */
  async findDeadLetters(prefix: string): Promise<string[]> {
    const range = [KEYS.deadLetters, 0, MAX_JOBS_SEARCHED - 1, { REV: true }] as const;
    const ids = await withTimeout(this.redis.zRange(...range));
    return ids.filter((id) => id.startsWith(prefix)).slice(0, 2);
  }

  async #indexed(key: string, limit: number): Promise<JobList> {
    const ids = await withTimeout(this.redis.zRange(key, 0, limit));
    return { jobs: await this.#read(ids.slice(0, limit)), complete: ids.length <= limit };
  }

  async #finished(limit: number, status: JobStatus | undefined): Promise<JobList> {
    const jobs: JobSummary[] = [];
    let complete = false;
    for (let start = 0; !complete && jobs.length <= limit && start < MAX_FINISHED_READ; start += PAGE) {
      const ids = await withTimeout(this.redis.zRange(KEYS.expiry, start, start + PAGE - 1, { REV: true }));
      const page = await this.#read(ids);
      jobs.push(...page.filter((job) => status === undefined || job.status === status));
      complete = ids.length < PAGE;
    }
    jobs.sort((a, b) => (b.finishedAt ?? 0) - (a.finishedAt ?? 0));
    return { jobs: jobs.slice(0, limit), complete: complete && jobs.length <= limit };
  }

  /** Returns the jobs of these ids that still have a record, in the same order. */
  async #read(ids: readonly string[]): Promise<JobSummary[]> {
    const rows = await withTimeout(
      Promise.all(ids.map((id) => this.redis.hmGet(`${KEYS.job}${id}`, [...SUMMARY_FIELDS]))),
    );
    return rows.flatMap((row) => decodeSummary(row) ?? []);
  }
}
