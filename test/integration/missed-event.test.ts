import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
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

describe('a request that waits for its job', () => {
  it('is answered although the job ended while its record could not be read', async () => {
    const body = form([{ name: 'a.jpg', bytes: await jpeg() }]);
    const answer = fetch(`${stack.url}/api/image-to-pdf`, { method: 'POST', body });
    await eventually(async () => (await stack.redis.zCard('pdf:queued')) === 1, 'the job is queued');
    isAway = true;
    await stack.startService('worker');
    await eventually(async () => (await stack.redis.zCard('pdf:expiry')) === 1, 'the job has ended');
    await eventually(() => Promise.resolve(proxy.broken > 0), 'the api has tried to read the record');
    isAway = false;
    expect((await answer).status).toBe(200);
  });
});
