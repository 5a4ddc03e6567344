import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ErrorCode } from '@pdf-tools/runtime/errors';
import { json } from '@pdf-tools/harness/http';
import type { FormFile, Problem } from '@pdf-tools/harness/http';
import { accepted, isReplayed, postKeyed } from '@pdf-tools/harness/keyed-calls';
import type { KeyedCall } from '@pdf-tools/harness/keyed-calls';
import { jpeg, pdf } from '@pdf-tools/harness/samples';
import { TestStack } from '@pdf-tools/harness/stack';

let stack: TestStack;
let photo: FormFile;
let other: FormFile;

beforeAll(async () => {
  photo = { name: 'a.jpg', bytes: await jpeg(64, 64) };
  other = { name: 'a.jpg', bytes: await jpeg(64, 65) };
  // There is no worker, so that jobs stay in the state that a test gives them.
  stack = await TestStack.start(['api']);
});
afterAll(() => stack.stop());

let keys = 0;
function newKey(): string {
  return `key ${++keys}`;
}

function post(key: string, call: Partial<KeyedCall> = {}): Promise<Response> {
  return postKeyed(stack.url, key, { files: [photo], ...call });
}

/** Returns how many jobs have files. */
async function uploads(): Promise<number> {
  return new Set((await stack.filesOf()).map((path) => path.split('/').at(-2))).size;
}

describe('a request with a used Idempotency-Key', () => {
  it('returns the first request’s job and removes its own upload', async () => {
    const key = newKey();
    const first = await accepted(await post(key));
    expect(first.replayed).toBe(false);
    const before = await uploads();
    expect(await accepted(await post(key))).toEqual({ id: first.id, replayed: true });
    expect(await uploads()).toBe(before);
    expect(await stack.filesOf(first.id)).toHaveLength(1);
    expect(await accepted(await post(newKey()))).toMatchObject({ replayed: false });
  });

  it('is the same request if only the spelling of its parameters differs', async () => {
    const call = { operation: 'compress-pdf', files: [{ name: 'a.pdf', bytes: await pdf(['one']), field: 'file' }] };
    const key = newKey();
    const { id } = await accepted(await post(key, { ...call, fields: { color_mode: 'no-change' } }));
    expect(await accepted(await post(key, { ...call, fields: { dpi: ' 144' } }))).toEqual({ id, replayed: true });
    expect((await post(key, { ...call, fields: { dpi: '100' } })).status).toBe(409);
  });

  it('creates one job even if ten arrive at once', async () => {
    const key = newKey();
    const before = await uploads();
    const answers = await Promise.all(Array.from({ length: 10 }, () => post(key)));
    const jobs = await Promise.all(answers.map(accepted));
    expect(new Set(jobs.map(({ id }) => id)).size).toBe(1);
    expect(jobs.filter(({ replayed }) => !replayed)).toHaveLength(1);
    expect(await uploads()).toBe(before + 1);
    expect(await stack.filesOf(jobs[0]?.id)).toHaveLength(1);
  });

  it.each([
    ['another file', () => [other]],
    ['one file more', () => [photo, other]],
  ])('and with %s is a conflict that leaves nothing behind', async (_what, files) => {
    const key = newKey();
    await post(key);
    const before = await uploads();
    const answer = await post(key, { files: files() });
    expect([answer.status, (await json<Problem>(answer)).code]).toEqual([409, 'idempotency_conflict']);
    expect(isReplayed(answer)).toBe(false);
    expect(await uploads()).toBe(before);
  });

  it('is a different request for another operation', async () => {
    const key = newKey();
    const { id } = await accepted(await post(key));
    const merge = await accepted(await post(key, { operation: 'merge-pdf' }));
    expect(merge).toEqual({ id: expect.not.stringMatching(id), replayed: false });
  });

  it.each<[ErrorCode, boolean]>([
    ['worker_crashed', false],
    ['corrupt_image', true],
  ])('after the failure %s gets the same job: %p', async (code, replayed) => {
    const key = newKey();
    const { id } = await accepted(await post(key));
    await stack.claim(id);
    expect((await accepted(await post(key))).id).toBe(id);
    await stack.store.fail(id, 1, { code, detail: 'x' });
    const repeated = await accepted(await post(key));
    expect([repeated.replayed, repeated.id === id]).toEqual([replayed, replayed]);
    // The end of the failed job does not take the key from its successor.
    if (!replayed) await stack.store.remove(id);
    expect(await accepted(await post(key))).toEqual({ id: repeated.id, replayed: true });
  });

  it('creates a new job after the first one was deleted', async () => {
    const key = newKey();
    const before = await stack.redis.keys('pdf:idempotency:*');
    const { id } = await accepted(await post(key));
    // The first call cancels the job, the second deletes it.
    for (let i = 0; i < 2; i++) await fetch(`${stack.url}/api/jobs/${id}`, { method: 'DELETE' });
    expect(await stack.redis.keys('pdf:idempotency:*')).toHaveLength(before.length);
    expect((await accepted(await post(key))).replayed).toBe(false);
  });

  it.each(['', 'x'.repeat(256), 'caf\xe9'])('is refused if the key is %j', async (key) => {
    const answer = await post(key);
    expect([answer.status, (await json<Problem>(answer)).code]).toEqual([400, 'bad_request']);
  });
});
