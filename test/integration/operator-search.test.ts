import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { form, json } from '@pdf-tools/harness/http';
import type { Job, Problem } from '@pdf-tools/harness/http';
import { freePort } from '@pdf-tools/harness/ports';
import { eventually } from '@pdf-tools/harness/processes';
import { jpeg } from '@pdf-tools/harness/samples';
import { TestStack } from '@pdf-tools/harness/stack';

const KEY = 'an-admin-key-for-tests';
let stack: TestStack;
let base: string;

beforeAll(async () => {
  const port = await freePort();
  base = `http://127.0.0.1:${port}/admin/api`;
  // Without a worker, jobs wait.
  stack = await TestStack.start(['api'], { ADMIN_KEY: KEY, ADMIN_PORT: String(port) });
});
afterAll(() => stack.stop());

function admin(path: string, init: RequestInit = {}): Promise<Response> {
  return fetch(`${base}/${path}`, { ...init, headers: { Authorization: `Bearer ${KEY}` } });
}

async function queueJob(): Promise<string> {
  const body = form([{ name: 'photo.jpg', bytes: await jpeg() }]);
  const response = await fetch(`${stack.url}/api/image-to-pdf?async=true`, { method: 'POST', body });
  return (await json<Job>(response)).id;
}

async function statusOf(id: string): Promise<string> {
  return (await json<Job>(await fetch(`${stack.url}/api/jobs/${id}`))).status;
}

async function idsOf(query: string): Promise<readonly string[]> {
  const { jobs } = await json<{ jobs: readonly Job[] }>(await admin(`jobs?${query}`));
  return jobs.map(({ id }) => id);
}

describe('the search for a job', () => {
  it('finds jobs of every status by the beginning of their ids', async () => {
    const [waiting, cancelled] = [await queueJob(), await queueJob()];
    await fetch(`${stack.url}/api/jobs/${cancelled}`, { method: 'DELETE' });
    for (const id of [waiting, cancelled]) {
      expect(await idsOf(`id=${id.slice(0, 12)}`)).toEqual([id]);
      expect(await idsOf(`id=${id}`)).toEqual([id]);
    }
    expect(await idsOf(`id=${'0'.repeat(40)}`)).toEqual([]);
  });

  it('says whether there are more than the limit', async () => {
    const id = await queueJob();
    const twin = id.slice(0, 20) + 'f'.repeat(20);
    await stack.redis.copy(`pdf:job:${id}`, `pdf:job:${twin}`);
    await stack.redis.hSet(`pdf:job:${twin}`, 'id', twin);
    await stack.redis.zAdd('pdf:queued', { score: Date.now(), value: twin });
    const answer = await json<{ jobs: unknown[]; complete: boolean }>(
      await admin(`jobs?limit=1&id=${id.slice(0, 12)}`),
    );
    expect([answer.jobs.length, answer.complete]).toEqual([1, false]);
    await stack.redis.zRem('pdf:queued', twin);
  });

  it.each(['abc', 'xyzxyz', 'g'.repeat(12), 'a'.repeat(41)])('refuses %s, which begins no id', async (id) => {
    const answer = await admin(`jobs?id=${id}`);
    expect([answer.status, await json<Problem>(answer)]).toMatchObject([400, { code: 'invalid_params' }]);
  });
});

describe('the cancellation by an operator', () => {
  const cancel = (id: string, init: RequestInit = {}) => admin(`jobs/${id}/cancel`, { method: 'POST', ...init });

  it('ends a job of any client, deletes its files and writes the reason to the log', async () => {
    const id = await queueJob();
    expect(await json(await cancel(id))).toEqual({ id, status: 'cancelled' });
    expect(await statusOf(id)).toBe('cancelled');
    expect(await stack.filesOf(id)).toEqual([]);
    const line = await eventually(
      () => Promise.resolve(stack.process('api').lines.find(({ reason }) => reason === 'cancelled by operator')),
      'the reason is in the log',
    );
    expect(line).toMatchObject({ job_id: id.slice(0, 12) });
  });

  it('needs the key, POST and the whole id of a job that has not ended', async () => {
    const id = await queueJob();
    expect((await fetch(`${base}/jobs/${id}/cancel`, { method: 'POST' })).status).toBe(401);
    expect((await cancel(id, { method: 'GET' })).status).toBe(405);
    expect((await cancel(id.slice(0, 12))).status).toBe(400);
    expect(await statusOf(id)).toBe('queued');
    expect((await cancel(id)).status).toBe(200);
    const again = await cancel(id);
    expect([again.status, await json<Problem>(again)]).toMatchObject([404, { code: 'job_not_found' }]);
  });
});
