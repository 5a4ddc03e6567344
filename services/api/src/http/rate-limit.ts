import { withTimeout } from '@pdf-tools/runtime/redis-timeout';
import { createHash } from 'node:crypto';
import { KEYS } from '@pdf-tools/jobs/keys';
import { AppError } from '@pdf-tools/runtime/errors';
import type { Redis } from '@pdf-tools/runtime/redis';
import type { RequestHandler, Response } from 'express';
import { rateLimit } from 'express-rate-limit';
import { RedisStore } from 'rate-limit-redis';
import type { RedisReply } from 'rate-limit-redis';
import { clientKey } from './client-key.js';
import { contextOf } from './context.js';

export const RATE = { calls: 40, seconds: 2 } as const;

/**
 * At most `RATE.calls`, or what the key's own limit says, per `RATE.seconds` for each API key, else for each address (for IPv6 its /64). Counters lie in
 * Redis, so that all replicas count together; while Redis is away calls pass.
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

/** A key may have a rate of its own. */
function callsOf(res: Response): number {
  return contextOf(res).limits.rate ?? RATE.calls;
}

/**
 * The store loads its scripts once and keeps a failed load for ever, which would switch the limit off for the life of
 * a process that came up before Redis. So loading is answered here, and a script is sent whole where Redis lacks it.
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
      if (script === undefined || !(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
      return send(['EVAL', script, ...command.slice(2)]);
    }
  };
}
