import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { access } from 'node:fs/promises';
import type { JobRecord } from '@pdf-tools/jobs/record';
import { acceptPicture } from '@pdf-tools/harness/accepted';
import { eventually } from '@pdf-tools/harness/processes';
import { jpeg } from '@pdf-tools/harness/samples';
import { TestStack } from '@pdf-tools/harness/stack';

let stack: TestStack;
let photo: Buffer;

beforeAll(async () => {
  photo = await jpeg();
  stack = await TestStack.start(['worker', 'scheduler'], { SWEEP_INTERVAL_SECONDS: '1' });
});
afterAll(() => stack.stop());

const accept = (options: { retain?: number; input?: Buffer } = {}): Promise<string> =>
  acceptPicture(stack, options.input ?? photo, options.retain);

function ended(id: string): Promise<JobRecord> {
  return eventually(async () => {
    const job = await stack.store.get(id);
    return job !== undefined && job.status !== 'queued' && job.status !== 'active' && job;
  }, 'job ended');
}

describe('a job', () => {
  it('runs when a worker is notified, and loses its inputs when it has succeeded', async () => {
    const id = await accept();
    await stack.notifier.notify({ id, fence: 0 });
    const job = await ended(id);
    expect(job).toMatchObject({ status: 'succeeded', attempts: 1, stalledCount: 0, percent: 100 });
    expect(job.result).toMatchObject({ pages: 1, fence: 1 });
    await access(stack.storage.resultPath(id, 1));
    await eventually(
      async () => (await stack.filesOf(id)).every((path) => path.endsWith('out.pdf')),
      'the inputs are deleted',
    );
  });

  it('runs after the scheduler notices that its notification was lost', async () => {
    const id = await accept();
    await stack.redis.zAdd('pdf:queued', { score: Date.now() - 20_000, value: id });
    expect((await ended(id)).status).toBe('succeeded');
  });

  it('fails once with the code of its bad input, and leaves only its record', async () => {
    const id = await accept({ input: photo.subarray(0, photo.length / 2) });
    await stack.notifier.notify({ id, fence: 0 });
    expect(await ended(id)).toMatchObject({ status: 'failed', attempts: 1, error: { code: 'corrupt_image' } });
    await eventually(async () => (await stack.filesOf(id)).length === 0, 'the files are deleted');
  });

  it('is swept when its retention has ended, and leaves a tombstone', async () => {
    const id = await accept({ retain: 1 });
    await stack.notifier.notify({ id, fence: 0 });
    expect((await ended(id)).status).toBe('succeeded');
    await eventually(async () => (await stack.store.tombstone(id)) !== undefined, 'tombstone');
    expect(await stack.store.get(id)).toBeUndefined();
    expect(await stack.filesOf(id)).toEqual([]);
  });

  it('runs although the worker dies that has taken its notification', async () => {
    const id = await accept();
    const worker = stack.process('worker');
    worker.signal('SIGSTOP');
    await stack.notifier.notify({ id, fence: 0 });
    await worker.crash();
    await stack.startService('worker');
    expect(await ended(id)).toMatchObject({ status: 'succeeded', attempts: 1 });
  });
});
