import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { form, json } from '@pdf-tools/harness/http';
import type { Job } from '@pdf-tools/harness/http';
import { freePort } from '@pdf-tools/harness/ports';
import { eventually } from '@pdf-tools/harness/processes';
import { jpeg } from '@pdf-tools/harness/samples';
import { TestStack } from '@pdf-tools/harness/stack';

const run = promisify(execFile);
const SCRIPTS = new URL('../../../scripts/', import.meta.url).pathname;
const KEY = 'an-admin-key-for-tests';
let stack: TestStack;
let port: number;

beforeAll(async () => {
  port = await freePort();
  stack = await TestStack.start(['api', 'worker', 'scheduler'], { ADMIN_KEY: KEY, ADMIN_PORT: String(port) });
});
afterAll(() => stack.stop());

async function send(requestId: string, bytes: Buffer): Promise<Job> {
  const body = form([{ name: 'photo.jpg', bytes }]);
  const init = { method: 'POST', body, headers: { 'X-Request-Id': requestId } };
  const { id } = await json<Job>(await fetch(`${stack.url}/api/image-to-pdf?async=true`, init));
  return eventually(async () => {
    const job = await json<Job>(await fetch(`${stack.url}/api/jobs/${id}`));
    return job.status !== 'queued' && job.status !== 'active' && job;
  }, 'job ended');
}

describe('the log lines about a job', () => {
  it('are found in all services by its id and request ids, in order of time', async () => {
    const photo = await jpeg();
    const [mine, other] = [await send('my-call', photo), await send('another-call', photo)];
    const isLogged = ({ message, job_id }: Record<string, unknown>): boolean =>
      message === 'job succeeded' && job_id === other.id.slice(0, 12);
    await eventually(() => Promise.resolve(stack.process('worker').lines.some(isLogged)), 'the jobs are in the log');
    const logs = ['worker', 'api', 'scheduler'].map((name) => stack.process(name).output).join('');
    const nginx = { time: new Date().toISOString(), request_id: 'my-call', path: '/api/image-to-pdf', status: 202 };
    const input = `nginx-1  | ${JSON.stringify(nginx)}\n${logs}--- so far ---\n`;
    const child = run(process.execPath, [`${SCRIPTS}job-log.mjs`, mine.id]);
    child.child.stdin?.end(input);
    const lines = (await child).stdout.trim().split('\n');
    const found = lines.map((line) => JSON.parse(line.slice(line.indexOf('{'))) as Record<string, string>);
    expect(found.map(({ service }) => service)).toEqual(expect.arrayContaining(['api', 'worker', undefined]));
    expect(found.map(({ message }) => message)).toEqual(expect.arrayContaining(['request', 'job succeeded']));
    for (const line of found) {
      expect(line.job_id ?? mine.id.slice(0, 12)).toBe(mine.id.slice(0, 12));
      expect(line.request_id).not.toBe('another-call');
    }
    expect(lines.join()).not.toContain(other.id.slice(0, 12));
    const times = found.map(({ time = '' }) => Date.parse(time));
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });

  it('contain the code of a refusal and of a failure', async () => {
    const broken = await send('broken-call', (await jpeg()).subarray(0, 500));
    const failed = await eventually(() => {
      const { lines } = stack.process('worker');
      return Promise.resolve(
        lines.find(({ message, job_id }) => message === 'job failed' && job_id === broken.id.slice(0, 12)),
      );
    }, 'the line of the failed job');
    expect(failed).toMatchObject({
      level: 'info',
      service: 'worker',
      request_id: 'broken-call',
      code: broken.error?.code,
    });
    const lines = stack.process('worker').lines.filter(({ job_id }) => job_id === broken.id.slice(0, 12));
    expect(lines).toEqual([failed]);
    expect(JSON.stringify(lines)).not.toMatch(/\\n +at /);
    await fetch(`${stack.url}/api/nothing`, { headers: { 'X-Request-Id': 'lost-call' } });
    const refused = await eventually(
      () => Promise.resolve(stack.process('api').lines.find((line) => line.request_id === 'lost-call')),
      'a line',
    );
    expect(refused).toMatchObject({ service: 'api', status: 404, code: 'not_found' });
  });
});

describe('the log level', () => {
  const setLevel = (env: Record<string, string>) =>
    run(process.execPath, [`${SCRIPTS}operator.mjs`, 'log-level'], {
      env: { ADMIN_PORT: String(port), ADMIN_KEY: KEY, ...env },
    });
  const told = (service: string, to: string) =>
    eventually(
      () =>
        Promise.resolve(
          stack.process(service).lines.some((line) => line.message === 'log level changed' && line.to === to),
        ),
      `${service} at ${to}`,
    );

  it('changes while the services run, and returns to the configured level', async () => {
    const { id } = await send('first-call', await jpeg());
    const asked = () => stack.process('api').lines.filter(({ path }) => path === `/api/jobs/${id.slice(0, 12)}`);
    expect(asked()).toEqual([]);
    expect((await setLevel({ LEVEL: 'debug' })).stdout).toBe('api, worker, scheduler: debug within 5 s, for 60 min\n');
    for (const service of ['api', 'worker', 'scheduler']) await told(service, 'debug');
    await eventually(
      () => Promise.resolve(stack.process('scheduler').lines.some(({ level }) => level === 'debug')),
      'a debug line',
    );
    await fetch(`${stack.url}/api/jobs/${id}`);
    await eventually(() => Promise.resolve(asked().length === 1), 'a line about a question');
    expect(asked()).toMatchObject([{ level: 'debug', status: 200 }]);
    expect(await stack.redis.ttl('pdf:log-level:worker')).toBeGreaterThan(3_000);
    await setLevel({ LEVEL: 'configured', SERVICE: 'worker' });
    await told('worker', 'info');
    expect(await stack.redis.keys('pdf:log-level:*')).toHaveLength(2);
  });

  it('accepts no unknown words', async () => {
    const failure = (await setLevel({ LEVEL: 'loud' }).catch((error: unknown) => error)) as { stderr: string };
    expect(failure.stderr).toContain('"level" must be one of: error, warn, info, debug, configured');
  });
});
