import { createClient } from 'redis';
import { ZodError } from 'zod';
import { AppError } from './errors.js';
import type { Logger } from './logger.js';

/** Where Redis is and who we are there. */
export interface RedisSettings {
  readonly url: string;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
}

const LONGEST_RECONNECT_MS = 2_000;

/**
 * A client that reconnects for ever with a bounded delay, refuses commands at once while it is disconnected (so that
 * a request never hangs on Redis), and speaks RESP 2. It is connected with `connectRedis`.
 */
export function createRedis(settings: RedisSettings, log: Logger) {
  const client = createClient({
    url: settings.url,
    ...(settings.username && { username: settings.username }),
    ...(settings.password && { password: settings.password }),
    RESP: 2,
    disableOfflineQueue: true,
    // The client's own bound costs an AbortSignal a command and covers only the time until it is sent: see timeboxed.
    commandOptions: { timeout: 0 },
    socket: {
      connectTimeout: 5_000,
      keepAlive: true,
      keepAliveInitialDelay: 5_000,
      reconnectStrategy: (retries) => Math.min(50 * 2 ** Math.min(retries, 10), LONGEST_RECONNECT_MS),
    },
  });
  client.on('error', (error: unknown) => {
    log.warn('redis connection', { error });
  });
  return client;
}

export type Redis = ReturnType<typeof createRedis>;

/** Connects a client. The promise ends when the first connection stands, however long that takes. */
export async function connectRedis(client: Redis): Promise<void> {
  await client.connect();
}

/** A record that cannot be read, or a defect of ours in JavaScript's own words. Trying again would not help. */
const DEFECTS = [ZodError, SyntaxError, TypeError, RangeError, ReferenceError];

/**
 * Runs a command and turns a Redis that is away, full or too slow into `redis_unavailable`, with a hint when to retry.
 * An AppError and a defect, such as a record that cannot be read, reject as they are.
 */
export async function orUnavailable<T>(command: Promise<T>): Promise<T> {
  try {
    return await command;
  } catch (cause) {
    if (cause instanceof AppError || DEFECTS.some((kind) => cause instanceof kind)) throw cause;
    throw new AppError('redis_unavailable', 'The job store does not answer at the moment. Try again in 2 s.', {
      retryAfter: 2,
      cause,
    });
  }
}
