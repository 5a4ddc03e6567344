import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { REQUEUEABLE } from '@pdf-tools/jobs/dead-letters';
import type { JobRecord } from '@pdf-tools/jobs/record';
import { LANES } from '@pdf-tools/jobs/lanes';
import type { Lane } from '@pdf-tools/jobs/lanes';
import { acceptJob } from '@pdf-tools/harness/accept-job';
import type { JobOptions } from '@pdf-tools/harness/accept-job';
import { TestStack } from '@pdf-tools/harness/stack';

const ERROR = { code: 'worker_crashed', detail: 'gone' } as const;

let stack: TestStack;
beforeAll(async () => {
  stack = await TestStack.start([]);
});
afterAll(() => stack.stop());

beforeEach(() => stack.redis.flushAll());

const accept = (options: JobOptions = {}): Promise<string> => acceptJob(stack, options);

function claim(leaseMs = 30_000, lanes: readonly Lane[] = LANES): Promise<JobRecord | 'none' | 'none-in-lane'> {
  return stack.store.claim({ worker: 'w', leaseMs, lanes });
}

const result = (fence: number) => ({ fence, bytes: 1, pages: 1, sha256: 'x', report: { kept: true } });

describe('the job store', () => {
  it('counts the unfinished jobs of each client through every end and a crash of Redis', async () => {
    const ids = [];
    for (let n = 0; n < 6; n++) ids.push(await accept({ client: 'one', bytes: 10 }));
    await accept({ client: 'two', bytes: 5 });
    const usage = async () => Object.fromEntries((await stack.store.headroom()).clients);
    expect(await usage()).toEqual({ one: { jobs: 6, bytes: 60 }, two: { jobs: 1, bytes: 5 } });
    const [done, failed, cancelled, removed, overdue, dead] = ids as [string, string, string, string, string, string];
    await stack.store.expireQueued(overdue, -1, ERROR);
    for (const id of [done, failed, dead]) await stack.claim(id);
    await stack.store.succeed(done, 1, result(1));
    await stack.store.fail(failed, 1, ERROR);
    await stack.store.cancel(cancelled);
    await stack.store.cancel(cancelled);
    await stack.store.remove(removed);
    await stack.store.remove(done);
    expect(await usage()).toMatchObject({ one: { jobs: 1, bytes: 10 } });
    await stack.process('redis').crash();
    await stack.restartRedis();
    const { fence = 0 } = (await stack.store.get(dead)) ?? {};
    await stack.store.failAttempt(dead, fence, 1, ERROR);
    expect(await usage()).not.toHaveProperty('one');
    await stack.store.retry(dead);
    expect(await usage()).toMatchObject({ one: { jobs: 1, bytes: 10 } });
  });

  it('finishes a job whose record names no client, which an earlier release may have written', async () => {
    const id = await accept();
    expect(await claim()).toMatchObject({ id });
    await stack.redis.hDel(`pdf:job:${id}`, 'client');
    expect(await stack.store.succeed(id, 1, result(1), 900)).toBe(true);
  });

  it.each([
    ['have another sum', 'jobs', { one: 7, gone: 3 }],
    ['have the right sum and belong to other clients', 'jobs', { one: 1, two: 2, empty: 1 }],
    ['have the right sum and lack a client', 'jobs', { one: 4 }],
    ['have other bytes', 'bytes', { one: 10, two: 20 }],
  ])('corrects stored counts of clients that %s', async (_what, counted, counts) => {
    for (const client of ['one', 'one', 'two']) await accept({ client, bytes: 10 });
    await accept({ client: 'empty', bytes: 0 });
    const usage = async () => Object.fromEntries((await stack.store.headroom()).clients);
    const right = await usage();
    expect(await stack.store.recountClients()).toBe(false);
    await stack.redis.del(`pdf:client-${counted}`);
    await stack.redis.hSet(`pdf:client-${counted}`, counts);
    expect(await stack.store.recountClients()).toBe(true);
    expect(await usage()).toEqual(right);
    expect(await stack.store.recountClients()).toBe(false);
  });

  it('keeps parameters and inputs of only the newest dead-lettered jobs', async () => {
    const die = async (params = {}): Promise<string> => {
      const id = await accept({ params });
      await claim();
      await stack.store.failAttempt(id, 1, 1, ERROR);
      return id;
    };
    const oldest = await die();
    const ids = [];
    for (let n = 0; n < REQUEUEABLE.jobs; n++) ids.push(await die());
    expect(await stack.store.get(oldest)).toMatchObject({ status: 'failed', shrunk: true, params: {}, input_count: 1 });
    expect(await stack.store.retry(oldest)).toBe('shrunk');
    expect(await stack.store.get(ids[0] ?? '')).toMatchObject({ shrunk: false, params: {} });

    const large = { text: 'x'.repeat(REQUEUEABLE.bytes / 2 - 100) };
    const [first, second] = [await die(large), await die(large)];
    expect(await stack.store.retry(ids.at(-3) ?? '')).toBe('shrunk');
    expect(await stack.store.retry(first)).toBe('queued');
    expect(await claim()).toMatchObject({ id: first, params: large, inputs: [{ name: 'a.pdf' }] });
    expect(await stack.store.retry(second)).toBe('queued');
  });
});
