import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@pdf-tools/harness/processes';
import { RedisProxy } from '@pdf-tools/harness/redis-proxy';
import { TestStack } from '@pdf-tools/harness/stack';

let stack: TestStack;
beforeAll(async () => {
  stack = await TestStack.start([]);
});
afterAll(() => stack.stop());

describe('a connection to Redis that breaks while a service subscribes', () => {
  it.each([
    ['worker', 'pdf:stop'],
    ['api', 'pdf:events'],
  ] as const)('does not stop the %s, which subscribes again', async (service, channel) => {
    const proxy: RedisProxy = new RedisProxy(
      stack.redisPort,
      (sent) => proxy.broken === 0 && /\r\nSUBSCRIBE\r\n/i.test(sent),
    );
    const started = await stack.startService(service, [], { REDIS_URL: await proxy.listen() });
    await eventually(
      async () => (await stack.redis.pubSubNumSub([channel]))[channel] === 1,
      `a listener on ${channel}`,
    );
    expect(proxy.broken).toBe(1);
    expect(started.lines.map(({ message }) => message)).toContain('redis unavailable, retrying');
    await started.stop();
    proxy.close();
  });
});
