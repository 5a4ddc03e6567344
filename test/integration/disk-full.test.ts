import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { form, json } from '@pdf-tools/harness/http';
import type { Job } from '@pdf-tools/harness/http';
import { eventually } from '@pdf-tools/harness/processes';
import { jpeg } from '@pdf-tools/harness/samples';
import { TestStack } from '@pdf-tools/harness/stack';
import { failing } from '@pdf-tools/harness/strace';

let stack: TestStack;
beforeAll(async () => {
  // With one thread for the disk, exactly one request fails.
  stack = await TestStack.start(['api', 'scheduler'], { UV_THREADPOOL_SIZE: '1' });
  await stack.startService('worker', failing('fsync', 'ENOSPC'));
});
afterAll(() => stack.stop());

it('a job that finds the disk full is deferred and succeeds later, without counting the attempt', async () => {
  const body = form([{ name: 'a.jpg', bytes: await jpeg() }]);
  const accepted = await fetch(`${stack.url}/api/image-to-pdf?async=true`, { method: 'POST', body });
  const { id } = await json<Job>(accepted);
  const seen = (status: string) =>
    eventually(async () => {
      const job = await json<Job & { progress: { stage: string } }>(await fetch(`${stack.url}/api/jobs/${id}`));
      return job.status === status && job.progress.stage !== 'queued' && job;
    }, status);
  expect(await seen('queued')).toMatchObject({ attempts: 0, progress: { stage: 'waiting for disk space' } });
  expect((await stack.filesOf(id)).map((path) => path.split('/').slice(-3)[0])).toEqual(['uploads']);
  expect(await seen('succeeded')).toMatchObject({ attempts: 1, error: null });
  expect(stack.process('worker').lines).toContainEqual(
    expect.objectContaining({ message: 'job deferred', code: 'disk_full', next: 'queued', retry_in_ms: 5_000 }),
  );
});
