import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@pdf-tools/harness/processes';
import { TestStack } from '@pdf-tools/harness/stack';

const ID = '0123456789abcdef0123456789abcdef01234567';

let stack: TestStack;
beforeAll(async () => {
  stack = await TestStack.start(['api']);
  await eventually(async () => (await fetch(`${stack.url}/health`)).ok, 'healthy');
});
afterAll(() => stack.stop());

async function codeOf(path: string, method = 'GET'): Promise<unknown> {
  const answer = await fetch(stack.url + path, { method });
  const { code } = (await answer.json()) as { code?: unknown };
  return code;
}

describe('a path in another spelling is not found', () => {
  it.each([
    ['GET', '/API/limits'],
    ['GET', '/api/Limits'],
    ['GET', '/api/limits/'],
    ['GET', '//api/limits'],
    ['GET', '/%61pi/limits'],
    ['POST', '/api/MERGE-PDF'],
    ['POST', '/api/merge-pdf//'],
    ['GET', `/API/jobs/${ID}`],
    ['GET', `/api/JOBS/${ID}/result`],
    ['GET', `/api/jobs/${ID}/RESULT`],
    ['GET', `/api/jobs/${ID}/result/`],
    ['GET', `/api/jobs/${ID}/events/`],
    ['DELETE', `/api/jobs/${ID}/`],
    ['GET', '/HEALTH'],
    ['GET', '/health/'],
    ['POST', '/Health'],
    ['GET', '/Readyz'],
    ['GET', '/Docs'],
    ['GET', '/openapi.JSON'],
  ])('%s %s', async (method, path) => {
    expect(await codeOf(path, method)).toBe('not_found');
  });

  it('but an operation is found with a slash at its end', async () => {
    expect(await codeOf('/api/merge-pdf/', 'POST')).toBe('bad_multipart');
  });

  it('and its log line holds no job id', async () => {
    const paths = [`/API/jobs/${ID}`, `//api//jobs/${ID}/result`, `/%61pi/jobs/${ID}`, `/api/jobs/%30${ID.slice(1)}`];
    const api = stack.process('api');
    const lines = (): unknown[] => api.lines.filter(({ request_id }) => request_id === 'other-spelling');
    for (const path of paths) await fetch(stack.url + path, { headers: { 'X-Request-Id': 'other-spelling' } });
    await eventually(() => Promise.resolve(lines().length === paths.length), 'all are logged');
    expect(api.output).not.toContain(ID.slice(0, 13));
    expect(api.output).not.toContain(ID.slice(1, 14));
  });
});

describe('/health', () => {
  it('is {"status":"healthy"} exactly, also with a query', async () => {
    for (const path of ['/health', '/health?x=1']) {
      const answer = await fetch(stack.url + path);
      expect(answer.status).toBe(200);
      expect(answer.headers.get('content-type')).toBe('application/json');
      expect(await answer.text()).toBe('{"status":"healthy"}');
    }
  });

  it('answers HEAD with the same headers and no body', async () => {
    const answer = await fetch(`${stack.url}/health`, { method: 'HEAD' });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-length')).toBe('20');
  });

  it('refuses other methods', async () => {
    expect(await codeOf('/health', 'POST')).toBe('method_not_allowed');
  });

  it('is {"status":"unhealthy"} exactly with 503 while Redis is away', async () => {
    await stack.process('redis').stop();
    const answer = await eventually(async () => {
      const current = await fetch(`${stack.url}/health`);
      return current.status === 503 && current;
    }, 'unhealthy');
    expect(await answer.text()).toBe('{"status":"unhealthy"}');
    await stack.restartRedis();
    await eventually(async () => (await fetch(`${stack.url}/health`)).ok, 'healthy again');
  });
});
