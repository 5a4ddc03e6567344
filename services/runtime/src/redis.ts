import { isIP } from 'node:net';
import { createClient } from 'redis';
import { ZodError } from 'zod';
import { AppError } from './errors.js';
import type { Logger } from './logger.js';
import { readRedisAddress } from './redis-address.js';
import { withTimeout } from './redis-timeout.js';

/** Address of Redis (see `readRedisAddress`), and the user that the service logs in as. */
export interface RedisSettings {
  /** A `redis:`, `rediss:` or `unix:` URL without a user and password. */
  readonly url: string;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** Certificates in PEM that sign that of a `rediss:` server. Undefined for the public authorities. */
  readonly ca?: string | undefined;
}

/** Options of a TLS connection. */
export interface Encryption {
  readonly ca?: string;
  readonly servername?: string;
}

/**
 * Returns the TLS options for a `rediss:` URL, undefined for others. A server with several certificates chooses one by the
 * name that the client sends. An address cannot be sent as a name.
 */
export function encryptionOf({ url, ca }: Pick<RedisSettings, 'url' | 'ca'>): Encryption | undefined {
  const { protocol, hostname } = new URL(url);
  if (protocol !== 'rediss:') return undefined;
  const isName = isIP(hostname.replace(/^\[|\]$/g, '')) === 0;
  return { ...(ca !== undefined && { ca }), ...(isName && { servername: hostname }) };
}

function encryptedSocket(settings: RedisSettings) {
  const encryption = encryptionOf(settings);
  return encryption && { tls: true as const, ...encryption };
}

const MAX_RECONNECT_DELAY_MS = 2_000;

/**
 * Creates a client, which `connectRedis` connects. It reconnects for ever with a bounded delay and speaks RESP 2. While it
 * is disconnected it rejects commands at once, so that a request never hangs on Redis.
 */
export function createRedis(settings: RedisSettings, log: Logger) {
  const { database, ...address } = readRedisAddress(settings.url);
  const client = createClient({
    database,
    ...(settings.username && { username: settings.username }),
    ...(settings.password && { password: settings.password }),
    RESP: 2,
    disableOfflineQueue: true,
    // The client's own timeout costs an AbortSignal per command and covers only the time until it is sent.
    // `withTimeout` replaces it.
    commandOptions: { timeout: 0 },
    socket: {
      ...address,
      connectTimeout: 5_000,
      keepAlive: true,
      keepAliveInitialDelay: 5_000,
      reconnectStrategy: (retries) => Math.min(50 * 2 ** Math.min(retries, 10), MAX_RECONNECT_DELAY_MS),
      ...encryptedSocket(settings),
    },
  });
  client.on('error', (error: unknown) => {
    log.warn('redis connection failed', { error });
  });
  return client;
}

export type Redis = ReturnType<typeof createRedis>;

/** Connects a client. Resolves when the first connection is made, however long that takes. */
export async function connectRedis(client: Redis): Promise<void> {
  await client.connect();
}

/** Sends one command over a connection of its own, and returns the reply. Rejects if there is no reply within `timeoutMs`. */
export async function sendOnce(
  settings: RedisSettings,
  command: readonly string[],
  timeoutMs: number,
): Promise<unknown> {
  const client = createClient({
    url: settings.url,
    ...(settings.username && { username: settings.username }),
    ...(settings.password && { password: settings.password }),
    RESP: 2,
    socket: {
      connectTimeout: timeoutMs,
      reconnectStrategy: false,
      ...encryptedSocket(settings),
    },
  });
  // The promises below reject with the same errors.
  client.on('error', () => undefined);
  try {
    return await withTimeout(
      client.connect().then(() => client.sendCommand(command)),
      timeoutMs,
    );
  } finally {
    client.destroy();
  }
}

/** Errors of an unreadable record or of a defect in our code. Another attempt would not help. */
const DEFECTS = [ZodError, SyntaxError, TypeError, RangeError, ReferenceError];

/**
 * Returns the result of a command. Rejects with `redis_unavailable` and a retry hint if Redis is unavailable, full or too
 * slow. An AppError or a defect, such as an unreadable record, rejects unchanged.
 */
export async function orUnavailable<T>(command: Promise<T>): Promise<T> {
  try {
    return await command;
  } catch (cause) {
    if (cause instanceof AppError || DEFECTS.some((kind) => cause instanceof kind)) throw cause;
    throw redisUnavailable(cause);
  }
}

/** Returns the error for a request that needs Redis while Redis is unavailable. */
export function redisUnavailable(cause?: unknown): AppError {
  return new AppError('redis_unavailable', 'The job store is unavailable. Try again in 2 s.', { retryAfter: 2, cause });
}
