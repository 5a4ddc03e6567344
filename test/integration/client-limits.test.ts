import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { form, json } from '@pdf-tools/harness/http';
import type { Job, Problem } from '@pdf-tools/harness/http';
import { eventually } from '@pdf-tools/harness/processes';
import { jpeg } from '@pdf-tools/harness/samples';
import { TestStack } from '@pdf-tools/harness/stack';

let stack: TestStack;
let photo: Buffer;
beforeAll(async () => {
  photo = await jpeg();
  stack = await TestStack.start(['api', 'scheduler'], {
    API_KEYS: 'many:key-of-many,few:key-of-few',
    QUEUE_MAX_JOBS: '24',
  });
});
afterAll(() => stack.stop());

function send(client: string, count = 1, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
  const files = Array.from({ length: count }, (_none, i) => ({ name: `${i}.jpg`, bytes: photo }));
  return fetch(`${stack.url}/api/image-to-pdf?async=true`, {
    method: 'POST',
    headers: { 'X-API-Key': `key-of-${client}`, ...headers },
    body: form(files),
  });
}

async function remove(client: string, id: string): Promise<void> {
  await fetch(`${stack.url}/api/jobs/${id}`, { method: 'DELETE', headers: { 'X-API-Key': `key-of-${client}` } });
}

/** Sends until a job is accepted, because the api's early refusals use a state of up to a second ago. */
async function accepted(client: string): Promise<Job> {
  return eventually(async () => {
    const answer = await send(client);
    return answer.status === 202 && json<Job>(answer);
  }, 'accepted');
}

describe('a client that fills the queue', () => {
  let answers: Response[];
  let jobs: Job[];

  it('gets at most half of it, even with many requests at once', async () => {
    answers = await Promise.all(Array.from({ length: 30 }, () => send('many')));
    jobs = await Promise.all(answers.filter(({ status }) => status === 202).map((answer) => json<Job>(answer)));
    expect(jobs).toHaveLength(12);
    const refused = answers.filter(({ status }) => status !== 202);
    expect(refused.every(({ status }) => status === 429)).toBe(true);
    const [first] = refused;
    expect(Number(first?.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(first && (await json<Problem>(first))).toMatchObject({
      code: 'queue_full',
      detail: expect.stringMatching(/limit of one client is 12 unfinished jobs.*DELETE/),
    });
    expect(new Set((await stack.filesOf()).map((path) => path.split('/').at(-2)))).toEqual(
      new Set(jobs.map(({ id }) => id)),
    );
  });

  it('leaves the other half to other clients', async () => {
    const { id } = await json<Job>(await send('few'));
    await remove('few', id);
  });

  it('may send again when one of its jobs has been deleted', async () => {
    await remove('many', jobs[0]?.id ?? '');
    jobs[0] = await accepted('many');
    await eventually(async () => (await send('many')).status === 429, 'full again');
  });

  it('gets the job of an earlier request when it repeats that at its limit, and 429 for a new request', async () => {
    await remove('many', jobs.pop()?.id ?? '');
    const key = { 'Idempotency-Key': 'repeated' };
    const first = await eventually(async () => {
      const answer = await send('many', 1, key);
      return answer.status === 202 && json<Job>(answer);
    }, 'accepted');
    // From now on the check before the body also knows the limit. Before that, a request without a body got 400.
    const headers = { 'X-API-Key': 'key-of-many' };
    const unread = () => fetch(`${stack.url}/api/image-to-pdf`, { method: 'POST', headers });
    await eventually(async () => (await unread()).status === 429, 'refused early');
    const repeated = await send('many', 1, key);
    expect(repeated.headers.get('idempotency-replayed')).toBe('true');
    expect(await json<Job>(repeated)).toMatchObject({ id: first.id });
    expect((await send('many', 1, { 'Idempotency-Key': 'new' })).status).toBe(429);
  });

  it('gets its own limit as the reason when the whole queue is full', async () => {
    for (let n = 0; n < 12; n++) await accepted('few');
    const answer = await eventually(async () => {
      const refused = await send('few');
      return refused.status === 429 && json<Problem>(refused);
    }, 'full');
    expect(answer).toMatchObject({
      code: 'queue_full',
      detail: expect.stringMatching(/queue of this server .*24 jobs/),
    });
  });

  it('has its full limit again when its jobs have ended', async () => {
    await stack.startService('worker');
    await eventually(async () => (await stack.store.backlog()).queued === 0, 'no job waits');
    await eventually(async () => (await stack.store.headroom()).clients.size === 0, 'no client is counted');
    expect(await stack.redis.exists(['pdf:client-jobs', 'pdf:client-bytes'])).toBe(0);
  });
});

it('finds the limits in /api/limits', async () => {
  const headers = { 'X-API-Key': 'key-of-few' };
  expect(await json(await fetch(`${stack.url}/api/limits`, { headers }))).toMatchObject({
    max_queued_jobs: 24,
    max_queued_jobs_per_client: 12,
    max_queued_bytes: 4_294_967_296,
    max_queued_bytes_per_client: 2_147_483_648,
    max_record_bytes: 98_304,
    operations: { 'merge-pdf': { max_lengths: { items: 2_000, 'items[].title': 1_000 } } },
  });
});
