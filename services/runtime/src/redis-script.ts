import { createHash } from 'node:crypto';
import type { Redis } from './redis.js';
import { withTimeout } from './redis-timeout.js';

/**
 * Returns a function that runs one of these Lua scripts by name. It sends the script's digest, and the whole script only if
 * Redis does not have it. It rejects with the client's error, or with `RedisTimeout` after 2 s.
 */
export function scriptRunner<Name extends string>(redis: Redis, scripts: Readonly<Record<Name, string>>) {
  const digests = new Map<string, string>();
  return async (name: Name, ...args: readonly (string | number)[]): Promise<unknown> => {
    const text = scripts[name];
    const digest = digests.get(name) ?? createHash('sha1').update(text).digest('hex');
    digests.set(name, digest);
    const options = { keys: [], arguments: args.map(String) };
    try {
      return await withTimeout(redis.evalSha(digest, options));
    } catch (error) {
      if (!isNoScript(error)) throw error;
      return withTimeout(redis.eval(text, options));
    }
  };
}

/** Whether Redis does not have the script that a command named by its digest. It loses its scripts when it restarts. */
export function isNoScript(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('NOSCRIPT');
}
