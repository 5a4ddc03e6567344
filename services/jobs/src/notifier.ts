import { createRequire } from 'node:module';
import BeeQueue from 'bee-queue';
import type { Logger } from '@pdf-tools/runtime/logger';
import type { RedisSettings } from '@pdf-tools/runtime/redis';
import { NOTIFICATION_QUEUE } from './keys.js';

/**
 * bee-queue carries `{ id }` from whoever accepted a job to a worker that has room: a doorbell. All that matters lies
 * in the job's record, so that a ring may be lost or doubled. The only importer of bee-queue.
 */

const STALL_INTERVAL_MS = 30_000;
const LONGEST_RECONNECT_MS = 2_000;
/** What a timer can hold: the old client gives up reconnecting after this time. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

interface Ring {
  readonly id: string;
}

type Bee = BeeQueue<Ring>;

/** bee-queue knows only its own old Redis client, and only by plain options. */
function beeRedis({ url, username, password }: RedisSettings) {
  const { hostname, port, pathname } = new URL(url);
  return {
    host: hostname,
    port: Number(port || 6379),
    db: Number(pathname.slice(1) || 0),
    ...(username && { user: username }),
    ...(password && { password }),
    connect_timeout: LONGEST_TIMER_MS,
    socket_initial_delay: 5_000,
    retry_strategy: ({ attempt }: { attempt: number }) => Math.min(50 * 2 ** attempt, LONGEST_RECONNECT_MS),
  };
}

function createBee(settings: RedisSettings, isWorker: boolean, log: Logger): Bee {
  const bee: Bee = new BeeQueue(NOTIFICATION_QUEUE, {
    redis: beeRedis(settings),
    isWorker,
    getEvents: false,
    sendEvents: false,
    storeJobs: false,
    removeOnSuccess: true,
    removeOnFailure: true,
    stallInterval: STALL_INTERVAL_MS,
  });
  bee.on('error', (error) => {
    log.warn('queue connection', { error });
    if (isNoScript(error)) void restoreScripts(bee).catch(() => undefined);
  });
  return bee;
}

function isNoScript(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('NOSCRIPT');
}

/** bee-queue loads its scripts once; a Redis that was restarted has forgotten them. */
async function restoreScripts(bee: Bee): Promise<void> {
  const lua = createRequire(import.meta.url)('bee-queue/lib/lua') as { buildCache(client: unknown): Promise<unknown> };
  await bee.ready();
  await lua.buildCache((bee as unknown as { client: unknown }).client);
}

/** The side that rings. */
export class Doorbell {
  readonly #bee: Bee;

  constructor(settings: RedisSettings, log: Logger) {
    this.#bee = createBee(settings, false, log);
  }

  /**
   * Rings for a job. `token` tells this ring from earlier ones of the same job: one that still waits under the same
   * token is not doubled. Rejects when Redis is away.
   */
  async ring(id: string, token: string): Promise<void> {
    const save = () => this.#bee.createJob({ id }).setId(`${id}.${token}`).save();
    try {
      await save();
    } catch (error) {
      if (!isNoScript(error)) throw error;
      await restoreScripts(this.#bee);
      await save();
    }
  }

  /** How many rings nobody has answered yet. */
  async waiting(): Promise<number> {
    return (await this.#bee.checkHealth()).waiting;
  }

  /** Puts rings back that a worker took and died with. */
  async checkStalled(): Promise<void> {
    try {
      await this.#bee.checkStalledJobs();
    } catch (error) {
      if (!isNoScript(error)) throw error;
      await restoreScripts(this.#bee);
    }
  }

  async close(): Promise<void> {
    await this.#bee.close(1_000);
  }
}

/** The side that answers the door. */
export class Doorkeeper {
  readonly #bee: Bee;

  constructor(settings: RedisSettings, log: Logger) {
    this.#bee = createBee(settings, true, log);
  }

  /**
   * Calls `answer` for each ring, one at a time: the next ring is taken when its promise has ended. So a worker that
   * has no room keeps the door shut by not ending it, and the ring stays for another. `answer` must not reject.
   */
  listen(answer: (id: string) => Promise<void>): void {
    this.#bee.process(1, ({ data }) => answer(data.id));
  }

  async close(): Promise<void> {
    await this.#bee.close(1_000);
  }
}
