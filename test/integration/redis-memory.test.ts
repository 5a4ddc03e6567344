import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { MAX_MEMORY_SHARE, REPORTED_MEMORY_SHARE } from '@pdf-tools/jobs/admission';
import { bytes, form, json } from '@pdf-tools/harness/http';
import type { Job, Problem } from '@pdf-tools/harness/http';
import { eventually } from '@pdf-tools/harness/processes';
import { pdf } from '@pdf-tools/harness/samples';
import { TestStack } from '@pdf-tools/harness/stack';

jest.setTimeout(240_000);

const MIB = 2 ** 20;

let stack: TestStack;
let page: Buffer;
beforeAll(async () => {
  page = await pdf(['a page']);
  stack = await TestStack.start(['api', 'scheduler']);
});
afterAll(() => stack.stop());

const share = async (): Promise<number> => (await stack.store.headroom()).memoryShare;

async function used(): Promise<number> {
  return Number(/used_memory:(\d+)/.exec(await stack.redis.info('memory'))?.[1]);
}

/** Sends a valid request with a record of about 90 KB. */
function merge(): Promise<Response> {
  const items = JSON.stringify(Array.from({ length: 60 }, () => ({ file: 0, title: 't'.repeat(1_000) })));
  const files = Array.from({ length: 50 }, (_none, i) => ({ name: `${i}${'😀'.repeat(110)}.pdf`, bytes: page }));
  return fetch(`${stack.url}/api/merge-pdf?async=true`, { method: 'POST', body: form(files, { items }) });
}

async function fill(): Promise<{ ids: string[]; refusal: Response }> {
  const ids: string[] = [];
  for (;;) {
    const answer = await merge();
    if (answer.status !== 202) return { ids, refusal: answer };
    ids.push((await json<Job>(answer)).id);
  }
}

async function statusOf(path: string): Promise<number> {
  return (await fetch(`${stack.url}${path}`)).status;
}

const succeeded = (ids: readonly string[]): Promise<boolean> =>
  eventually(
    async () => {
      const jobs = await Promise.all(ids.map((id) => stack.store.get(id)));
      return jobs.every((job) => job?.status === 'succeeded');
    },
    'succeeded',
    180_000,
  );

describe('Redis filled with valid requests', () => {
  let ids: string[];

  it('makes the api refuse new jobs at the limit, with a reason', async () => {
    await stack.redis.configSet('maxmemory', String((await used()) + 12 * MIB));
    const { ids: accepted, refusal } = await fill();
    ids = accepted;
    expect(ids.length).toBeGreaterThan(20);
    expect(refusal.status).toBe(503);
    expect(Number(refusal.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await json<Problem>(refusal)).toMatchObject({ code: 'overloaded', detail: expect.stringMatching(/80 %/) });
    expect(await share()).toBeGreaterThanOrEqual(REPORTED_MEMORY_SHARE);
    expect(await share()).toBeLessThan(MAX_MEMORY_SHARE + 0.05);
    const readiness = async () => json<{ redis_memory: boolean }>(await fetch(`${stack.url}/readyz`));
    // Redis frees the buffers of connections in the meantime, which makes room for a few more jobs.
    await eventually(async () => {
      ids.push(...(await fill()).ids);
      return !(await readiness()).redis_memory;
    }, 'reported by /readyz');
    expect(await statusOf('/readyz')).toBe(503);
    expect(await statusOf('/health')).toBe(200);
    // Refused requests leave nothing behind.
    expect(new Set((await stack.filesOf()).map((path) => path.split('/').at(-2)))).toEqual(new Set(ids));
  });

  it('lets every accepted job finish, and then accepts new ones', async () => {
    await stack.startService('worker');
    await succeeded(ids);
    expect(await share()).toBeLessThan(MAX_MEMORY_SHARE);
    await eventually(async () => (await statusOf('/readyz')) === 200, 'ready');
    const answer = await merge();
    expect(answer.status).toBe(202);
    await succeeded([(await json<Job>(answer)).id]);
  });

  it('keeps the parts of an ended job that its client may still request', async () => {
    const id = ids[0] ?? '';
    const job = await stack.store.get(id);
    expect(job).toMatchObject({ params: {}, shrunk: true, input_count: 50, bytes: 50 * page.length });
    expect(JSON.stringify(job?.inputs).length).toBeLessThan(100);
    expect(await stack.redis.objectEncoding(`pdf:job:${id}`)).toBe('listpack');
    expect(await stack.redis.memoryUsage(`pdf:job:${id}`)).toBeLessThan(3_000);
    const view = await json<{ result: { report: { files: unknown[] } } }>(await fetch(`${stack.url}/api/jobs/${id}`));
    expect(view.result.report.files).toHaveLength(50);
    expect(view.result.report.files[49]).toMatchObject({ index: 49, name: `49${'😀'.repeat(110)}.pdf` });
    const events = await (await fetch(`${stack.url}/api/jobs/${id}/events`)).text();
    expect(events).toContain(JSON.stringify(view.result.report));
    expect((await bytes(await fetch(`${stack.url}/api/jobs/${id}/result`))).subarray(0, 5).toString()).toBe('%PDF-');
  });
});

describe('Redis without free memory', () => {
  it('lets a worker that starts then claim and finish its jobs', async () => {
    await stack.process('worker').stop();
    const ids = await Promise.all([merge(), merge()].map(async (call) => (await json<Job>(await call)).id));
    await stack.redis.configSet('maxmemory', String(Math.round((await used()) * 0.9)));
    await expect(stack.redis.set('pdf:vtime-probe', 'x')).rejects.toThrow(/OOM/);
    expect((await merge()).status).toBe(503);
    await stack.startService('worker');
    await succeeded(ids);
    expect(await stack.redis.zCard('pdf:workers')).toBe(1);
  });
});
