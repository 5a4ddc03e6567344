import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { Agent, get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { eventually } from '../support/processes.js';
import { png } from '../support/samples.js';
import { STACK_URL, call, form } from '../stack/client.js';
import { PROJECT, docker } from '../stack/docker.js';
import { onVolume } from '../chaos/containers.js';

jest.setTimeout(900_000);

/** Long enough for some hundred health checks, so that their 99th percentile is not the slowest of them. */
const SECONDS = 20;
const HEALTH_P99_MS = 200;
/** Of a health check: a container engine gives up after some seconds. */
const HEALTH_SLOWEST_MS = 5_000;
/** A health check waits for a processor in nginx, in the api and in nginx again, where the bystander answers by itself. */
const HOPS = 3;
/** An honest call must be answered within this time, whatever others do. */
const HONEST_MS = 10_000;
const PAUSE_MS = 40;
/** Until the attackers' containers are up, on a busy machine. */
const STARTED_MS = 120_000;
/** The uploads that were whole became jobs, which fail one after the other. */
const DRAINED_MS = 600_000;

const agent = new Agent({ keepAlive: true, maxSockets: 4 });
let photo: Buffer;
let image: string;
let target: string;
/** What /health takes on this machine while nobody attacks. */
let calm: number;
/** Results that other suites have left until their time comes. */
let before: readonly string[];
let bystander: Awaited<ReturnType<typeof startBystander>>;

beforeAll(async () => {
  photo = await png(64, 64);
  image = (await docker('inspect', '--format', '{{.Config.Image}}', `${PROJECT}-api-1`)).trim();
  const networks = z.record(z.string(), z.object({ IPAddress: z.string() }));
  const text = await docker('inspect', '--format', '{{json .NetworkSettings.Networks}}', `${PROJECT}-nginx-1`);
  target = networks.parse(JSON.parse(text))[`${PROJECT}_edge`]?.IPAddress ?? '';
  calm = percentile(await times(`${STACK_URL}/health`, sleep(3_000)), 0.99);
  bystander = await startBystander();
  before = await filesOnVolume();
});

afterAll(async () => {
  agent.destroy();
  await docker('rm', '--force', bystander.id);
});

/** A server that nobody attacks, in a container like the service's own: what it takes to answer is the machine's doing. */
async function startBystander(): Promise<{ id: string; url: string }> {
  const code = 'require("http").createServer((_, res) => res.end("{}")).listen(8000)';
  const options = ['--network', `${PROJECT}_edge`, '--memory', '128m', '--entrypoint', 'node'];
  const id = (await docker('run', '--detach', ...options, image, '-e', code)).trim();
  const format = `{{(index .NetworkSettings.Networks "${PROJECT}_edge").IPAddress}}`;
  const url = `http://${(await docker('inspect', '--format', format, id)).trim()}:8000/`;
  await eventually(async () => (await answerMs(url)) < Infinity, 'the bystander answers', STARTED_MS);
  return { id, url };
}

async function filesOnVolume(): Promise<string[]> {
  return (await onVolume('find /data/uploads /data/temp -type f')).split('\n').filter((path) => path !== '');
}

/** Milliseconds of one GET; Infinity for anything but a 200. */
function answerMs(url: string): Promise<number> {
  const start = performance.now();
  return new Promise((resolve) => {
    const asked = get(url, { agent, timeout: 10_000 }, (response) => {
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

function times(url: string, end: Promise<unknown>): Promise<number[]> {
  return until(end, () => answerMs(url), PAUSE_MS);
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

/** An attacker in a container of its own, with an address of its own on nginx's outer network. */
class Attacker {
  readonly #process: ChildProcessWithoutNullStreams;
  #output = '';

  constructor(mode: string, connections: number) {
    const script = new URL('flooder.js', import.meta.url).pathname;
    // Attackers bring processors of their own: on this machine they have to make do with what the service leaves.
    const limits = ['--cpus', '0.25', '--cpu-shares', '2', '--memory', '128m'];
    const where = ['--network', `${PROJECT}_edge`, '--volume', `${script}:/flooder.mjs:ro`, '--entrypoint', 'node'];
    const what = ['/flooder.mjs', mode, target, String(connections), String(SECONDS)];
    this.#process = spawn('docker', ['run', '--rm', '--interactive', ...limits, ...where, image, ...what]);
    this.#process.stderr.pipe(process.stderr);
    this.#process.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.#output += text;
    });
  }

  /** Ends when it waits for the word: what it costs to start is no attack. */
  async ready(): Promise<void> {
    await eventually(() => Promise.resolve(this.#output.startsWith('ready')), 'an attacker is up', STARTED_MS);
  }

  attack(): void {
    this.#process.stdin.end('go');
  }

  /** What it sent and was answered, once it has ended. */
  async sent(): Promise<Record<string, number>> {
    if (this.#process.exitCode === null) await once(this.#process, 'close');
    return counts.parse(JSON.parse(this.#output.slice('ready'.length)));
  }
}

async function measure(mode: string, containers: number, each: number) {
  const attackers = Array.from({ length: containers }, () => new Attacker(mode, each));
  await Promise.all(attackers.map((attacker) => attacker.ready()));
  for (const attacker of attackers) attacker.attack();
  const end = sleep(SECONDS * 1_000);
  const [health, beside, honest] = await Promise.all([
    times(`${STACK_URL}/health`, end),
    times(bystander.url, end),
    until(end, honestCall, 1_000),
  ]);
  const sent: Record<string, number> = {};
  for (const one of await Promise.all(attackers.map((attacker) => attacker.sent())))
    for (const [what, count] of Object.entries(one)) sent[what] = (sent[what] ?? 0) + count;
  const figures = {
    sent,
    health: {
      asked: health.length,
      p50: percentile(health, 0.5),
      p95: percentile(health, 0.95),
      p99: percentile(health, 0.99),
      slowest: percentile(health, 1),
      calm_p99: calm,
    },
    bystander: { p50: percentile(beside, 0.5), p99: percentile(beside, 0.99) },
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

function expectServed({ health, bystander: beside, honest }: Awaited<ReturnType<typeof measure>>): void {
  // Every call is answered, on any machine. How soon: where the machine is busy with other things as well, the
  // bystander feels it too.
  expect(health.slowest).toBeLessThan(HEALTH_SLOWEST_MS);
  expect(health.p99).toBeLessThan(Math.max(HEALTH_P99_MS, HOPS * Math.max(calm, beside.p99)));
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
    const left = async () => (await filesOnVolume()).filter((path) => !before.includes(path));
    await eventually(async () => (await left()).length === 0, 'swept', DRAINED_MS);
  });
});
