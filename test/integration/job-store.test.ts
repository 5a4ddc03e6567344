import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { JobEvents } from '@pdf-tools/jobs/events';
import type { JobEvent } from '@pdf-tools/jobs/events';
import { KEYS } from '@pdf-tools/jobs/keys';
import { newJobId } from '@pdf-tools/jobs/store';
import type { JobRecord } from '@pdf-tools/jobs/record';
import { LANES } from '@pdf-tools/jobs/lanes';
import type { Lane } from '@pdf-tools/jobs/lanes';
import { createLogger } from '@pdf-tools/runtime/logger';
import { connectRedis, createRedis } from '@pdf-tools/runtime/redis';
import { acceptJob } from '@pdf-tools/harness/accept-job';
import type { JobOptions } from '@pdf-tools/harness/accept-job';
import { eventually } from '@pdf-tools/harness/processes';
import { TestStack } from '@pdf-tools/harness/stack';

const HOUR_MS = 3_600_000;
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

describe('the notifier', () => {
  const pending = () => stack.redis.lLen(`${KEYS.notifications}waiting`);

  it('sends one notification for each run of a job, and another one when it notifies again', async () => {
    const id = await accept();
    for (const fence of [0, 0, 1]) await stack.notifier.notify({ id, fence });
    expect(await pending()).toBe(2);
    expect(await stack.notifier.hasLost(2)).toBe(false);
    expect(await stack.notifier.hasLost(3)).toBe(true);
    await stack.notifier.notifyAgain([id]);
    expect(await pending()).toBe(3);
  });
});

describe('the job store', () => {
  it('accepts an id only once', async () => {
    const id = await accept();
    const job = await stack.store.get(id);
    expect(job).toMatchObject({ status: 'queued', params: { a: 1 }, attempts: 0, fence: 0 });
    if (job) expect(await stack.store.accept(job)).toMatchObject({ outcome: 'taken' });
  });

  it('has the same records and indexes after a crash of Redis', async () => {
    const id = await accept();
    const waiting = await accept();
    await claim();
    await stack.store.succeed(id, 1, result(1));
    const before = [await stack.store.get(id), await stack.store.get(waiting), await stack.store.backlog()];
    await stack.process('redis').crash();
    await stack.restartRedis();
    expect([await stack.store.get(id), await stack.store.get(waiting), await stack.store.backlog()]).toEqual(before);
    expect(await claim()).toMatchObject({ id: waiting });
  });

  it('acknowledges the same end again, because the first reply may be lost, and refuses any other end', async () => {
    const id = await accept();
    await claim();
    expect(await stack.store.succeed(id, 1, result(1))).toBe(true);
    const ended = await stack.store.get(id);
    expect(await stack.store.succeed(id, 1, result(1))).toBe(true);
    expect(await stack.store.succeed(id, 1, { ...result(1), pages: 2 })).toBe(false);
    expect(await stack.store.fail(id, 1, ERROR)).toBe(false);
    expect(await stack.store.get(id)).toEqual(ended);
  });

  it('gives a job to only one of two claims', async () => {
    const id = await accept();
    const [first, second] = await Promise.all([claim(), claim()]);
    expect(first).toMatchObject({ id, status: 'active', attempts: 1, fence: 1 });
    expect(second).toBe('none');
  });

  it('releases only the leases of the worker that is known to be dead', async () => {
    const [mine, other] = [await accept(), await accept()];
    await stack.store.claim({ worker: 'dead', leaseMs: 30_000, lanes: LANES });
    await claim();
    expect((await stack.store.leaseHolders()).sort()).toEqual(['dead', 'w']);
    expect(await stack.store.releaseLeasesOf('dead')).toBe(1);
    expect(await stack.store.stalled(10)).toEqual([mine]);
    expect(await stack.store.recover(mine, 10, ERROR)).toBe('queued');
    expect(await stack.store.recover(other, 10, ERROR)).toBe('kept');
    expect(await stack.store.get(mine)).toMatchObject({ attempts: 0, stalledCount: 1 });
    expect(await stack.store.releaseLeasesOf('dead')).toBe(0);
  });

  it('requeues a stalled job, counts it, and refuses the previous lease holder', async () => {
    const id = await accept();
    await claim(1);
    await eventually(async () => (await stack.store.stalled(10)).includes(id), 'the lease has run out');
    expect(await stack.store.recover(id, 10, ERROR)).toBe('queued');
    expect(await stack.store.recover(id, 10, ERROR)).toBe('kept');
    expect(await claim()).toMatchObject({ id, fence: 2, attempts: 1, stalledCount: 1 });
    expect(await stack.store.renew(id, 1, 1000)).toBe(false);
    expect(await stack.store.succeed(id, 1, result(1))).toBe(false);
    expect(await stack.store.fail(id, 1, ERROR)).toBe(false);
    expect(await stack.store.recover(id, 10, ERROR)).toBe('kept');
    expect(await stack.store.succeed(id, 2, result(2))).toBe(true);
    expect(await stack.store.get(id)).toMatchObject({ status: 'succeeded', result: result(2), percent: 100 });
    expect(await claim()).toBe('none');
  });

  it('delays a job from the third time on that it stalls', async () => {
    const id = await accept();
    for (let times = 1; times <= 3; times++) {
      expect(await claim(1)).toMatchObject({ id });
      await eventually(async () => (await stack.store.recover(id, 10, ERROR)) === 'queued', 'the job is queued again');
      expect(await stack.redis.zScore('pdf:delayed', id)).toEqual(times < 3 ? null : expect.any(Number));
    }
    expect(await claim()).toBe('none-in-lane');
  });

  it('dead-letters a job that stalls too often', async () => {
    const id = await accept();
    await claim(1);
    await eventually(async () => (await stack.store.recover(id, 0, ERROR)) === 'failed', 'the job has failed');
    expect(await stack.store.get(id)).toMatchObject({ status: 'failed', error: ERROR, stalledCount: 1 });
  });

  it('does not give out a deferred job before it is due, and counts no attempt', async () => {
    const id = await accept();
    await claim();
    const disk = { code: 'disk_full', detail: 'full' } as const;
    expect(await stack.store.defer({ id, fence: 1 }, HOUR_MS, 'waiting', disk)).toBe('queued');
    expect(await stack.store.defer({ id, fence: 1 }, HOUR_MS, 'waiting', disk)).toBe('lost');
    expect(await stack.store.get(id)).toMatchObject({ status: 'queued', stage: 'waiting', attempts: 0, deferrals: 1 });
    expect(await stack.store.promoteDelayed(10)).toEqual([]);
    expect(await claim()).toBe('none-in-lane');
    expect(await stack.store.backlog()).toMatchObject({ queued: 1, bytes: 1 });
    await stack.redis.zAdd(KEYS.delayed, { score: 0, value: id });
    expect(await stack.store.promoteDelayed(10)).toEqual([id]);
    expect(await stack.store.promoteDelayed(10)).toEqual([]);
    expect(await claim()).toMatchObject({ id, fence: 2, attempts: 1 });
    expect(await stack.store.defer({ id, fence: 2 }, undefined, 'waiting', disk)).toBe('failed');
    expect(await stack.store.get(id)).toMatchObject({ status: 'failed', error: disk });
    expect(await stack.store.retry(id)).toBe('queued');
    expect(await claim()).toMatchObject({ id, deferrals: 0 });
  });

  it('promotes no deferred job that was cancelled or deleted', async () => {
    const ids = [await accept(), await accept()];
    for (const id of ids) {
      await claim();
      await stack.store.defer({ id, fence: 1 }, 1, 'waiting', ERROR);
    }
    expect(await stack.store.cancel(ids[0] ?? '')).toBe('cancelled');
    await stack.store.remove(ids[1] ?? '');
    expect(await stack.redis.zCard('pdf:delayed')).toBe(0);
    expect(await stack.store.backlog()).toMatchObject({ queued: 0, bytes: 0 });
  });

  it('counts the queued jobs and bytes through every way of leaving the queue', async () => {
    const [, second, third, fourth] = [await accept(), await accept({ bytes: 10 }), await accept(), await accept()];
    expect(await stack.store.backlog()).toMatchObject({ queued: 4, active: 0, bytes: 13 });
    await claim();
    await stack.store.cancel(second);
    await stack.store.remove(third);
    expect(await stack.store.backlog()).toMatchObject({ queued: 1, active: 1, bytes: 1 });
    await stack.store.expireQueued(fourth, -1, ERROR);
    expect(await stack.store.backlog()).toMatchObject({ queued: 0, active: 1, bytes: 0, msPerJob: expect.any(Number) });
  });

  it('requeues a job after a crash, and fails it after the last attempt', async () => {
    const id = await accept();
    await claim();
    expect(await stack.store.failAttempt(id, 1, 2, ERROR)).toBe('queued');
    await claim();
    expect(await stack.store.failAttempt(id, 2, 2, ERROR)).toBe('failed');
    expect(await stack.store.failAttempt(id, 2, 2, ERROR)).toBe('lost');
    expect(await stack.store.get(id)).toMatchObject({ status: 'failed', attempts: 2, error: ERROR });
  });

  it('requeues a released job without counting an attempt', async () => {
    const id = await accept();
    await claim();
    expect(await stack.store.release(id, 1)).toBe(true);
    expect(await stack.store.get(id)).toMatchObject({ status: 'queued', attempts: 0, stalledCount: 0 });
  });

  it('cancels an unfinished job, which then cannot succeed', async () => {
    const id = await accept();
    await claim();
    expect(await stack.store.cancel(id)).toBe('cancelled');
    expect(await stack.store.succeed(id, 1, result(1))).toBe(false);
    expect(await stack.store.cancel(id)).toBe('finished');
    expect(await stack.store.cancel(newJobId())).toBe('missing');
    expect(await claim()).toBe('none');
  });

  it('deletes a removed job, and leaves a tombstone of an expired one', async () => {
    const removed = await accept();
    await stack.store.remove(removed);
    expect(await stack.store.get(removed)).toBeUndefined();
    expect(await claim()).toBe('none');

    const id = await accept({ retain: 0 });
    await claim();
    await stack.store.fail(id, 1, ERROR);
    await eventually(async () => (await stack.store.expired(10)).includes(id), 'expired');
    expect(await stack.store.expireResult(id)).toBe(true);
    expect(await stack.store.get(id)).toBeUndefined();
    expect(await stack.store.tombstone(id)).toMatchObject({ owner: 'key' });
    expect(await stack.store.expired(10)).not.toContain(id);
  });

  it('returns the number of jobs before a job in its lane', async () => {
    await accept();
    const job = await stack.store.get(await accept());
    if (!job) throw new Error('no job');
    expect(await stack.store.position(job)).toBe(1);
    await claim();
    expect(await stack.store.position(job)).toBe(0);
    await claim();
    expect(await stack.store.position(job)).toBeUndefined();
  });

  it('publishes each change, and reports a lost connection to listeners', async () => {
    const log = createLogger({ service: 'test', level: 'error' });
    const subscriber = createRedis(stack.server.settingsOf('operator'), log);
    await connectRedis(subscriber);
    const events = new JobEvents(subscriber, log);
    await events.start();
    const seen: (JobEvent | undefined)[] = [];
    events.onAny((event) => seen.push(event));
    const id = await accept();
    await claim();
    await stack.store.progress(id, 1, 40, 'pages');
    await stack.store.succeed(id, 1, result(1));
    await eventually(() => Promise.resolve(seen.length >= 3), 'events');
    expect(seen.map((event) => event?.status)).toEqual(['active', 'active', 'succeeded']);
    expect(seen[1]).toMatchObject({ id, percent: 40, stage: 'pages' });

    await stack.redis.sendCommand(['CLIENT', 'KILL', 'TYPE', 'pubsub']);
    await eventually(() => Promise.resolve(seen.includes(undefined)), 'the lost connection is reported');
    subscriber.destroy();
  });
});
