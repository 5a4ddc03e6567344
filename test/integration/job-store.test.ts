import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { JobEvents } from '@pdf-tools/shared/job-events';
import type { JobEvent } from '@pdf-tools/shared/job-events';
import { newJobId } from '@pdf-tools/shared/job-store';
import type { Claim } from '@pdf-tools/shared/job-store';
import { createLogger } from '@pdf-tools/shared/logger';
import { connectRedis, createRedis } from '@pdf-tools/shared/redis';
import { eventually } from '../support/processes.js';
import { TestStack } from '../support/stack.js';

const ERROR = { code: 'worker_crashed', detail: 'gone' } as const;

let stack: TestStack;
beforeAll(async () => {
  stack = await TestStack.start([]);
});
afterAll(() => stack.stop());

async function accept(retain = 60): Promise<string> {
  const id = newJobId();
  const job = {
    id,
    operation: 'merge-pdf',
    params: { a: 1 },
    inputs: [],
    owner: 'key',
    output_name: 'x.pdf',
    request_id: 'r',
  };
  expect(await stack.store.accept({ ...job, retain, delete_after_read: false })).toEqual({ outcome: 'accepted', id });
  return id;
}

function claim(id: string, leaseMs = 30_000, maxInterruptions = 10): Promise<Claim> {
  return stack.store.claim(id, { worker: 'w', leaseMs, maxInterruptions, exhausted: ERROR });
}

const result = (fence: number) => ({ fence, bytes: 1, pages: 1, sha256: 'x', report: { kept: true } });

describe('the job store', () => {
  it('takes an id once', async () => {
    const id = await accept();
    const job = await stack.store.get(id);
    expect(job).toMatchObject({ status: 'queued', params: { a: 1 }, attempts: 0, fence: 0 });
    if (job) expect(await stack.store.accept(job)).toMatchObject({ outcome: 'taken' });
  });

  it('lets one of two claims through', async () => {
    const id = await accept();
    const outcomes = (await Promise.all([claim(id), claim(id)])).map(({ outcome }) => outcome);
    expect(outcomes.sort()).toEqual(['claimed', 'leased']);
    expect(await stack.store.get(id)).toMatchObject({ status: 'active', attempts: 1, fence: 1 });
  });

  it('gives an abandoned job to the next, counts the interruption, and refuses the first holder from then on', async () => {
    const id = await accept();
    await claim(id, 1);
    await eventually(async () => (await stack.store.abandoned(10)).includes(id), 'lease over');
    const second = await claim(id);
    expect(second).toMatchObject({ outcome: 'claimed', job: { fence: 2, attempts: 1, interruptions: 1 } });
    expect(await stack.store.renew(id, 1, 1000)).toBe(false);
    expect(await stack.store.succeed(id, 1, result(1))).toBe(false);
    expect(await stack.store.fail(id, 1, ERROR)).toBe(false);
    expect(await stack.store.succeed(id, 2, result(2))).toBe(true);
    expect(await stack.store.get(id)).toMatchObject({ status: 'succeeded', result: result(2), percent: 100 });
    expect((await claim(id)).outcome).toBe('finished');
  });

  it('gives a job up that is interrupted too often', async () => {
    const id = await accept();
    await claim(id, 1, 0);
    await eventually(async () => (await claim(id, 1, 0)).outcome === 'exhausted', 'given up');
    expect(await stack.store.get(id)).toMatchObject({ status: 'failed', error: ERROR });
  });

  it('tries again after a crash, and fails after the last attempt', async () => {
    const id = await accept();
    await claim(id);
    expect(await stack.store.crashed(id, 1, 2, ERROR)).toBe('queued');
    await claim(id);
    expect(await stack.store.crashed(id, 2, 2, ERROR)).toBe('failed');
    expect(await stack.store.crashed(id, 2, 2, ERROR)).toBe('lost');
    expect(await stack.store.get(id)).toMatchObject({ status: 'failed', attempts: 2, error: ERROR });
  });

  it('takes a job back without counting an attempt', async () => {
    const id = await accept();
    await claim(id);
    expect(await stack.store.release(id, 1)).toBe(true);
    expect(await stack.store.get(id)).toMatchObject({ status: 'queued', attempts: 0, interruptions: 0 });
  });

  it('cancels what has not ended, and nothing can end it otherwise', async () => {
    const id = await accept();
    await claim(id);
    expect(await stack.store.cancel(id)).toBe('cancelled');
    expect(await stack.store.succeed(id, 1, result(1))).toBe(false);
    expect(await stack.store.cancel(id)).toBe('finished');
    expect(await stack.store.cancel(newJobId())).toBe('missing');
    expect((await claim(id)).outcome).toBe('finished');
  });

  it('forgets a removed job and buries an expired one', async () => {
    const removed = await accept();
    await stack.store.remove(removed);
    expect(await stack.store.get(removed)).toBeUndefined();
    expect((await claim(removed)).outcome).toBe('missing');

    const id = await accept(0);
    await claim(id);
    await stack.store.fail(id, 1, ERROR);
    await eventually(async () => (await stack.store.expired(10)).includes(id), 'expired');
    expect(await stack.store.bury(id)).toBe(true);
    expect(await stack.store.get(id)).toBeUndefined();
    expect(await stack.store.tombstone(id)).toMatchObject({ owner: 'key' });
    expect(await stack.store.expired(10)).not.toContain(id);
  });

  it('tells how many wait before a job, and keeps no trace of ended ones', async () => {
    const before = await stack.store.backlog();
    const [first, second] = [await accept(), await accept()];
    const ahead = (await stack.store.position(second)) ?? 0;
    await claim(first);
    expect(await stack.store.position(second)).toBe(ahead - 1);
    expect(await stack.store.position(first)).toBeUndefined();
    await stack.store.cancel(first);
    await stack.store.cancel(second);
    expect(await stack.store.backlog()).toEqual(before);
  });

  it('publishes each change, and says so when some may have been missed', async () => {
    const log = createLogger({ service: 'test', level: 'error' });
    const subscriber = createRedis({ url: `redis://127.0.0.1:${stack.redisPort}/0` }, log);
    await connectRedis(subscriber);
    const events = new JobEvents(subscriber, log);
    await events.start();
    const seen: (JobEvent | undefined)[] = [];
    events.onAny((event) => seen.push(event));
    const id = await accept();
    await claim(id);
    await stack.store.progress(id, 1, 40, 'pages');
    await stack.store.succeed(id, 1, result(1));
    await eventually(() => Promise.resolve(seen.length >= 3), 'events');
    expect(seen.map((event) => event?.status)).toEqual(['active', 'active', 'succeeded']);
    expect(seen[1]).toMatchObject({ id, percent: 40, stage: 'pages' });

    await stack.redis.sendCommand(['CLIENT', 'KILL', 'TYPE', 'pubsub']);
    await eventually(() => Promise.resolve(seen.includes(undefined)), 'told of the gap');
    subscriber.destroy();
  });
});
