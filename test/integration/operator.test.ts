import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { childWith, stopChildren } from '@pdf-tools/harness/children';
import { sentEvents } from '@pdf-tools/harness/events';
import { form, json } from '@pdf-tools/harness/http';
import type { Job, Problem } from '@pdf-tools/harness/http';
import { freePort } from '@pdf-tools/harness/ports';
import { eventually } from '@pdf-tools/harness/processes';
import { jpeg } from '@pdf-tools/harness/samples';
import { TestStack } from '@pdf-tools/harness/stack';

const run = promisify(execFile);
const KEY = 'an-admin-key-for-tests';

interface AdminJob {
  readonly id: string;
  readonly status: string;
  readonly worker: string | null;
  readonly attempts: number;
  readonly dead_at?: string;
  readonly reason?: string;
}
interface Worker {
  readonly name: string;
  readonly pid: number;
  readonly jobs_done: number;
  readonly jobs: readonly AdminJob[];
  readonly children: readonly { pid: number; jobs: number; rss_bytes: number; job: string | null }[];
}

let stack: TestStack;
let port: number;
let photo: Buffer;
/** Child processes of the worker. */
let children: number;

beforeAll(async () => {
  photo = await jpeg();
  port = await freePort();
  stack = await TestStack.start(['api', 'worker', 'scheduler'], { ADMIN_KEY: KEY, ADMIN_PORT: String(port) });
  await eventually(async () => (await fetch(`${stack.url}/readyz`)).ok, 'ready');
  children = (await workers())[0]?.children.length ?? 0;
});
afterAll(() => stack.stop());

function admin(path: string, init: RequestInit = {}, key = KEY): Promise<Response> {
  return fetch(`http://127.0.0.1:${port}${path}`, { ...init, headers: { Authorization: `Bearer ${key}` } });
}

async function list(path: string): Promise<readonly AdminJob[]> {
  return (await json<{ jobs: readonly AdminJob[] }>(await admin(`/admin/api/${path}`))).jobs;
}

async function workers(): Promise<readonly Worker[]> {
  return (await json<{ workers: readonly Worker[] }>(await admin('/admin/api/workers'))).workers;
}

async function send(file: Buffer): Promise<string> {
  const body = form([{ name: 'photo.jpg', bytes: file }]);
  const response = await fetch(`${stack.url}/api/image-to-pdf?async=true`, { method: 'POST', body });
  return (await json<Job>(response)).id;
}

function becomes(id: string, status: string): Promise<Job> {
  return eventually(async () => {
    const job = await json<Job>(await fetch(`${stack.url}/api/jobs/${id}`));
    return job.status === status && job;
  }, `job ${status}`);
}

/** Collects the events of all jobs until the signal aborts. */
async function listen(signal: AbortSignal): Promise<readonly AdminJob[]> {
  const answer = await admin('/admin/api/events', { signal });
  expect(answer.headers.get('content-type')).toBe('text/event-stream');
  const changes: AdminJob[] = [];
  const read = async (): Promise<void> => {
    for await (const { event, data = '' } of sentEvents(answer))
      if (event === 'job') changes.push(JSON.parse(data) as AdminJob);
  };
  void read().catch(() => undefined);
  return changes;
}

/** Creates a job that fails permanently, because its child process is killed in each attempt. */
async function failPermanently(): Promise<string> {
  const stopped = await stopChildren(stack, children);
  const id = await send(photo);
  const first = await childWith(stack, id);
  process.kill(first, 'SIGKILL');
  const second = await childWith(stack, id, first);
  process.kill(second, 'SIGKILL');
  for (const pid of stopped) if (pid !== first && pid !== second) process.kill(pid, 'SIGCONT');
  await becomes(id, 'failed');
  return id;
}

describe('the admin listener', () => {
  it('requires its key and has its own port', async () => {
    for (const key of ['', 'another-key-of-length', KEY.slice(0, -1)]) {
      const refused = await admin('/admin/api/jobs', {}, key);
      expect([refused.status, (await json<Problem>(refused)).code]).toEqual([401, 'unauthorized']);
      expect(refused.headers.get('www-authenticate')).toContain('Bearer');
      expect(refused.headers.get('content-type')).toBe('application/problem+json');
    }
    expect((await fetch(`${stack.url}/admin/api/jobs`, { headers: { 'X-API-Key': KEY } })).status).toBe(404);
  });

  it('responds with 404, 405, problems and headers as the API does', async () => {
    expect((await admin('/admin/api/nothing')).status).toBe(404);
    const wrong = await admin('/admin/api/jobs', { method: 'DELETE' });
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'HEAD, GET, OPTIONS']);
    for (const query of ['status=lost', 'limit=0', 'limit=501', 'limit=x'])
      expect((await json<Problem>(await admin(`/admin/api/jobs?${query}`))).code).toBe('invalid_params');
    const good = await admin('/admin/api/jobs?limit=500');
    expect(good.headers.get('x-content-type-options')).toBe('nosniff');
    expect(good.headers.get('cache-control')).toBe('no-store');
  });

  it('does not start if its key is too short', async () => {
    const main = new URL('../../../services/api/dist/main.js', import.meta.url).pathname;
    const failure = await run(process.execPath, [main], { env: { ADMIN_KEY: 'fifteen-letters' } }).catch(
      (error: unknown) => error,
    );
    expect((failure as { stderr: string }).stderr).toContain('ADMIN_KEY: must have at least 16 characters');
  });
});

describe('a list of the admin listener', () => {
  it('has the jobs of a status, the latest end first', async () => {
    const [good, bad] = [await send(photo), await send(photo.subarray(0, photo.length / 2))];
    await becomes(good, 'succeeded');
    await becomes(bad, 'failed');
    expect((await list('jobs?status=failed')).map(({ id }) => id)).toEqual([bad]);
    expect((await list('jobs?status=succeeded')).map(({ id }) => id)).toEqual([good]);
    expect((await list('jobs?status=queued')).length).toBe(0);
    const one = await json<{ jobs: unknown[]; complete: boolean; counts: unknown }>(
      await admin('/admin/api/jobs?limit=1'),
    );
    expect([one.jobs.length, one.complete]).toEqual([1, false]);
    expect(one.counts).toEqual({ queued: 0, active: 0, finished: 2, dead: 0 });
  });

  it('has the worker with its finished jobs and the memory of its children', async () => {
    const [worker] = await eventually(async () => {
      const found = await workers();
      return (found[0]?.jobs_done ?? 0) >= 2 && found;
    }, 'jobs counted');
    expect(worker).toMatchObject({ pid: stack.process('worker').pid, jobs: [], concurrency: 2, jobs_done: 2 });
    expect(worker?.children.length).toBeGreaterThanOrEqual(2);
    for (const child of worker?.children ?? []) expect(child.rss_bytes).toBeGreaterThan(10_000_000);
  });
});

describe('a job whose child process crashes in each attempt', () => {
  it('is listed while it runs, fails permanently, and can be queued again', async () => {
    const reading = new AbortController();
    const changes = await listen(reading.signal);
    const id = await failPermanently();
    const dead = await list('dead');
    expect(dead).toEqual([expect.objectContaining({ id, reason: 'worker_crashed', attempts: 2, interruptions: 0 })]);
    expect(Math.abs(Date.parse(dead[0]?.dead_at ?? '') - Date.now())).toBeLessThan(60_000);
    expect(await list(`jobs?id=${id}`)).toEqual([expect.objectContaining({ id, dead_at: dead[0]?.dead_at })]);

    const retried = await admin(`/admin/api/dead/${id.slice(0, 12)}/retry`, { method: 'POST' });
    expect([retried.status, await json<unknown>(retried)]).toEqual([200, { id, status: 'queued' }]);
    expect(await becomes(id, 'succeeded')).toMatchObject({ attempts: 1, error: null });
    expect(await list('dead')).toEqual([]);

    const statuses = () => changes.filter((change) => change.id === id).map(({ status }) => status);
    await eventually(() => Promise.resolve(statuses().includes('succeeded')), 'end among the events');
    reading.abort();
    const transitions = statuses().filter((status, i, all) => status !== all[i - 1]);
    expect(transitions.slice(-7)).toEqual(['active', 'queued', 'active', 'failed', 'queued', 'active', 'succeeded']);
    const again = await admin(`/admin/api/dead/${id}/retry`, { method: 'POST' });
    expect([again.status, (await json<Problem>(again)).code]).toEqual([404, 'job_not_found']);
  });

  it('cannot be queued again without its inputs, and the error has one remedy', async () => {
    const id = await failPermanently();
    const [seen] = await list('jobs?status=failed&limit=1');
    expect(seen).toMatchObject({ id, worker: null });
    await stack.storage.removeUploads(id);
    const refused = await admin(`/admin/api/dead/${id}/retry`, { method: 'POST' });
    expect([refused.status, (await json<Problem>(refused)).detail]).toEqual([
      410,
      'The input files of the job were deleted. Send the files again to start a new job.',
    ]);
    expect((await list('dead')).length).toBe(1);
  });
});

describe('operator.mjs', () => {
  const script = new URL('../../../scripts/operator.mjs', import.meta.url).pathname;
  const operator = (command: string, env: Record<string, string> = {}) =>
    run(process.execPath, [script, command], { env: { ADMIN_PORT: String(port), ADMIN_KEY: KEY, ...env } });

  it('prints tables, and JSON on request', async () => {
    expect((await operator('jobs', { STATUS: 'succeeded' })).stdout).toMatch(/^ID +OPERATION +STATUS[^]*image-to-pdf/m);
    expect((await operator('workers')).stdout).toContain(`pid ${stack.process('worker').pid}`);
    expect((await operator('dead')).stdout).toMatch(/^1 failed permanently[^]*worker_crashed/);
    expect(JSON.parse((await operator('jobs', { JSON: '1' })).stdout)).toMatchObject({ complete: true });
  });

  it('prints what is wrong', async () => {
    const failure = async (...args: Parameters<typeof operator>) =>
      ((await operator(...args).catch((error: unknown) => error)) as { stderr: string }).stderr;
    expect(await failure('retry', { ID: 'abcdef' })).toContain('No job that failed permanently has this id');
    expect(await failure('jobs', { STATUS: 'lost' })).toContain('"status" must be one of: queued');
    expect(await failure('jobs', { ADMIN_KEY: 'another-key-of-length' })).toContain('A valid API key is required');
    expect(await failure('jobs', { ADMIN_PORT: '1' })).toContain('does not answer');
  });
});

describe('a worker that shuts down', () => {
  it('is no longer listed', async () => {
    await stack.process('worker').stop();
    expect(await workers()).toEqual([]);
    expect(await stack.redis.keys('pdf:worker:*')).toEqual([]);
  });
});
