import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { Load } from './load.js';
import type { Outcome } from './load.js';
import { compose, withCertificate } from './stack.js';

jest.setTimeout(240_000);

let ca: string;

beforeAll(async () => {
  ca = await withCertificate();
});
afterAll(() => scale(1));

async function scale(replicas: number): Promise<void> {
  await compose('up', '--detach', '--wait', '--no-recreate', '--no-deps', '--scale', `api=${replicas}`, 'api');
}

it('api replicas start and stop without a failed request', async () => {
  const load = new Load(ca);
  await load.start();
  let outcome: Outcome;
  try {
    await sleep(2_000);
    await scale(3);
    // nginx asks a new replica that refused a connection again after 10 s.
    await sleep(13_000);
    await scale(1);
    // nginx would ask a replica that left again within this time.
    await sleep(12_000);
  } finally {
    outcome = await load.stop();
  }
  const { requests, repeated, failures } = outcome;
  const total = Object.values(requests).reduce((sum, count) => sum + count);
  const log = await compose('logs', '--no-log-prefix', '--since', '3m', 'nginx');
  // Time spent on a replica that is named but does not answer, because it starts or stops. Another one answered, but
  // requests fail if the list of replicas changes in that time.
  const waited = [...log.matchAll(/"upstream_status":"[^"]*504/g)].length;
  console.log(
    `1 to 3 to 1: ${total} requests, ${failures.length} failed, ${repeated} repeated, ${waited} waited for one out of reach`,
    requests,
  );
  expect(failures).toEqual([]);
  expect(Object.values(requests).every((count) => count > 5)).toBe(true);

  const upstreams = new Set([...log.matchAll(/"upstream":"([\d.]+:8000)"/g)].map(([, address]) => address));
  expect(upstreams.size).toBeGreaterThanOrEqual(3);
});
