import { createRequire } from 'node:module';
import BeeQueue from 'bee-queue';
import type { Logger } from '@pdf-tools/runtime/logger';
import { encryptionOf } from '@pdf-tools/runtime/redis';
import type { RedisSettings } from '@pdf-tools/runtime/redis';
import { readRedisAddress } from '@pdf-tools/runtime/redis-address';
import { isNoScript } from '@pdf-tools/runtime/redis-script';
import { NOTIFICATION_QUEUE } from './keys.js';

/**
 * Notifications to the workers that claim jobs, carried by bee-queue. The scripts that queue jobs write them. They are best
 * effort. The job's record holds everything, so a notification may be lost or duplicated. Nothing else imports bee-queue.
 */

const STALL_INTERVAL_MS = 30_000;
const MAX_RECONNECT_DELAY_MS = 2_000;
/** Longest delay of a timer. bee-queue's client stops reconnecting after this time. */
const MAX_TIMER_MS = 2 ** 31 - 1;
const CLOSE_MS = 1_000;

type Queue = BeeQueue<unknown>;

/** bee-queue has an old Redis client of its own and accepts only plain options for it. */
function clientOptions(settings: RedisSettings) {
  const { database, ...address } = readRedisAddress(settings.url);
  const { username, password } = settings;
  const tls = encryptionOf(settings);
  return {
    ...address,
    db: database,
    ...(username && { user: username }),
    ...(password && { password }),
    ...(tls && { tls }),
    connect_timeout: MAX_TIMER_MS,
    socket_initial_delay: 5_000,
    retry_strategy: ({ attempt }: { attempt: number }) => Math.min(50 * 2 ** attempt, MAX_RECONNECT_DELAY_MS),
  };
}

function createQueue(settings: RedisSettings, isWorker: boolean, log: Logger): Queue {
  const queue: Queue = new BeeQueue(NOTIFICATION_QUEUE, {
    redis: clientOptions(settings),
    isWorker,
    getEvents: false,
    sendEvents: false,
    storeJobs: false,
    removeOnSuccess: true,
    removeOnFailure: true,
    stallInterval: STALL_INTERVAL_MS,
  });
  queue.on('error', (error) => {
    log.warn('notification connection failed', { error });
    if (isNoScript(error)) void restoreScripts(queue).catch(() => undefined);
  });
  return queue;
}

/** bee-queue loads its scripts only once, and Redis loses them when it restarts. */
async function restoreScripts(queue: Queue): Promise<void> {
  const lua = createRequire(import.meta.url)('bee-queue/lib/lua') as { buildCache(client: unknown): Promise<unknown> };
  await queue.ready();
  await lua.buildCache((queue as unknown as { client: unknown }).client);
}

/** The notifications that workers have taken. */
export class Notifications {
  readonly #queue: Queue;

  constructor(settings: RedisSettings, log: Logger) {
    this.#queue = createQueue(settings, false, log);
  }

  /** Returns notifications to the queue that a worker had taken before it died. */
  async requeueStalled(): Promise<void> {
    try {
      await this.#queue.checkStalledJobs();
    } catch (error) {
      if (!isNoScript(error)) throw error;
      await restoreScripts(this.#queue);
    }
  }

  async close(): Promise<void> {
    await this.#queue.close(CLOSE_MS);
  }
}

/** Receives notifications. */
export class JobListener {
  readonly #queue: Queue;

  constructor(settings: RedisSettings, log: Logger) {
    this.#queue = createQueue(settings, true, log);
  }

  /**
   * Calls `onNotified` for each notification, and takes the next one only when its promise has settled. A worker without
   * room does not settle it, so that the next notification goes to another worker. The promise must not reject.
   */
  listen(onNotified: () => Promise<void>): void {
    this.#queue.process(1, onNotified);
  }

  async close(): Promise<void> {
    await this.#queue.close(CLOSE_MS);
  }
}
