import { LOG_LEVELS } from './logger.js';
import type { AdjustableLogger, LogLevel } from './logger.js';
import type { Redis } from './redis.js';
import { withTimeout } from './redis-timeout.js';

export const LOGGING_SERVICES = ['api', 'worker', 'scheduler'] as const;
export type LoggingService = (typeof LOGGING_SERVICES)[number];

/** How long a changed level stays in force. After that the configured one returns automatically. */
export const LEVEL_SECONDS = 3_600;
const POLL_MS = 5_000;

/** Beginning of the Redis keys that hold a level, each followed by the name of a service. */
export const LOG_LEVEL_PREFIX = 'pdf:log-level:';

/** Log levels that operators change for an hour. They are in Redis, so that every process of a service reads them. */
export class LogLevels {
  constructor(private readonly redis: Redis) {}

  /** Sets the level of a service for an hour. Without a level it restores the configured one. */
  async set(service: LoggingService, level: LogLevel | undefined): Promise<void> {
    const key = keyOf(service);
    if (level === undefined) await withTimeout(this.redis.del(key));
    else await withTimeout(this.redis.set(key, level, { expiration: { type: 'EX', value: LEVEL_SECONDS } }));
  }

  /** Returns the level that was set for a service, undefined if none is in force. */
  async get(service: LoggingService): Promise<LogLevel | undefined> {
    const set = await withTimeout(this.redis.get(keyOf(service)));
    return LOG_LEVELS.find((level) => level === set);
  }

  /** Applies changes for a service to its logger within 5 s. The level stays the same while Redis is unavailable. */
  follow(service: LoggingService, configured: LogLevel, log: AdjustableLogger): void {
    const apply = async (): Promise<void> => {
      const level = (await this.get(service).catch(() => undefined)) ?? (this.redis.isReady ? configured : log.level);
      if (level === log.level) return;
      log.level = level;
      log.warn('log level changed', { to: level });
    };
    setInterval(() => void apply(), POLL_MS).unref();
  }
}

function keyOf(service: LoggingService): string {
  return `${LOG_LEVEL_PREFIX}${service}`;
}
