import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Agent, get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { eventually } from '../support/processes.js';
import { png } from '../support/samples.js';
import { STACK_URL, call, form } from '../stack/client.js';
import { PROJECT, docker } from '../stack/docker.js';
import { onVolume } from '../chaos/containers.js';

jest.setTimeout(300_000);

const SECONDS = 15;
/** Until all attackers' containers are up: what that costs is no attack. */
const START_MS = 15_000;
const HEALTH_P99_MS = 200;
/** An honest call must be answered within this time, whatever others do. */
const HONEST_MS = 10_000;
const PAUSE_MS = 40;
/** The uploads that were whole became jobs, which fail one after the other. */
const DRAINED_MS = 180_000;

const agent = new Agent({ keepAlive: true, maxSockets: 4 });
let photo: Buffer;
let image: string;
let target: string;
/** What /health takes on this machine while nobody attacks. */
let calm: number;

beforeAll(async () => {
  photo = await png(64, 64);
  image = (await docker('inspect', '--format', '{{.Config.Image}}', `${PROJECT}-api-1`)).trim();
  const networks = z.record(z.string(), z.object({ IPAddress: z.string() }));
  const text = await docker('inspect', '--format', '{{json .NetworkSettings.Networks}}', `${PROJECT}-nginx-1`);
  target = networks.parse(JSON.parse(text))[`${PROJECT}_edge`]?.IPAddress ?? '';
  calm = percentile(await healthTimes(sleep(3_000)), 0.99);
});

afterAll(() => {
  agent.destroy();
});

/** Milliseconds of one /health; Infinity for anything but a 200. */
function healthMs(): Promise<number> {
  const start = performance.now();
  return new Promise((resolve) => {
    const asked = get(`${STACK_URL}/health`, { agent, timeout: 10_000 }, (response) => {
      response.resume();
      response.once('end', () => {
        resolve(response.statusCode === 200 ? performance.now() - start : Infinity);
      });
    });
    asked.once('timeout', () => asked.destroy());
    asked.once('error', () => {
      resolve(Infinity);
    });
  });
}

async function until<T>(end: Promise<unknown>, each: () => Promise<T>, pauseMs: number): Promise<T[]> {
  const found: T[] = [];
  const over = new AbortController();
  const stop = (): void => {
    over.abort();
  };
  void end.then(stop, stop);
  while (!over.signal.aborted) {
    found.push(await each());
    await sleep(pauseMs);
  }
  return found;
}

function healthTimes(end: Promise<unknown>): Promise<number[]> {
  return until(end, healthMs, PAUSE_MS);
}

async function honestCall(): Promise<{ status: number; ms: number }> {
  const start = performance.now();
  const body = form({ retain: '0' }, [['files', 'a.png', photo]]);
  const { status } = await call('/api/image-to-pdf', { method: 'POST', body });
  return { status, ms: performance.now() - start };
}

function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Infinity;
}

const counts = z.record(z.string(), z.number());

/** Floods from containers of their own, each with an address of its own on nginx's outer network. */
async function flood(mode: string, containers: number, each: number, start: number): Promise<Record<string, number>> {
  const script = new URL('flooder.js', import.meta.url).pathname;
  const options = [
    '--rm',
    '--network',
    `${PROJECT}_edge`,
    '--cpus',
    '0.25',
    '--memory',
    '128m',
    '--entrypoint',
    'node',
  ];
  const mount = ['--volume', `${script}:/flooder.mjs:ro`];
  const one = () =>
    docker(
      'run',
      ...options,
      ...mount,
      image,
      '/flooder.mjs',
      mode,
      target,
      String(each),
      String(start),
      String(SECONDS),
    );
  const outputs = await Promise.all(Array.from({ length: containers }, one));
  const sum: Record<string, number> = {};
  for (const output of outputs)
    for (const [what, count] of Object.entries(counts.parse(JSON.parse(output)))) sum[what] = (sum[what] ?? 0) + count;
  return sum;
}

async function measure(mode: string, containers: number, each: number) {
  const start = Date.now() + START_MS;
  const flooding = flood(mode, containers, each, start);
  flooding.catch(() => undefined);
  await sleep(START_MS);
  const end = sleep(SECONDS * 1_000);
  const [health, honest] = await Promise.all([healthTimes(end), until(end, honestCall, 1_000)]);
  const sent = await flooding;
  const figures = {
    sent,
    health: { asked: health.length, p50: percentile(health, 0.5), p99: percentile(health, 0.99), calm_p99: calm },
    honest: {
      asked: honest.length,
      served: honest.filter(({ status }) => status === 200).length,
      slowest: percentile(
        honest.map(({ ms }) => ms),
        1,
      ),
    },
  };
  process.stderr.write(
    `\n${containers} addresses x ${each} ${mode}: ${JSON.stringify(figures, (_key, value: unknown) => (typeof value === 'number' ? Math.round(value) : value))}\n`,
  );
  return figures;
}

function expectServed({ health, honest }: Awaited<ReturnType<typeof measure>>): void {
  // A machine that is busy with other things is slow before anybody attacks: then the attack may not make it worse.
  expect(health.p99).toBeLessThan(Math.max(HEALTH_P99_MS, 2 * calm));
  expect(honest.served).toBe(honest.asked);
  expect(honest.slowest).toBeLessThan(HONEST_MS);
}

describe('while others attack', () => {
  it('with 500 connections that never end their request, health and honest callers are served', async () => {
    const figures = await measure('slow', 10, 50);
    expect(figures.sent.opened).toBeGreaterThanOrEqual(500);
    expectServed(figures);
  });

  it('with 64 uploads of 50 MB at once, health and honest callers are served', async () => {
    const figures = await measure('upload', 8, 8);
    expect(figures.sent.opened).toBeGreaterThanOrEqual(64);
    expectServed(figures);
  });

  it('nothing of it is left', async () => {
    const left = (): Promise<string> => onVolume('find /data/uploads /data/temp -type f');
    await eventually(async () => (await left()) === '', 'swept', DRAINED_MS);
  });
});
