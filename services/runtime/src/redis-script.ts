import { createHash } from 'node:crypto';
import type { Redis } from './redis.js';
import { timeboxed } from './timebox.js';

/**
 * A set of Lua scripts as a function that runs one of them by name, sent by its digest as long as Redis knows it. It
 * rejects with the client's error, or `NoAnswer` after 2 s.
 */
export function scriptRunner<Name extends string>(redis: Redis, scripts: Readonly<Record<Name, string>>) {
  const digests = new Map<string, string>();
  return async (name: Name, ...args: readonly (string | number)[]): Promise<unknown> => {
    const text = scripts[name];
    const digest = digests.get(name) ?? createHash('sha1').update(text).digest('hex');
    digests.set(name, digest);
    const options = { keys: [], arguments: args.map(String) };
    try {
      return await timeboxed(redis.evalSha(digest, options));
    } catch (error) {
      // A Redis that was restarted has forgotten its scripts.
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
      return timeboxed(redis.eval(text, options));
    }
  };
}
