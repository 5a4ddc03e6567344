import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { onVolume } from '../chaos/containers.js';
import { eventually } from '@pdf-tools/harness/processes';
import { TestGround } from './attackers.js';
import type { Figures } from './attackers.js';

jest.setTimeout(900_000);

const CALM_SECONDS = 3;
const HEALTH_P99_MS = 200;
/** Time limit of a health check: a container engine gives up after some seconds. */
const HEALTH_SLOWEST_MS = 5_000;
/** A health check waits for a processor three times: in nginx, in the api and in nginx again. The bystander waits once. */
const HOPS = 3;
/** Time limit of an honest request during any attack. */
const HONEST_MS = 10_000;
/** Time limit for the uploads that were complete: they became jobs and fail one after the other. */
const DRAINED_MS = 600_000;

let ground: TestGround;
/** Unexpired results of other suites. */
let before: readonly string[];

beforeAll(async () => {
  ground = await TestGround.prepare(CALM_SECONDS);
  before = await filesOnVolume();
});
afterAll(() => ground.close());

async function filesOnVolume(): Promise<string[]> {
  return (await onVolume('find /data/uploads /data/temp -type f')).split('\n').filter((path) => path !== '');
}

function expectServed({ health, bystander, honest }: Figures): void {
  // Every request gets a response on any machine. Its time depends on the machine's other work, as the bystander's does.
  expect(health.slowest).toBeLessThan(HEALTH_SLOWEST_MS);
  expect(health.p99).toBeLessThan(Math.max(HEALTH_P99_MS, HOPS * Math.max(ground.calm, bystander.p99)));
  expect(honest.served).toBe(honest.asked);
  expect(honest.slowest).toBeLessThan(HONEST_MS);
}

describe('during an attack, health checks and honest requests succeed', () => {
  it('with 500 connections that never finish their request', async () => {
    const figures = await ground.measure({ mode: 'slow', addresses: 10, each: 50 });
    expect(figures.sent.opened).toBeGreaterThanOrEqual(500);
    expectServed(figures);
  });

  it('with 64 uploads of 50 MB at once', async () => {
    const figures = await ground.measure({ mode: 'upload', addresses: 8, each: 8 });
    expect(figures.sent.opened).toBeGreaterThanOrEqual(64);
    expectServed(figures);
  });

  it('and afterwards no file of the attack remains', async () => {
    const left = async () => (await filesOnVolume()).filter((path) => !before.includes(path));
    await eventually(async () => (await left()).length === 0, 'swept', DRAINED_MS);
  });
});
