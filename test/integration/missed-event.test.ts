import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CRASHED } from '@pdf-tools/harness/job-store';
import { eventually } from '@pdf-tools/harness/processes';
import { RedisProxy } from '@pdf-tools/harness/redis-proxy';
import { jpeg } from '@pdf-tools/harness/samples';
import { TestStack } from '@pdf-tools/harness/stack';
import { form } from '@pdf-tools/harness/http';

let stack: TestStack;
let proxy: RedisProxy;
let isAway = false;

beforeAll(async () => {
  stack = await TestStack.start([], { SYNC_WAIT_SECONDS: '20' });
  // Events still arrive, but no record can be read, because one connection recovers before the other.
  proxy = new RedisProxy(stack.redisPort, (sent) => isAway && sent.includes('pdf:job:'));
  await stack.startService('api', [], { REDIS_URL: await proxy.listen() });
});
afterAll(async () => {
  proxy.close();
  await stack.stop();
});

/** Sends a request that waits for its job, and returns its id when a worker could claim it. */
async function send(): Promise<{ readonly id: string; readonly answer: Promise<Response> }> {
  const body = form([{ name: 'a.jpg', bytes: await jpeg() }]);
  const answer = fetch(`${stack.url}/api/image-to-pdf`, { method: 'POST', body });
  const [id = ''] = await eventually(async () => {
    const queued = await stack.redis.zRange('pdf:queued', 0, -1);
    return queued.length === 1 && queued;
  }, 'the job is queued');
  await stack.claim(id);
  return { id, answer };
}

describe('a request that waits for its job', () => {
  it('is answered although the job ended while its record could not be read', async () => {
    const { id, answer } = await send();
    isAway = true;
    // The event of a dead letter has no record.
    expect(await stack.store.failAttempt(id, 1, 1, CRASHED)).toBe('failed');
    await eventually(() => Promise.resolve(proxy.broken > 0), 'the api has tried to read the record');
    isAway = false;
    expect((await answer).status).toBe(500);
  });

  it('is answered with the record of the event, without a read', async () => {
    const { id, answer } = await send();
    isAway = true;
    expect(await stack.store.fail(id, 1, { code: 'corrupt_image', detail: 'bad' })).toBe(true);
    expect((await answer).status).toBe(422);
    isAway = false;
  });
});
