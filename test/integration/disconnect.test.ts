import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { form } from '@pdf-tools/harness/http';
import { eventually } from '@pdf-tools/harness/processes';
import { jpeg, scan } from '@pdf-tools/harness/samples';
import { TestStack } from '@pdf-tools/harness/stack';

let stack: TestStack;
let photo: Buffer;
beforeAll(async () => {
  photo = await jpeg();
  stack = await TestStack.start(['api', 'worker']);
});
afterAll(() => stack.stop());
afterEach(() => {
  stack.process('worker').signal('SIGCONT');
});

/** Sends a request and disconnects once its job is in the index. Returns the job's id. */
async function hangUp(path: string, body: FormData, index: 'queued' | 'active'): Promise<string> {
  const client = new AbortController();
  const call = fetch(`${stack.url}/api/${path}`, { method: 'POST', body, signal: client.signal });
  const id = await eventually(async () => (await stack.redis.zRange(`pdf:${index}`, 0, 0))[0], `a job is ${index}`);
  client.abort();
  await expect(call).rejects.toThrow();
  return id;
}

const statusOf = async (id: string): Promise<string | undefined> => (await stack.store.get(id))?.status;
const reaches = (id: string, status: string) => eventually(async () => (await statusOf(id)) === status, status);
const gone = (id: string) => eventually(async () => (await stack.filesOf(id)).length === 0, 'files gone');

describe('a client that disconnects', () => {
  it('does not end its job', async () => {
    stack.process('worker').signal('SIGSTOP');
    const id = await hangUp('image-to-pdf', form([{ name: 'a.jpg', bytes: photo }]), 'queued');
    stack.process('worker').signal('SIGCONT');
    await reaches(id, 'succeeded');
  });

  it('cancels its waiting job if the request asked for that', async () => {
    stack.process('worker').signal('SIGSTOP');
    const body = form([{ name: 'a.jpg', bytes: photo }], { cancel_on_disconnect: 'true' });
    const id = await hangUp('image-to-pdf', body, 'queued');
    await reaches(id, 'cancelled');
    await gone(id);
  });

  it('ends the child of its active job if the request asked for that, and the next job succeeds', async () => {
    const pages = { name: 'a.pdf', bytes: await scan(8), field: 'file' };
    const id = await hangUp('compress-pdf', form([pages], { cancel_on_disconnect: 'true' }), 'active');
    await reaches(id, 'cancelled');
    await eventually(
      () =>
        Promise.resolve(
          stack
            .process('worker')
            .lines.some(({ message, reason }) => message === 'work stopped' && reason === 'cancelled'),
        ),
      'stopped',
    );
    await gone(id);
    const next = await fetch(`${stack.url}/api/image-to-pdf`, {
      method: 'POST',
      body: form([{ name: 'a.jpg', bytes: photo }]),
    });
    expect(next.status).toBe(200);
  });
});
