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
  it('runs when it is accepted, and loses its inputs when it has succeeded', async () => {
    const id = await accept();
    const job = await ended(id);
    expect(job).toMatchObject({ status: 'succeeded', attempts: 1, stalledCount: 0, percent: 100 });
    expect(job.result).toMatchObject({ pages: 1, fence: 1 });
    await access(stack.storage.resultPath(id, 1));
    await eventually(
      async () => (await stack.filesOf(id)).every((path) => path.endsWith('out.pdf')),
      'the inputs are deleted',
    );
  });

  it('runs with four others for one notification', async () => {
    const worker = stack.process('worker');
    await eventually(async () => (await stack.redis.hLen('bq:pdf:jobs')) === 0, 'no notification is left');
    worker.signal('SIGSTOP');
    const before = Number(await stack.redis.get('bq:pdf:id'));
    const ids = await Promise.all(Array.from({ length: 5 }, () => accept()));
    // The worker sends further ones for other workers whenever it is full, so they are counted before it goes on.
    expect(Number(await stack.redis.get('bq:pdf:id')) - before).toBe(1);
    worker.signal('SIGCONT');
    for (const id of ids) expect((await ended(id)).status).toBe('succeeded');
    await eventually(async () => (await stack.redis.hLen('bq:pdf:jobs')) === 0, 'no notification is left');
  });

  it('fails once with the code of its bad input, and leaves only its record', async () => {
    const id = await accept({ input: photo.subarray(0, photo.length / 2) });
    expect(await ended(id)).toMatchObject({ status: 'failed', attempts: 1, error: { code: 'corrupt_image' } });
    await eventually(async () => (await stack.filesOf(id)).length === 0, 'the files are deleted');
  });

  it('is swept when its retention has ended, and leaves a tombstone', async () => {
    const id = await accept({ retain: 1 });
    expect((await ended(id)).status).toBe('succeeded');
    await eventually(async () => (await stack.store.tombstone(id)) !== undefined, 'tombstone');
    expect(await stack.store.get(id)).toBeUndefined();
    expect(await stack.filesOf(id)).toEqual([]);
  });

  it('runs although the worker dies that has taken its notification', async () => {
    const worker = stack.process('worker');
    worker.signal('SIGSTOP');
    const id = await accept();
    await worker.crash();
    await stack.startService('worker');
    expect(await ended(id)).toMatchObject({ status: 'succeeded', attempts: 1 });
  });
});
