import { describe, expect, it } from '@jest/globals';
import { REQUEUEABLE } from '@pdf-tools/jobs/dead-letters';
import { CRASHED, resultOf, useJobStore } from '@pdf-tools/harness/job-store';

const jobs = useJobStore();
const { accept, claim } = jobs;

describe('the job store', () => {
  it('counts the unfinished jobs of each client through every end and a crash of Redis', async () => {
    const ids = [];
    for (let n = 0; n < 6; n++) ids.push(await accept({ client: 'one', bytes: 10 }));
    await accept({ client: 'two', bytes: 5 });
    const usage = async () => Object.fromEntries((await jobs.stack.store.headroom()).clients);
    expect(await usage()).toEqual({ one: { jobs: 6, bytes: 60 }, two: { jobs: 1, bytes: 5 } });
    const [done, failed, cancelled, removed, overdue, dead] = ids as [string, string, string, string, string, string];
    await jobs.stack.store.expireQueued(overdue, -1, CRASHED);
    for (const id of [done, failed, dead]) await jobs.stack.claim(id);
    await jobs.stack.store.succeed(done, 1, resultOf(1));
    await jobs.stack.store.fail(failed, 1, CRASHED);
    await jobs.stack.store.cancel(cancelled);
    await jobs.stack.store.cancel(cancelled);
    await jobs.stack.store.remove(removed);
    await jobs.stack.store.remove(done);
    expect(await usage()).toMatchObject({ one: { jobs: 1, bytes: 10 } });
    await jobs.stack.process('redis').crash();
    await jobs.stack.restartRedis();
    const { fence = 0 } = (await jobs.stack.store.get(dead)) ?? {};
    await jobs.stack.store.failAttempt(dead, fence, 1, CRASHED);
    expect(await usage()).not.toHaveProperty('one');
    await jobs.stack.store.retry(dead);
    expect(await usage()).toMatchObject({ one: { jobs: 1, bytes: 10 } });
  });

  it('finishes a job whose record names no client, which an earlier release may have written', async () => {
    const id = await accept();
    expect(await claim()).toMatchObject({ id });
    await jobs.stack.redis.hDel(`pdf:job:${id}`, 'client');
    expect(await jobs.stack.store.succeed(id, 1, resultOf(1), 900)).toBe(true);
  });

  it.each([
    ['have another sum', 'jobs', { one: 7, gone: 3 }],
    ['have the right sum and belong to other clients', 'jobs', { one: 1, two: 2, empty: 1 }],
    ['have the right sum and lack a client', 'jobs', { one: 4 }],
    ['have other bytes', 'bytes', { one: 10, two: 20 }],
  ])('corrects stored counts of clients that %s', async (_what, counted, counts) => {
    for (const client of ['one', 'one', 'two']) await accept({ client, bytes: 10 });
    await accept({ client: 'empty', bytes: 0 });
    const usage = async () => Object.fromEntries((await jobs.stack.store.headroom()).clients);
    const right = await usage();
    expect(await jobs.stack.store.recountClients()).toBe(false);
    await jobs.stack.redis.del(`pdf:client-${counted}`);
    await jobs.stack.redis.hSet(`pdf:client-${counted}`, counts);
    expect(await jobs.stack.store.recountClients()).toBe(true);
    expect(await usage()).toEqual(right);
    expect(await jobs.stack.store.recountClients()).toBe(false);
  });

  it('keeps parameters and inputs of only the newest dead-lettered jobs', async () => {
    const die = async (params = {}): Promise<string> => {
      const id = await accept({ params });
      await claim();
      await jobs.stack.store.failAttempt(id, 1, 1, CRASHED);
      return id;
    };
    const oldest = await die();
    const ids = [];
    for (let n = 0; n < REQUEUEABLE.jobs; n++) ids.push(await die());
    expect(await jobs.stack.store.get(oldest)).toMatchObject({
      status: 'failed',
      shrunk: true,
      params: {},
      input_count: 1,
    });
    expect(await jobs.stack.store.retry(oldest)).toBe('shrunk');
    expect(await jobs.stack.store.get(ids[0] ?? '')).toMatchObject({ shrunk: false, params: {} });

    const large = { text: 'x'.repeat(REQUEUEABLE.bytes / 2 - 100) };
    const [first, second] = [await die(large), await die(large)];
    expect(await jobs.stack.store.retry(ids.at(-3) ?? '')).toBe('shrunk');
    expect(await jobs.stack.store.retry(first)).toBe('queued');
    expect(await claim()).toMatchObject({ id: first, params: large, inputs: [{ name: 'a.pdf' }] });
    expect(await jobs.stack.store.retry(second)).toBe('queued');
  });
});
