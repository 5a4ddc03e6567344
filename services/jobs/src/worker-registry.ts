import type { Redis } from '@pdf-tools/runtime/redis';
import { scriptRunner } from '@pdf-tools/runtime/redis-script';
import { withTimeout } from '@pdf-tools/runtime/redis-timeout';
import { KEYS } from './keys.js';
import { SCRIPTS } from './scripts.js';
import type { ScriptName } from './scripts.js';

/** One child process of a worker. */
export interface ChildDetails {
  readonly pid: number | null;
  /** Jobs it has been given, including the current one. */
  readonly jobs: number;
  readonly rss_bytes: number;
  /** Id of the current job. */
  readonly job: string | null;
}

/** How a worker confines its child processes, by Landlock or only by the permissions of their user. */
export type Sandbox = 'landlock' | 'none';

/** What a worker reports with each heartbeat. Times are milliseconds since the epoch. */
export interface WorkerDetails {
  readonly name: string;
  readonly host: string;
  readonly pid: number;
  readonly version: string;
  readonly started_at: number;
  readonly concurrency: number;
  readonly sandbox: Sandbox;
  /** Jobs that its children have ended since it started, successfully or not. */
  readonly jobs_done: number;
  readonly children: readonly ChildDetails[];
}

/** A worker with a recent heartbeat. `details` is undefined if Redis has lost them. */
export interface LiveWorker {
  readonly name: string;
  readonly seenAt: number;
  readonly details: WorkerDetails | undefined;
}

/** A worker without a heartbeat for this long counts as dead. */
export const WORKER_SILENCE_MS = 30_000;

/** The live workers. Redis deletes the details of a worker that sends no more heartbeats. */
export class WorkerRegistry {
  readonly #run: ReturnType<typeof scriptRunner<ScriptName>>;

  constructor(private readonly redis: Redis) {
    this.#run = scriptRunner(redis, SCRIPTS);
  }

  /** Stores a heartbeat with the worker's details, in one round trip. */
  async register(details: WorkerDetails): Promise<void> {
    await this.#run('registerWorker', details.name, Date.now(), JSON.stringify(details), WORKER_SILENCE_MS);
  }

  /** Removes a worker that shuts down. */
  async unregister(name: string): Promise<void> {
    await withTimeout(this.redis.multi().zRem(KEYS.workers, name).del(detailsKey(name)).exec());
  }

  /** Returns at most `limit` workers with a heartbeat in the last 30 s, by name. */
  async live(limit: number): Promise<LiveWorker[]> {
    const recent = await withTimeout(
      this.redis.zRangeByScoreWithScores(KEYS.workers, Date.now() - WORKER_SILENCE_MS, '+inf', {
        LIMIT: { offset: 0, count: limit },
      }),
    );
    if (recent.length === 0) return [];
    const texts = await withTimeout(this.redis.mGet(recent.map(({ value }) => detailsKey(value))));
    return recent
      .map(({ value, score }, i) => ({ name: value, seenAt: score, details: parse(texts[i]) }))
      .sort((a, b) => a.name.localeCompare(b.name));
  }

  /** Returns `landlock` if every live worker confines its children so, otherwise `none`; undefined without workers. */
  async sandbox(limit: number): Promise<Sandbox | undefined> {
    const reported = (await this.live(limit)).flatMap(({ details }) => details?.sandbox ?? []);
    if (reported.length === 0) return undefined;
    return reported.every((sandbox) => sandbox === 'landlock') ? 'landlock' : 'none';
  }
}

function detailsKey(name: string): string {
  return `${KEYS.worker}${name}`;
}

function parse(text: string | null | undefined): WorkerDetails | undefined {
  return text ? (JSON.parse(text) as WorkerDetails) : undefined;
}
