import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { form, json } from '@pdf-tools/harness/http';
import type { Job } from '@pdf-tools/harness/http';
import { eventually } from '@pdf-tools/harness/processes';
import { RedisGroup } from '@pdf-tools/harness/redis-group';
import { jpeg } from '@pdf-tools/harness/samples';
import { TestStack } from '@pdf-tools/harness/stack';

jest.setTimeout(240_000);

const SERVICES = ['api', 'worker', 'scheduler'] as const;

let stack: TestStack;
let group: RedisGroup;
let photo: Buffer;

beforeAll(async () => {
  photo = await jpeg();
  stack = await TestStack.start([]);
  group = await RedisGroup.start(stack.folder);
  for (const service of SERVICES)
    await stack.startService(service, [], { ...group.environment, REDIS_MIN_REPLICAS: '1' });
});
afterAll(async () => {
  for (const service of SERVICES) await stack.process(service).stop();
  await group.stop();
  await stack.stop();
});

function send(key: string = randomUUID()): Promise<Response> {
  return fetch(`${stack.url}/api/image-to-pdf?async=true`, {
    method: 'POST',
    headers: { 'Idempotency-Key': key },
    body: form([{ name: 'a.jpg', bytes: photo }]),
  });
}

/** Sends a job until enough replicas confirm it. */
function accepted(key: string = randomUUID()): Promise<Response> {
  return eventually(async () => {
    const response = await send(key);
    return response.status === 202 && response;
  }, 'an accepted job');
}

/** Sends jobs one after the other until `isEnough`, and returns the ids of the accepted ones. */
async function load(ids: string[], isEnough: () => boolean): Promise<void> {
  while (!isEnough()) {
    const response = await send().catch(() => undefined);
    if (response?.status === 202) ids.push((await json<Job>(response)).id);
    else if (response?.status === 503) await sleep(50);
    else throw new Error(`a job is answered with ${response?.status ?? 'no response'}`);
  }
}

/** Returns the status of a job, or the HTTP status if there is no such job. */
async function statusOf(id: string): Promise<string> {
  const response = await fetch(`${stack.url}/api/jobs/${id}`);
  return response.status === 200 ? (await json<Job>(response)).status : String(response.status);
}

async function expectSuccess(ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    const status = await eventually(async () => {
      const now = await statusOf(id);
      return !['queued', 'active', '503'].includes(now) && now;
    }, `the end of ${id}`);
    expect(status).toBe('succeeded');
  }
}

/** The ports of the primaries that a service has found. */
function primariesOf(service: (typeof SERVICES)[number]): unknown[] {
  const found = stack.process(service).lines.filter(({ message }) => message === 'redis primary found');
  return found.map(({ port }) => port);
}

describe('services that find Redis through Sentinels', () => {
  it('run jobs on the primary that the Sentinels report', async () => {
    const { id } = await json<Job>(await send());
    await expectSuccess([id]);
    for (const service of SERVICES) expect(primariesOf(service)).toEqual([group.primary.port]);
  });

  it('accept no job that no replica has, and answer its repetition with the same job', async () => {
    for (const { process } of group.replicas) process.signal('SIGSTOP');
    const key = randomUUID();
    const refused = await send(key);
    for (const { process } of group.replicas) process.signal('SIGCONT');
    expect(refused.status).toBe(503);
    expect(refused.headers.get('Retry-After')).toBe('2');
    const repeated = await accepted(key);
    expect(repeated.headers.get('Idempotency-Replayed')).toBe('true');
    await expectSuccess([(await json<Job>(repeated)).id]);
  });

  it('keep the inputs of a job whose end no replica has', async () => {
    const worker = stack.process('worker');
    worker.signal('SIGSTOP');
    const { id } = await json<Job>(await accepted());
    for (const { process } of group.replicas) process.signal('SIGSTOP');
    worker.signal('SIGCONT');
    const isLogged = (): boolean =>
      worker.lines.some(({ message, job_id }) => message === 'files not removed' && job_id === id.slice(0, 12));
    await eventually(() => Promise.resolve(isLogged()), 'the inputs are kept');
    for (const { process } of group.replicas) process.signal('SIGCONT');
    await expectSuccess([id]);
    expect((await stack.filesOf(id)).some((path) => path.includes('/uploads/'))).toBe(true);
  });

  it('lose no accepted job when the primary is killed under load', async () => {
    const ids: string[] = [];
    await load(ids, () => ids.length >= 20);
    const running = load(ids, () => ids.length >= 80);
    await eventually(() => Promise.resolve(ids.length >= 40), 'load');
    await group.primary.process.crash();
    const before = ids.length;
    await running;
    expect(before).toBeLessThan(80);
    expect(new Set(ids).size).toBe(ids.length);
    await expectSuccess(ids);
    const port = await group.portOfPrimary();
    expect(port).not.toBe(group.primary.port);
    for (const service of SERVICES) expect(primariesOf(service).at(-1)).toBe(port);
  });

  it('follow a fail-over in which no server ends', async () => {
    await group.failOver();
    const ids: string[] = [];
    await load(ids, () => ids.length >= 5);
    await expectSuccess(ids);
    const port = await group.portOfPrimary();
    for (const service of SERVICES)
      await eventually(() => Promise.resolve(primariesOf(service).at(-1) === port), `${service} on the new primary`);
  });
});
