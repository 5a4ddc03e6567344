import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { TestStack } from '@pdf-tools/harness/stack';
import { replicaWaiter } from '@pdf-tools/runtime/redis-replication';

let stack: TestStack;
beforeAll(async () => {
  stack = await TestStack.start([]);
});
afterAll(() => stack.stop());

async function sentWaits(): Promise<number> {
  return Number(/cmdstat_wait:calls=(\d+)/.exec(await stack.redis.info('commandstats'))?.[1] ?? 0);
}

it('callers that wait for replicas at the same time share two waits', async () => {
  const replicated = replicaWaiter(stack.redis, 1);
  const outcomes = await Promise.allSettled(Array.from({ length: 5 }, () => replicated()));
  for (const outcome of outcomes)
    expect(outcome).toMatchObject({ status: 'rejected', reason: { name: 'NotReplicated' } });
  expect(await sentWaits()).toBe(2);
});
