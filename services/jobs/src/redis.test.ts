import { describe, expect, it } from '@jest/globals';
import { AppError } from '@pdf-tools/runtime/errors';
import { parseJobRecord } from './record.js';
import { orUnavailable } from '@pdf-tools/runtime/redis';
import { NoAnswer } from '@pdf-tools/runtime/timebox';

/** What `orUnavailable` makes of an error. */
function outcomeOf(error: Error): Promise<unknown> {
  return orUnavailable(Promise.reject(error)).catch((thrown: unknown) => thrown);
}

describe('orUnavailable', () => {
  it('passes an answer on', async () => {
    expect(await orUnavailable(Promise.resolve(7))).toBe(7);
  });

  it.each([
    ['a broken connection', Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' })],
    ['an answer that is late', new NoAnswer()],
    ['a full store', new Error('OOM command not allowed when used memory > maxmemory.')],
  ])('makes %s something to try again', async (_what, cause) => {
    expect(await outcomeOf(cause)).toMatchObject({ code: 'redis_unavailable', status: 503, retryAfter: 2, cause });
  });

  it.each([
    ['a defect', new TypeError('undefined is not a function')],
    ['an answer with a code of its own', new AppError('job_not_found', 'There is no such job.')],
  ])('leaves %s as it is', async (_what, error) => {
    expect(await outcomeOf(error)).toBe(error);
  });

  it.each([
    ['is not whole', { id: 'j' }, 'ZodError'],
    ['is not JSON where it should be', { id: 'j', params: '{' }, 'SyntaxError'],
  ])('leaves the error of a record that %s as it is', async (_what, hash, name) => {
    const read = Promise.resolve(hash).then(parseJobRecord);
    await expect(orUnavailable(read)).rejects.toMatchObject({ name });
  });
});
