import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bytes, form } from '@pdf-tools/harness/http';
import { eventually } from '@pdf-tools/harness/processes';
import { jpeg } from '@pdf-tools/harness/samples';
import { TestStack } from '@pdf-tools/harness/stack';

const SERVICES = ['api', 'worker', 'scheduler'] as const;

let stack: TestStack;
beforeAll(async () => {
  stack = await TestStack.start([]);
  for (const service of SERVICES)
    await stack.startService(service, [], { REDIS_URL: `unix://${stack.server.socket}?db=0` });
});
afterAll(() => stack.stop());

async function convert(): Promise<string> {
  const body = form([{ name: 'a.jpg', bytes: await jpeg() }]);
  const answer = await fetch(`${stack.url}/api/image-to-pdf`, { method: 'POST', body });
  return (await bytes(answer)).toString('latin1', 0, 5);
}

describe('services that reach Redis by its Unix socket', () => {
  it('open no other connection to it, and run jobs', async () => {
    expect(await convert()).toBe('%PDF-');
    const clients = (await stack.redis.sendCommand<string>(['CLIENT', 'LIST'])).trim().split('\n');
    const ofServices = clients.filter((line) => SERVICES.some((service) => line.includes(` user=${service} `)));
    expect(ofServices.length).toBeGreaterThanOrEqual(6);
    for (const line of ofServices) expect(line).toContain(`addr=${stack.server.socket}:0`);
  });

  it('connect again when Redis was restarted', async () => {
    await stack.process('redis').crash();
    await stack.restartRedis();
    await eventually(async () => (await convert()) === '%PDF-', 'a job runs again');
  });
});
