import { describe, expect, it } from '@jest/globals';
import { JobEvents } from '@pdf-tools/jobs/events';
import type { JobEvent } from '@pdf-tools/jobs/events';
import { KEYS } from '@pdf-tools/jobs/keys';
import { newJobId } from '@pdf-tools/jobs/store';
import { createLogger } from '@pdf-tools/runtime/logger';
import { connectRedis, createRedis } from '@pdf-tools/runtime/redis';
import { eventually } from '@pdf-tools/harness/processes';
import { CRASHED, resultOf, useJobStore } from '@pdf-tools/harness/job-store';

const HOUR_MS = 3_600_000;

const jobs = useJobStore();
const { accept, claim } = jobs;

describe('the job store', () => {
  it('accepts an id only once', async () => {
    const id = await accept();
    const job = await jobs.stack.store.get(id);
    expect(job).toMatchObject({ status: 'queued', params: { a: 1 }, attempts: 0, fence: 0 });
    if (job) expect(await jobs.stack.store.accept(job)).toMatchObject({ outcome: 'taken' });
  });

  it('has the same records and indexes after a crash of Redis', async () => {
    const id = await accept();
    const waiting = await accept();
    await claim();
    await jobs.stack.store.succeed(id, 1, resultOf(1));
    const before = [
      await jobs.stack.store.get(id),
      await jobs.stack.store.get(waiting),
      await jobs.stack.store.backlog(),
    ];
    await jobs.stack.process('redis').crash();
    await jobs.stack.restartRedis();
    expect([
      await jobs.stack.store.get(id),
      await jobs.stack.store.get(waiting),
      await jobs.stack.store.backlog(),
    ]).toEqual(before);
    expect(await claim()).toMatchObject({ id: waiting });
  });

  it('acknowledges the same end again, because the first reply may be lost, and refuses any other end', async () => {
    const id = await accept();
    await claim();
    expect(await jobs.stack.store.succeed(id, 1, resultOf(1))).toBe(true);
    const ended = await jobs.stack.store.get(id);
    expect(await jobs.stack.store.succeed(id, 1, resultOf(1))).toBe(true);
    expect(await jobs.stack.store.succeed(id, 1, { ...resultOf(1), pages: 2 })).toBe(false);
    expect(await jobs.stack.store.fail(id, 1, CRASHED)).toBe(false);
    expect(await jobs.stack.store.get(id)).toEqual(ended);
  });

  it('gives a job to only one of two claims', async () => {
    const id = await accept();
    const [first, second] = await Promise.all([claim(), claim()]);
    expect(first).toMatchObject({ id, status: 'active', attempts: 1, fence: 1 });
    expect(second).toBe('none');
  });

  it('releases only the leases of the worker that is known to be dead', async () => {
    const [mine, other] = [await accept(), await accept()];
    await claim({ worker: 'dead' });
    await claim();
    expect((await jobs.stack.store.leaseHolders()).sort()).toEqual(['dead', 'w']);
    expect(await jobs.stack.store.releaseLeasesOf('dead')).toBe(1);
    expect(await jobs.stack.store.stalled(10)).toEqual([mine]);
    expect(await jobs.stack.store.recover(mine, 10, CRASHED)).toBe('queued');
    expect(await jobs.stack.store.recover(other, 10, CRASHED)).toBe('kept');
    expect(await jobs.stack.store.get(mine)).toMatchObject({ attempts: 0, stalledCount: 1 });
    expect(await jobs.stack.store.releaseLeasesOf('dead')).toBe(0);
  });

  it('requeues a stalled job, counts it, and refuses the previous lease holder', async () => {
    const id = await accept();
    await claim({ leaseMs: 1 });
    await eventually(async () => (await jobs.stack.store.stalled(10)).includes(id), 'the lease has run out');
    expect(await jobs.stack.store.recover(id, 10, CRASHED)).toBe('queued');
    expect(await jobs.stack.store.recover(id, 10, CRASHED)).toBe('kept');
    expect(await claim()).toMatchObject({ id, fence: 2, attempts: 1, stalledCount: 1 });
    expect(await jobs.stack.store.renew(id, 1, 1000)).toBe(false);
    expect(await jobs.stack.store.succeed(id, 1, resultOf(1))).toBe(false);
    expect(await jobs.stack.store.fail(id, 1, CRASHED)).toBe(false);
    expect(await jobs.stack.store.recover(id, 10, CRASHED)).toBe('kept');
    expect(await jobs.stack.store.succeed(id, 2, resultOf(2))).toBe(true);
    expect(await jobs.stack.store.get(id)).toMatchObject({ status: 'succeeded', result: resultOf(2), percent: 100 });
    expect(await claim()).toBe('none');
  });

  it('delays a job from the third time on that it stalls', async () => {
    const id = await accept();
    for (let times = 1; times <= 3; times++) {
      expect(await claim({ leaseMs: 1 })).toMatchObject({ id });
      await eventually(
        async () => (await jobs.stack.store.recover(id, 10, CRASHED)) === 'queued',
        'the job is queued again',
      );
      expect(await jobs.stack.redis.zScore('pdf:delayed', id)).toEqual(times < 3 ? null : expect.any(Number));
    }
    expect(await claim()).toBe('none-in-lane');
  });

  it('dead-letters a job that stalls too often', async () => {
    const id = await accept();
    await claim({ leaseMs: 1 });
    await eventually(async () => (await jobs.stack.store.recover(id, 0, CRASHED)) === 'failed', 'the job has failed');
    expect(await jobs.stack.store.get(id)).toMatchObject({ status: 'failed', error: CRASHED, stalledCount: 1 });
  });

  it('does not give out a deferred job before it is due, and counts no attempt', async () => {
    const id = await accept();
    await claim();
    const disk = { code: 'disk_full', detail: 'full' } as const;
    expect(await jobs.stack.store.defer({ id, fence: 1 }, HOUR_MS, 'waiting', disk)).toBe('queued');
    expect(await jobs.stack.store.defer({ id, fence: 1 }, HOUR_MS, 'waiting', disk)).toBe('lost');
    expect(await jobs.stack.store.get(id)).toMatchObject({
      status: 'queued',
      stage: 'waiting',
      attempts: 0,
      deferrals: 1,
    });
    expect(await jobs.stack.store.promoteDelayed(10)).toBe(0);
    expect(await claim()).toBe('none-in-lane');
    expect(await jobs.stack.store.backlog()).toMatchObject({ queued: 1, bytes: 1 });
    await jobs.stack.redis.zAdd(KEYS.delayed, { score: 0, value: id });
    expect(await jobs.stack.store.promoteDelayed(10)).toBe(1);
    expect(await jobs.stack.store.promoteDelayed(10)).toBe(0);
    expect(await claim()).toMatchObject({ id, fence: 2, attempts: 1 });
    expect(await jobs.stack.store.defer({ id, fence: 2 }, undefined, 'waiting', disk)).toBe('failed');
    expect(await jobs.stack.store.get(id)).toMatchObject({ status: 'failed', error: disk });
    expect(await jobs.stack.store.retry(id)).toBe('queued');
    expect(await claim()).toMatchObject({ id, deferrals: 0 });
  });

  it('promotes no deferred job that was cancelled or deleted', async () => {
    const ids = [await accept(), await accept()];
    for (const id of ids) {
      await claim();
      await jobs.stack.store.defer({ id, fence: 1 }, 1, 'waiting', CRASHED);
    }
    expect(await jobs.stack.store.cancel(ids[0] ?? '')).toBe('cancelled');
    await jobs.stack.store.remove(ids[1] ?? '');
    expect(await jobs.stack.redis.zCard('pdf:delayed')).toBe(0);
    expect(await jobs.stack.store.backlog()).toMatchObject({ queued: 0, bytes: 0 });
  });

  it('counts the queued jobs and bytes through every way of leaving the queue', async () => {
    const [, second, third, fourth] = [await accept(), await accept({ bytes: 10 }), await accept(), await accept()];
    expect(await jobs.stack.store.backlog()).toMatchObject({ queued: 4, active: 0, bytes: 13 });
    await claim();
    await jobs.stack.store.cancel(second);
    await jobs.stack.store.remove(third);
    expect(await jobs.stack.store.backlog()).toMatchObject({ queued: 1, active: 1, bytes: 1 });
    await jobs.stack.store.expireQueued(fourth, -1, CRASHED);
    expect(await jobs.stack.store.backlog()).toMatchObject({
      queued: 0,
      active: 1,
      bytes: 0,
      msPerJob: expect.any(Number),
    });
  });

  it('requeues a job after a crash, and fails it after the last attempt', async () => {
    const id = await accept();
    await claim();
    expect(await jobs.stack.store.failAttempt(id, 1, 2, CRASHED)).toBe('queued');
    await claim();
    expect(await jobs.stack.store.failAttempt(id, 2, 2, CRASHED)).toBe('failed');
    expect(await jobs.stack.store.failAttempt(id, 2, 2, CRASHED)).toBe('lost');
    expect(await jobs.stack.store.get(id)).toMatchObject({ status: 'failed', attempts: 2, error: CRASHED });
  });

  it('requeues a released job without counting an attempt', async () => {
    const id = await accept();
    await claim();
    expect(await jobs.stack.store.release(id, 1)).toBe(true);
    expect(await jobs.stack.store.get(id)).toMatchObject({ status: 'queued', attempts: 0, stalledCount: 0 });
  });

  it('cancels an unfinished job, which then cannot succeed', async () => {
    const id = await accept();
    await claim();
    expect(await jobs.stack.store.cancel(id)).toBe('cancelled');
    expect(await jobs.stack.store.succeed(id, 1, resultOf(1))).toBe(false);
    expect(await jobs.stack.store.cancel(id)).toBe('finished');
    expect(await jobs.stack.store.cancel(newJobId())).toBe('missing');
    expect(await claim()).toBe('none');
  });

  it('deletes a removed job, and leaves a tombstone of an expired one', async () => {
    const removed = await accept();
    await jobs.stack.store.remove(removed);
    expect(await jobs.stack.store.get(removed)).toBeUndefined();
    expect(await claim()).toBe('none');

    const id = await accept({ retain: 0 });
    await claim();
    await jobs.stack.store.fail(id, 1, CRASHED);
    await eventually(async () => (await jobs.stack.store.expired(10)).includes(id), 'expired');
    expect(await jobs.stack.store.expireResult(id)).toBe(true);
    expect(await jobs.stack.store.get(id)).toBeUndefined();
    expect(await jobs.stack.store.tombstone(id)).toMatchObject({ owner: 'key' });
    expect(await jobs.stack.store.expired(10)).not.toContain(id);
  });

  it('returns the number of jobs before a job in its lane', async () => {
    await accept();
    const job = await jobs.stack.store.get(await accept());
    if (!job) throw new Error('no job');
    expect(await jobs.stack.store.position(job)).toBe(1);
    await claim();
    expect(await jobs.stack.store.position(job)).toBe(0);
    await claim();
    expect(await jobs.stack.store.position(job)).toBeUndefined();
  });

  it('publishes each change, and reports a lost connection to listeners', async () => {
    const log = createLogger({ service: 'test', level: 'error' });
    const subscriber = createRedis(jobs.stack.server.settingsOf('operator'), log);
    await connectRedis(subscriber);
    const events = new JobEvents(subscriber, log);
    await events.start();
    const seen: (JobEvent | undefined)[] = [];
    events.onAny((event) => seen.push(event));
    const id = await accept();
    const ofJob: (JobEvent | undefined)[] = [];
    events.onJob(id, (event) => ofJob.push(event));
    await claim();
    await jobs.stack.store.progress(id, 1, 40, 'pages');
    await jobs.stack.store.succeed(id, 1, resultOf(1));
    await eventually(() => Promise.resolve(seen.length >= 3), 'events');
    expect(seen.map((event) => event?.status)).toEqual(['active', 'active', 'succeeded']);
    expect(seen[1]).toMatchObject({ id, percent: 40, stage: 'pages' });
    // A request that waits for the job gets its record. Operators do not, because it holds secrets of the client.
    expect(ofJob[2]?.record).toEqual(await jobs.stack.store.get(id));
    expect(ofJob[1]).not.toHaveProperty('record');
    expect(seen[2]).not.toHaveProperty('record');

    await jobs.stack.redis.sendCommand(['CLIENT', 'KILL', 'TYPE', 'pubsub']);
    await eventually(() => Promise.resolve(seen.includes(undefined)), 'the lost connection is reported');
    subscriber.destroy();
  });
});
