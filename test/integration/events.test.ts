import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { sentEvents } from '@pdf-tools/harness/events';
import type { SentEvent } from '@pdf-tools/harness/events';
import { form, json } from '@pdf-tools/harness/http';
import type { Job, Problem } from '@pdf-tools/harness/http';
import { eventually } from '@pdf-tools/harness/processes';
import { jpeg } from '@pdf-tools/harness/samples';
import { TestStack } from '@pdf-tools/harness/stack';

/** Pause between requests of one client, for a rate below the 20 per second of RATE_LIMIT=on. */
const BELOW_RATE_MS = 60;
/** Limit of open event streams per client with RATE_LIMIT=off. */
const STREAMS_WITHOUT_RATE_LIMIT = 150;
const ERROR = { code: 'worker_crashed', detail: 'gone' } as const;

let stack: TestStack;
let photo: Buffer;

beforeAll(async () => {
  photo = await jpeg(64, 64);
  // No worker runs: the tests make each change themselves.
  stack = await TestStack.start(['api']);
});
afterAll(() => stack.stop());

async function accept(): Promise<string> {
  const body = form([{ name: 'a.jpg', bytes: photo }]);
  const { id } = await json<Job>(await fetch(`${stack.url}/api/image-to-pdf?async=true`, { method: 'POST', body }));
  return id;
}

function ask(id: string, seen?: number): Promise<Response> {
  const headers = seen === undefined ? {} : { 'Last-Event-ID': String(seen) };
  return fetch(`${stack.url}/api/jobs/${id}/events`, { headers });
}

/** Opens a stream. `next` returns the next event as its id, status and percentage. */
async function open(id: string, seen?: number) {
  const stream = sentEvents(await ask(id, seen));
  expect((await stream.next()).value).toEqual({ retry: '2000' });
  return {
    next: async () => summary((await stream.next()).value ?? undefined),
    ended: async () => (await stream.next()).done === true,
  };
}

function summary(event: SentEvent | undefined): unknown[] {
  const { status, progress } = JSON.parse(event?.data ?? '{}') as { status?: string; progress?: { percent: number } };
  return [Number(event?.id), status, progress?.percent];
}

describe('the event stream', () => {
  it('sends each change with its version as id, and ends with the job', async () => {
    const id = await accept();
    const stream = await open(id);
    expect(await stream.next()).toEqual([1, 'queued', 0]);
    await stack.claim(id);
    expect(await stream.next()).toEqual([2, 'active', 0]);
    await stack.store.progress(id, 1, 40, 'pages');
    expect(await stream.next()).toEqual([3, 'active', 40]);
    await stack.store.fail(id, 1, ERROR);
    expect(await stream.next()).toEqual([4, 'failed', 40]);
    expect(await stream.ended()).toBe(true);
  });

  it('resumes after a crash of the api with the state that the client has missed', async () => {
    const id = await accept();
    const broken = await open(id);
    expect(await broken.next()).toEqual([1, 'queued', 0]);
    await stack.process('api').crash();
    await expect(broken.next()).rejects.toThrow();
    await stack.claim(id);
    await stack.store.progress(id, 1, 30, 'pages');
    await stack.startService('api');

    const stream = await open(id, 1);
    expect(await stream.next()).toEqual([3, 'active', 30]);
    await stack.store.progress(id, 1, 60, 'pages');
    expect(await stream.next()).toEqual([4, 'active', 60]);
  });

  it('resumes after a shutdown of the api with the next change if the client has missed none', async () => {
    const id = await accept();
    await stack.claim(id);
    const stopped = await open(id);
    expect(await stopped.next()).toEqual([2, 'active', 0]);
    // A connection without a request does not delay the shutdown.
    const silent = connect(stack.apiPort, '127.0.0.1');
    silent.on('error', () => undefined);
    const exit = stack.process('api').stop();
    expect(await stopped.ended()).toBe(true);
    expect(await exit).toBe(0);
    await stack.startService('api');

    const stream = await open(id, 2);
    await stack.store.progress(id, 1, 50, 'pages');
    expect(await stream.next()).toEqual([3, 'active', 50]);
  });

  it('sends an end that the client has missed, and answers 204 if it has seen the end', async () => {
    const id = await accept();
    await stack.store.cancel(id);
    const late = await open(id, 1);
    expect(await late.next()).toEqual([2, 'cancelled', 0]);
    expect(await late.ended()).toBe(true);
    const again = await ask(id, 2);
    expect([again.status, await again.text()]).toEqual([204, '']);
  });

  it('sends gone when the job is deleted, and cannot be opened again', async () => {
    const id = await accept();
    const stream = sentEvents(await ask(id));
    await stream.next();
    await stream.next();
    await stack.store.remove(id);
    expect((await stream.next()).value).toMatchObject({ event: 'gone' });
    expect((await stream.next()).done).toBe(true);
    expect((await ask(id, 1)).status).toBe(404);
  });

  it('sends the current state for an unknown Last-Event-ID', async () => {
    const id = await accept();
    const { body, status } = await fetch(`${stack.url}/api/jobs/${id}/events`, {
      headers: { 'Last-Event-ID': 'elsewhere' },
    });
    expect(status).toBe(200);
    await body?.cancel();
    expect(await (await open(id, 0)).next()).toEqual([1, 'queued', 0]);
  });
});

describe('event streams of one client', () => {
  it.each([
    ['on', 50],
    ['off', STREAMS_WITHOUT_RATE_LIMIT],
  ])('are limited for a whole /64: with RATE_LIMIT=%s to %s', async (rateLimit, limit) => {
    await stack.process('api').stop();
    await stack.startService('api', [], { TRUST_PROXY: '1', RATE_LIMIT: rateLimit });
    const id = await accept();
    const from = (address: string) =>
      fetch(`${stack.url}/api/jobs/${id}/events`, { headers: { 'X-Forwarded-For': address } });
    const open: Response[] = [];
    for (let i = 0; i < limit; i++) {
      open.push(await from(`2001:db8:0:1::${i.toString(16)}`));
      if (rateLimit === 'on') await sleep(BELOW_RATE_MS);
    }
    expect(open.map(({ status }) => status)).toEqual(open.map(() => 200));
    const refused = await from('2001:db8:0:1:ffff::1');
    expect(refused.status).toBe(429);
    const detail = expect.stringContaining(`At most ${limit} event streams`) as unknown;
    expect(await json<Problem>(refused)).toMatchObject({ code: 'rate_limited', detail });
    open.push(await from('2001:db8:0:2::1'));
    expect(open.at(-1)?.status).toBe(200);
    await open[0]?.body?.cancel();
    await eventually(async () => {
      const next = await from('2001:db8:0:1::ffff');
      await next.body?.cancel();
      return next.status === 200;
    }, 'a closed stream makes room');
    for (const { body } of open.slice(1)) await body?.cancel();
  });

  it('give their slots back if the client disconnects while its job is read', async () => {
    await stack.process('api').stop();
    await stack.startService('api', [], { TRUST_PROXY: '1', RATE_LIMIT: 'off' });
    const id = await accept();
    const headers = { 'X-Forwarded-For': '203.0.113.7' };
    const redis = stack.process('redis');
    redis.signal('SIGSTOP');
    const leave = new AbortController();
    const api = stack.process('api');
    const left = Array.from({ length: STREAMS_WITHOUT_RATE_LIMIT + 10 }, () =>
      fetch(`${stack.url}/api/jobs/${id}/events`, { headers, signal: leave.signal }).catch(() => 'left'),
    );
    // The api has received the requests once it has answered a later one.
    await fetch(`${stack.url}/livez`);
    leave.abort();
    expect(await Promise.all(left)).toEqual(left.map(() => 'left'));
    const logged = () => api.lines.filter(({ path, broken }) => broken === true && String(path).endsWith('/events'));
    await eventually(() => Promise.resolve(logged().length >= left.length), 'all are noticed');
    redis.signal('SIGCONT');
    const next = await fetch(`${stack.url}/api/jobs/${id}/events`, { headers });
    await next.body?.cancel();
    expect(next.status).toBe(200);
  });
});
