import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { eventually } from '@pdf-tools/harness/processes';
import { MALFORMED_REQUESTS } from '@pdf-tools/harness/malformed-requests';
import { RawConnection } from '@pdf-tools/harness/raw-connection';
import { png } from '@pdf-tools/harness/samples';
import { STACK_URL, call, form } from '../stack/client.js';
import { PROJECT, docker } from '../stack/docker.js';

jest.setTimeout(600_000);

const run = promisify(execFile);
const CLIENTS = 20;
/** Pause after which the rate limit accepts the address again. call() and statusOf() repeat refused requests. */
const RETRY_MS = 1_000;
/** Rounds in which each kind reaches each of two replicas. */
const ROUNDS = 2;

let photo: Buffer;
beforeAll(async () => {
  photo = await png(16, 16);
});
afterAll(() => scale(1));

/** Starts or stops api replicas until this number runs. nginx notices within seconds. */
async function scale(replicas: number): Promise<void> {
  const service = ['--no-recreate', '--no-deps', '--scale', `api=${replicas}`, 'api'];
  await run('docker', ['compose', '--project-name', PROJECT, 'up', '--detach', '--wait', ...service]);
  await eventually(async () => (await askedReplicas()) === replicas, `${replicas} replicas answer`);
}

/** Returns the number of replicas that nginx asks in a series of requests. */
async function askedReplicas(): Promise<number> {
  const mark = `replicas-${Date.now()}`;
  for (let i = 0; i < 8; i++) await fetch(`${STACK_URL}/health`, { headers: { 'X-Request-Id': mark } });
  await sleep(RETRY_MS);
  const lines = (await nginxLog()).filter(({ request_id }) => request_id === mark);
  return new Set(lines.map(({ upstream }) => upstream)).size;
}

async function nginxLog(): Promise<Record<string, unknown>[]> {
  const log = await docker('logs', '--since', '10m', `${PROJECT}-nginx-1`);
  const lines = log.split('\n').filter((line) => line.startsWith('{'));
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** Returns the status of the only response to a request in bytes. */
async function statusOf(text: string): Promise<number | undefined> {
  for (;;) {
    const connection = new RawConnection(STACK_URL);
    connection.send(text);
    const [answer] = await connection.answers(1);
    connection.destroy();
    if (answer?.status !== 429) return answer?.status;
    await sleep(RETRY_MS);
  }
}

/** Sends requests until the signal aborts. Returns their number and every status that was not 200. */
async function honestClient(signal: AbortSignal): Promise<{ calls: number; failures: unknown[] }> {
  let calls = 0;
  const failures: unknown[] = [];
  const upload = () =>
    call('/api/image-to-pdf', { method: 'POST', body: form({ retain: '0' }, [['files', 'a.png', photo]]) });
  while (!signal.aborted) {
    for (const attempt of [() => call('/health'), () => call('/api/limits'), upload]) {
      calls++;
      const outcome = await attempt().then(({ status }) => status, String);
      if (outcome !== 200) failures.push(outcome);
    }
  }
  return { calls, failures };
}

/** Sends every kind of malformed request. Returns those with a wrong status. */
async function attack(): Promise<string[]> {
  const wrong: string[] = [];
  for (const { name, text, status, proxyStatus = status } of MALFORMED_REQUESTS) {
    const got = await statusOf(text);
    const right = proxyStatus === 'any' ? got !== undefined && got < 500 : got === proxyStatus;
    if (!right) wrong.push(`${name}: ${got}`);
  }
  return wrong;
}

describe.each([2, 1])('with %s api replicas', (replicas) => {
  it('refuses malformed requests without an effect on other clients', async () => {
    await scale(replicas);
    const over = new AbortController();
    const clients = Array.from({ length: CLIENTS }, () => honestClient(over.signal));
    const since = new Date().toISOString();
    const wrong: string[] = [];
    for (let round = 0; round < ROUNDS; round++) wrong.push(...(await attack()));
    over.abort();
    const outcomes = await Promise.all(clients);
    expect(wrong).toEqual([]);
    expect(outcomes.flatMap(({ failures }) => failures)).toEqual([]);
    expect(outcomes.every(({ calls }) => calls > 0)).toBe(true);
    // 502 means that an upstream did not answer, which nginx counts against a replica.
    const failed = (await nginxLog()).filter((line) => String(line.time) >= since.slice(0, 19));
    expect(failed.filter(({ upstream_status }) => String(upstream_status).includes('502'))).toEqual([]);
  });
});

describe('request headers', () => {
  it('of every size get a response: nginx refuses what the api would refuse', async () => {
    const seen = new Set<number | undefined>();
    for (let bytes = 3_000; bytes <= 5_200; bytes += 100) {
      const lines = Array.from({ length: 4 }, (_, i) => `X-${i}: ${'b'.repeat(bytes)}\r\n`);
      seen.add(await statusOf(`GET /api/limits HTTP/1.1\r\nHost: x\r\n${lines.join('')}\r\n`));
    }
    expect([...seen].sort()).toEqual([200, 431]);
  });

  it.each([
    [100, 200],
    [101, 431],
  ])('with %s fields get status %s', async (count, status) => {
    const lines = Array.from({ length: count - 1 }, (_, i) => `X-${i}: 1\r\n`);
    expect(await statusOf(`GET /api/limits HTTP/1.1\r\nHost: x\r\n${lines.join('')}\r\n`)).toBe(status);
  });
});
