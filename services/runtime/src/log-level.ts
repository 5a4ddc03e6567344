import { LOG_LEVELS } from './logger.js';
import type { AdjustableLogger, LogLevel } from './logger.js';
import type { Redis } from './redis.js';
import { timeboxed } from './timebox.js';

export const LOGGING_SERVICES = ['api', 'worker', 'scheduler'] as const;
export type LoggingService = (typeof LOGGING_SERVICES)[number];

/** How long a level holds that was set while a service runs: nobody has to think of setting it back. */
export const LEVEL_SECONDS = 3_600;
const LOOK_MS = 5_000;

/** Beginning of the Redis keys that hold a level, each followed by the name of a service. */
export const LOG_LEVEL_PREFIX = 'pdf:log-level:';

/** Levels of logging that operators have set for an hour, in Redis, so that every process of a service finds them. */
export class LogLevels {
  constructor(private readonly redis: Redis) {}

  /** Sets the level of a service for an hour, or goes back to the configured one where there is none. */
  async set(service: LoggingService, level: LogLevel | undefined): Promise<void> {
    const key = keyOf(service);
    if (level === undefined) await timeboxed(this.redis.del(key));
    else await timeboxed(this.redis.set(key, level, { expiration: { type: 'EX', value: LEVEL_SECONDS } }));
  }

  /** The level that was set for a service; undefined where none is. */
  async get(service: LoggingService): Promise<LogLevel | undefined> {
    const set = await timeboxed(this.redis.get(keyOf(service)));
    return LOG_LEVELS.find((level) => level === set);
  }

  /** Has a logger follow what is set for its service, within 5 s; while Redis is away it stays as it is. */
  follow(service: LoggingService, configured: LogLevel, log: AdjustableLogger): void {
    const look = async (): Promise<void> => {
      const level = (await this.get(service).catch(() => undefined)) ?? (this.redis.isReady ? configured : log.level);
      if (level === log.level) return;
      log.level = level;
      log.warn('log level changed', { to: level });
    };
    setInterval(() => void look(), LOOK_MS).unref();
  }
}

function keyOf(service: LoggingService): string {
  return `${LOG_LEVEL_PREFIX}${service}`;
}
