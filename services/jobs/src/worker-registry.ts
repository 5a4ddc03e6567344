import type { Redis } from '@pdf-tools/runtime/redis';
import { scriptRunner } from '@pdf-tools/runtime/redis-script';
import { timeboxed } from '@pdf-tools/runtime/timebox';
import { KEYS } from './keys.js';
import { SCRIPTS } from './scripts.js';
import type { ScriptName } from './scripts.js';

/** One child process of a worker; `job` is the id of the job it works on. */
export interface ChildDetails {
  readonly pid: number | null;
  /** Jobs it was given so far, the current one included. */
  readonly jobs: number;
  readonly rss_bytes: number;
  readonly job: string | null;
}

/** What keeps a worker's child processes from the file system: Landlock, or nothing but their user's rights. */
export type Sandbox = 'landlock' | 'none';

/** What a worker says of itself with each heartbeat. Times are milliseconds since the epoch. */
export interface WorkerDetails {
  readonly name: string;
  readonly host: string;
  readonly pid: number;
  readonly version: string;
  readonly started_at: number;
  readonly concurrency: number;
  readonly sandbox: Sandbox;
  /** Jobs that its children brought to an end since it started, good or bad. */
  readonly jobs_done: number;
  readonly children: readonly ChildDetails[];
}

/** A worker that was heard of lately; `details` is missing where they were lost. */
export interface LiveWorker {
  readonly name: string;
  readonly seenAt: number;
  readonly details: WorkerDetails | undefined;
}

/** A worker that was silent for longer is taken for dead. */
export const WORKER_SILENCE_MS = 30_000;

/** The live workers. Redis deletes the details of a worker that sends no more heartbeats. */
export class WorkerRegistry {
  readonly #run: ReturnType<typeof scriptRunner<ScriptName>>;

  constructor(private readonly redis: Redis) {
    this.#run = scriptRunner(redis, SCRIPTS);
  }

  /** Says that a worker is alive now, and how it is: one round trip. */
  async register(details: WorkerDetails): Promise<void> {
    await this.#run('registerWorker', details.name, Date.now(), JSON.stringify(details), WORKER_SILENCE_MS);
  }

  /** Forgets a worker that stops. */
  async unregister(name: string): Promise<void> {
    await timeboxed(this.redis.multi().zRem(KEYS.workers, name).del(detailsKey(name)).exec());
  }

  /** At most `limit` workers that were heard of within the last 30 s, by name. */
  async live(limit: number): Promise<LiveWorker[]> {
    const heard = await timeboxed(
      this.redis.zRangeByScoreWithScores(KEYS.workers, Date.now() - WORKER_SILENCE_MS, '+inf', {
        LIMIT: { offset: 0, count: limit },
      }),
    );
    if (heard.length === 0) return [];
    const texts = await timeboxed(this.redis.mGet(heard.map(({ value }) => detailsKey(value))));
    return heard
      .map(({ value, score }, i) => ({ name: value, seenAt: score, details: parse(texts[i]) }))
      .sort((a, b) => a.name.localeCompare(b.name));
  }

  /** What all live workers' children have in common: `none` where one is without, undefined where nobody lives. */
  async sandbox(limit: number): Promise<Sandbox | undefined> {
    const told = (await this.live(limit)).flatMap(({ details }) => details?.sandbox ?? []);
    if (told.length === 0) return undefined;
    return told.every((sandbox) => sandbox === 'landlock') ? 'landlock' : 'none';
  }
}

function detailsKey(name: string): string {
  return `${KEYS.worker}${name}`;
}

function parse(text: string | null | undefined): WorkerDetails | undefined {
  return text ? (JSON.parse(text) as WorkerDetails) : undefined;
}
