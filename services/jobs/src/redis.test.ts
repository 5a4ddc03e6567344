import { describe, expect, it } from '@jest/globals';
import { AppError } from '@pdf-tools/runtime/errors';
import { decodeRecord } from './record.js';
import { orUnavailable } from '@pdf-tools/runtime/redis';
import { RedisTimeout } from '@pdf-tools/runtime/redis-timeout';

/** Returns the error that `orUnavailable` throws for another error. */
function outcomeOf(error: Error): Promise<unknown> {
  return orUnavailable(Promise.reject(error)).catch((thrown: unknown) => thrown);
}

describe('orUnavailable', () => {
  it('returns the reply of a command', async () => {
    expect(await orUnavailable(Promise.resolve(7))).toBe(7);
  });

  it.each([
    ['a broken connection', Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' })],
    ['a late reply', new RedisTimeout(2_000)],
    ['a full Redis', new Error('OOM command not allowed when used memory > maxmemory.')],
  ])('turns %s into redis_unavailable with a retry hint', async (_what, cause) => {
    expect(await outcomeOf(cause)).toMatchObject({ code: 'redis_unavailable', status: 503, retryAfter: 2, cause });
  });

  it.each([
    ['a defect', new TypeError('undefined is not a function')],
    ['an error with a code', new AppError('job_not_found', 'There is no such job.')],
  ])('does not change %s', async (_what, error) => {
    expect(await outcomeOf(error)).toBe(error);
  });

  it.each([
    ['is incomplete', { id: 'j' }, 'ZodError'],
    ['has a field with invalid JSON', { id: 'j', params: '{' }, 'SyntaxError'],
  ])('does not change the error of a record that %s', async (_what, hash, name) => {
    const read = Promise.resolve(hash).then(decodeRecord);
    await expect(orUnavailable(read)).rejects.toMatchObject({ name });
  });
});
