import { createHash } from 'node:crypto';
import { KEYS } from '@pdf-tools/jobs/keys';
import { AppError } from '@pdf-tools/runtime/errors';
import type { Redis } from '@pdf-tools/runtime/redis';
import { isNoScript } from '@pdf-tools/runtime/redis-script';
import { withTimeout } from '@pdf-tools/runtime/redis-timeout';
import type { RequestHandler, Response } from 'express';
import { rateLimit } from 'express-rate-limit';
import { RedisStore } from 'rate-limit-redis';
import type { RedisReply } from 'rate-limit-redis';
import { clientKey } from './client-key.js';
import { contextOf } from './context.js';

export const RATE = { calls: 40, seconds: 2 } as const;

/**
 * Limits each API key, or without keys each address (for IPv6 its /64), to `RATE.calls` requests per `RATE.seconds`, or to
 * the key's own rate. All replicas share the counters in Redis. Without Redis there is no limit.
 */
export function limitRate(redis: Redis): RequestHandler {
  return rateLimit({
    windowMs: RATE.seconds * 1_000,
    limit: (_req, res) => callsOf(res),
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    passOnStoreError: true,
    validate: false,
    store: new RedisStore({ prefix: KEYS.rate, sendCommand: scriptRunner(redis) }),
    keyGenerator: clientKey,
    handler: (_req, res, next) => {
      next(tooManyCalls(callsOf(res)));
    },
  });
}

function tooManyCalls(limit: number): AppError {
  const message = `must have at most ${limit} requests in ${RATE.seconds} s`;
  const detail = `An API key or address may send at most ${limit} requests in ${RATE.seconds} s. Try again in ${RATE.seconds} s.`;
  return new AppError('rate_limited', detail, { retryAfter: RATE.seconds, errors: [{ limit, message }] });
}

/** Returns the limit for a caller, whose key may have its own. */
function callsOf(res: Response): number {
  return contextOf(res).limits.rate ?? RATE.calls;
}

/**
 * Sends the commands of the store. The store loads its scripts once and never retries, so a process that starts before Redis
 * would have no limit. This function therefore answers the load itself and sends a script that Redis does not have.
 */
function scriptRunner(redis: Redis): (...command: string[]) => Promise<RedisReply> {
  const texts = new Map<string, string>();
  const send = (command: string[]) => withTimeout(redis.sendCommand<RedisReply>(command));
  return async (...command) => {
    const [name, first = '', text = ''] = command;
    if (name === 'SCRIPT') {
      const sha1 = createHash('sha1').update(text).digest('hex');
      texts.set(sha1, text);
      return sha1;
    }
    try {
      return await send(command);
    } catch (error) {
      const script = texts.get(first);
      if (script === undefined || !isNoScript(error)) throw error;
      return send(['EVAL', script, ...command.slice(2)]);
    }
  };
}
