import { afterEach, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { bytes, form, json } from '@pdf-tools/harness/http';
import type { Job, Problem } from '@pdf-tools/harness/http';
import { eventually } from '@pdf-tools/harness/processes';
import { jpeg, scan } from '@pdf-tools/harness/samples';
import { TestStack } from '@pdf-tools/harness/stack';

const run = promisify(execFile);
const main = (service: string) => new URL(`../../../services/${service}/dist/main.js`, import.meta.url).pathname;

let stack: TestStack | undefined;
afterEach(async () => {
  await stack?.stop();
  stack = undefined;
});

async function start(env: Record<string, string> = {}): Promise<TestStack> {
  stack = await TestStack.start(['api', 'worker', 'scheduler'], env);
  const { url } = stack;
  await eventually(async () => (await fetch(`${url}/readyz`)).ok, 'ready');
  return stack;
}

function send(url: string, file: Buffer, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${url}/api/image-to-pdf`, { method: 'POST', body: form([{ name: 'a.jpg', bytes: file }]), headers });
}

describe('the configuration', () => {
  it.each(['api', 'worker', 'scheduler'])(
    'of the %s names all invalid variables at once, without their values',
    async (service) => {
      const env = {
        PATH: process.env.PATH,
        LOG_LEVEL: 'loud',
        SHUTDOWN_GRACE_SECONDS: 'soon',
        REDIS_PASSWORD_FILE: '/nowhere',
      };
      const failure = await run(process.execPath, [main(service)], { env }).catch((error: unknown) => error);
      expect(failure).toMatchObject({ code: 1 });
      const { stderr } = failure as { stderr: string };
      for (const name of ['LOG_LEVEL', 'SHUTDOWN_GRACE_SECONDS', 'REDIS_PASSWORD_FILE']) expect(stderr).toContain(name);
      expect(stderr).not.toMatch(/loud|soon|nowhere/);
    },
  );

  it('matches .env.example', async () => {
    const script = new URL('../../../scripts/env-example.mjs', import.meta.url).pathname;
    await expect(run(process.execPath, [script, '--check'])).resolves.toBeDefined();
  });
});

describe('API keys', () => {
  it('are required, and show each client only its own jobs', async () => {
    const { url } = await start({ API_KEYS: 'alice:key-of-alice,bob:key-of-bob' });
    const photo = await jpeg();
    const refused = await send(url, photo);
    expect(refused.status).toBe(401);
    expect(await json<Problem>(refused)).toMatchObject({ code: 'unauthorized' });

    const alice = { Authorization: 'Bearer key-of-alice' };
    const { id } = await json<Job>(await send(url, photo, { ...alice, Prefer: 'respond-async' }));
    expect((await fetch(`${url}/api/jobs/${id}`, { headers: alice })).status).toBe(200);
    const bob = await fetch(`${url}/api/jobs/${id}`, { headers: { 'X-API-Key': 'key-of-bob' } });
    expect([bob.status, (await json<Problem>(bob)).code]).toEqual([404, 'job_not_found']);
    await fetch(`${url}/api/jobs/${id}`, { method: 'DELETE', headers: { 'X-API-Key': 'key-of-bob' } });
    expect((await fetch(`${url}/api/jobs/${id}`, { headers: alice })).status).toBe(200);
  });
});

describe('the rate limit of the api', () => {
  it('refuses with a time to retry, counts in Redis, and excludes probes', async () => {
    const { url, redis } = await start({ RATE_LIMIT: 'on' });
    const started = performance.now();
    const answers = await Promise.all(Array.from({ length: 200 }, () => fetch(`${url}/api/jobs/x`)));
    // A busy machine answers in several windows of 2 s, each of which admits 40 requests.
    const windows = 1 + Math.ceil((performance.now() - started) / 2_000);
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThanOrEqual(Math.max(1, 200 - 40 * windows));
    expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(refused[0] && (await json<Problem>(refused[0])).code).toBe('rate_limited');
    expect(answers[0]?.headers.get('ratelimit-policy')).toContain('q=40');
    expect((await redis.keys('pdf:rate:*')).length).toBeGreaterThan(0);
    expect((await fetch(`${url}/health`)).status).toBe(200);
  });
});

describe('SIGTERM', () => {
  it('lets the api finish its responses and the worker its jobs', async () => {
    const { url, ...rest } = await start().then((started) => ({
      url: started.url,
      process: started.process.bind(started),
    }));
    const input = await scan(4);
    const body = form([{ name: 'scan.pdf', bytes: input, field: 'file' }]);
    const answer = fetch(`${url}/api/compress-pdf`, { method: 'POST', body });
    await eventually(async () => {
      const { active } = (await stack?.store.backlog()) ?? { active: 0 };
      return active > 0;
    }, 'at work');
    const stopped = [rest.process('api').stop(), rest.process('worker').stop()];
    const response = await answer;
    expect(response.status).toBe(200);
    expect((await bytes(response)).subarray(0, 5).toString()).toBe('%PDF-');
    expect(await Promise.all(stopped)).toEqual([0, 0]);
    await expect(fetch(`${url}/livez`)).rejects.toThrow();
  });
});

describe('the api without Redis', () => {
  it('refuses requests at once, and accepts them again when Redis is back', async () => {
    const started = await start();
    const photo = await jpeg();
    await started.process('redis').crash();
    await eventually(async () => (await fetch(`${started.url}/health`)).status === 503, 'unhealthy');
    const refused = await send(started.url, photo);
    expect([refused.status, (await json<Problem>(refused)).code]).toEqual([503, 'redis_unavailable']);
    expect(refused.headers.get('retry-after')).not.toBeNull();
    await started.restartRedis();
    await eventually(async () => (await send(started.url, photo)).status === 200, 'works again');
  });
});
