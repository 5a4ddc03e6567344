import { describe, expect, it } from '@jest/globals';
import { KEYS } from '@pdf-tools/jobs/keys';
import { JobListener } from '@pdf-tools/jobs/notifier';
import { createLogger } from '@pdf-tools/runtime/logger';
import { CRASHED, resultOf, useJobStore } from '@pdf-tools/harness/job-store';
import { eventually } from '@pdf-tools/harness/processes';

const LARGE_BYTES = 10 * 2 ** 20;

const jobs = useJobStore();
const { accept, claim } = jobs;

const waiting = () => jobs.stack.redis.lLen(`${KEYS.notifications}waiting`);
const stored = () => jobs.stack.redis.hLen(`${KEYS.notifications}jobs`);

/** Takes all notifications, as workers do that then end without a claim. */
async function loseAll(): Promise<number> {
  const lost = await waiting();
  await jobs.stack.redis.del([`${KEYS.notifications}waiting`, `${KEYS.notifications}jobs`]);
  return lost;
}

describe('a notification', () => {
  it('is sent for the first small job of a lane, for each larger job, and for no other', async () => {
    await accept();
    expect(await waiting()).toBe(1);
    await accept();
    expect(await waiting()).toBe(1);
    await loseAll();
    await accept();
    expect(await waiting()).toBe(0);
    for (const count of [1, 2]) {
      await accept({ bytes: LARGE_BYTES });
      expect(await waiting()).toBe(count);
    }
  });

  it('is taken back by the claim that leaves no other job', async () => {
    await accept();
    await accept({ bytes: LARGE_BYTES });
    await claim();
    expect(await waiting()).toBe(2);
    await claim();
    expect([await waiting(), await stored()]).toEqual([0, 0]);
  });

  it('is received through bee-queue, which deletes it', async () => {
    const { server } = jobs.stack;
    const listener = new JobListener(server.settingsOf('operator'), createLogger({ service: 'test', level: 'error' }));
    let received = 0;
    listener.listen(() => {
      received++;
      return Promise.resolve();
    });
    await accept();
    await eventually(async () => received === 1 && (await stored()) === 0, 'received');
    await listener.close();
  });

  it('is sent for a job that is queued again', async () => {
    const { store } = jobs.stack;
    const id = await accept();
    const queuedAgain = async (requeue: (fence: number) => Promise<unknown>): Promise<void> => {
      const job = await claim({ leaseMs: 0 });
      if (typeof job !== 'object') throw new Error('the job is not queued');
      await loseAll();
      await requeue(job.fence);
      expect(await waiting()).toBe(1);
    };
    await queuedAgain((fence) => store.release(id, fence));
    await queuedAgain((fence) => store.failAttempt(id, fence, 9, CRASHED));
    await queuedAgain(() => store.recover(id, 9, CRASHED));
    await queuedAgain(async (fence) => {
      await store.defer({ id, fence }, 0, 'waiting', CRASHED);
      expect(await waiting()).toBe(0);
      await store.promoteDelayed(1);
    });
    await queuedAgain(async (fence) => {
      expect(await store.failAttempt(id, fence, 1, CRASHED)).toBe('failed');
      expect(await store.retry(id)).toBe('queued');
    });
  });
});

describe('a worker that has no room for the other jobs', () => {
  it('notifies the next worker once with its last claim', async () => {
    for (let n = 0; n < 5; n++) await accept();
    await loseAll();
    await claim({ concurrency: 2, running: ['other'] });
    expect(await waiting()).toBe(0);
    await claim({ concurrency: 2, running: ['other', 'c'] });
    expect(await waiting()).toBe(1);
    await claim({ concurrency: 2, running: ['other', 'c'] });
    expect(await waiting()).toBe(1);
  });

  it('notifies the next worker if its last slot is kept for another client', async () => {
    for (let n = 0; n < 4; n++) await accept();
    await loseAll();
    await claim({ concurrency: 2 });
    expect(await waiting()).toBe(0);
    await claim({ concurrency: 2, running: ['c'] });
    expect(await loseAll()).toBe(1);
    expect(await claim({ concurrency: 2, running: ['c', 'c'], except: 'c' })).toBe('none-in-lane');
    expect(await waiting()).toBe(1);
  });
});

describe('the scheduler', () => {
  it('replaces a lost notification of jobs that wait for long', async () => {
    const { store, redis } = jobs.stack;
    const id = await accept();
    expect(await store.notifyOverdue(0, 10)).toBe(0);
    await loseAll();
    expect(await store.notifyOverdue(60_000, 10)).toBe(0);
    expect(await waiting()).toBe(0);
    await redis.zAdd(KEYS.queued, { score: Date.now() - 20_000, value: id });
    const scheduler = await jobs.stack.startService('scheduler');
    await eventually(async () => (await waiting()) === 1, 'notified again');
    await scheduler.stop();
  });

  it('sends no notification for jobs that are deferred or running', async () => {
    const { store } = jobs.stack;
    const [id] = [await accept(), await accept()];
    await claim();
    await store.defer({ id, fence: 1 }, 60_000, 'waiting', CRASHED);
    await claim();
    await loseAll();
    expect(await store.notifyOverdue(-1, 10)).toBe(0);
    expect(await waiting()).toBe(0);
  });
});

describe('the reply to a claim', () => {
  it('says whether other jobs are left, and whose', async () => {
    const { store } = jobs.stack;
    const options = { worker: 'w', leaseMs: 30_000, lanes: ['small', 'large'], concurrency: 3 } as const;
    const first = await accept();
    await accept();
    expect(await store.claim(options)).toMatchObject({ claim: { id: first }, rest: 'one-client' });
    await store.succeed(first, 1, resultOf(1));
    await accept({ client: 'other' });
    expect((await store.claim(options)).rest).toBe('some');
    expect((await store.claim(options)).rest).toBe('none');
    expect(await store.claim(options)).toEqual({ claim: 'none', rest: 'none' });
  });
});
