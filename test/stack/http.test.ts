import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { ERROR_CODES, isErrorCode } from '@pdf-tools/runtime/errors';
import type { ErrorCode } from '@pdf-tools/runtime/errors';
import { eventually } from '@pdf-tools/harness/processes';
import { RawConnection } from '@pdf-tools/harness/raw-connection';
import { jpeg } from '@pdf-tools/harness/samples';
import { STACK_URL, call, form, problem, raw, upload } from './client.js';
import type { Answer } from './client.js';
import { PROJECT, apiUrl, docker } from './docker.js';

jest.setTimeout(120_000);

const ORIGIN = 'https://app.example.org';
let jobId: string;

beforeAll(async () => {
  const made = await call('/api/image-to-pdf', { method: 'POST', body: form({}, [['files', 'a.jpg', await jpeg()]]) });
  jobId = made.headers.get('x-job-id') ?? '';
});
afterAll(() => call(`/api/jobs/${jobId}`, { method: 'DELETE' }));

/** Checks that a problem of nginx or the api has the common shape and the text of its code. */
function expectProblem(answer: Answer, code: string, errors: readonly object[] = []): void {
  const body = problem.parse(JSON.parse(answer.body.toString()));
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  expect(body).toMatchObject({ code, status: answer.status, type: `urn:pdf-tools:error:${code}`, errors });
  expect(body.request_id).toMatch(/^[\w.-]{1,64}$/);
  if (!isErrorCode(code)) throw new Error(`${code} is no code`);
  const kind = ERROR_CODES[code];
  expect(body).toMatchObject({ title: kind.title, retryable: 'retryable' in kind });
  expect(statusesOf(code)).toContain(answer.status);
}

/** An address or headers that are too long have their own statuses. */
function statusesOf(code: ErrorCode): number[] {
  return code === 'bad_request' ? [400, 414, 431] : [ERROR_CODES[code].status];
}

describe('a response through nginx equals the response of the api', () => {
  /** Headers that differ between any two responses or belong to the connection. */
  const OWN = [
    'date',
    'server',
    'connection',
    'keep-alive',
    'transfer-encoding',
    'content-length',
    'ratelimit',
    'x-accel-redirect',
  ];

  async function headersOf(base: string, path: string, init: RequestInit): Promise<Record<string, string>> {
    const { headers } = await call(path, init, base);
    const kept = [...headers].filter(([name]) => !OWN.includes(name));
    // The partition key names the client, whose address differs between the two ways.
    return Object.fromEntries(kept.map(([name, value]) => [name, value.replace(/; pk=.*/, '')]));
  }

  it.each<[what: string, method: string, path: (id: string) => string, more?: Readonly<Record<string, string>>]>([
    ['a result', 'GET', (id: string) => `/api/jobs/${id}/result`],
    ['the head of a result', 'HEAD', (id: string) => `/api/jobs/${id}/result`],
    ['a range that does not exist', 'GET', (id: string) => `/api/jobs/${id}/result`, { Range: 'bytes=999999999-' }],
    ['a job', 'GET', (id: string) => `/api/jobs/${id}`],
    ['health', 'GET', () => '/health'],
    ['an error', 'GET', () => '/api/jobs/unknown'],
    ['a preflight', 'OPTIONS', () => '/api/merge-pdf'],
  ])('for %s', async (_what, method, path, more = {}) => {
    const headers = { 'X-Request-Id': 'parity', Origin: ORIGIN, 'Access-Control-Request-Method': 'POST', ...more };
    const through = await headersOf(STACK_URL, path(jobId), { method, headers });
    expect(through).toEqual(await headersOf(await apiUrl(), path(jobId), { method, headers }));
    expect(through['x-request-id']).toBe('parity');
    if (path(jobId).startsWith('/api/')) expect(through['access-control-allow-origin']).toBe(ORIGIN);
  });

  it.each([
    ['nginx reads', 'bytes=1-9', {}, 1, 10],
    ['nginx reads from the end', 'bytes=-9', {}, -9, undefined],
    ['the api reads', 'bytes = 1-9', {}, 1, 10],
    ['the api reads under a condition', 'bytes=1-9', { condition: true }, 1, 10],
  ])('for a range that %s', async (_what, range, { condition = false }: { condition?: boolean }, from, to) => {
    const path = `/api/jobs/${jobId}/result`;
    const whole = await call(path);
    const headers = { Range: range, ...(condition && { 'If-Range': whole.headers.get('etag') ?? '' }) };
    const part = await call(path, { headers });
    expect(part.status).toBe(206);
    expect(part.body).toEqual(whole.body.subarray(from, to));
    const size = whole.body.length;
    const start = from < 0 ? size + from : from;
    expect(part.headers.get('content-range')).toBe(`bytes ${start}-${(to ?? size) - 1}/${size}`);
    const names = ({ headers: all }: Answer): string[] => [...all.keys()].filter((name) => name !== 'content-range');
    expect(names(part)).toEqual(names(whole));
  });

  it('for a range of another version of the result, which is ignored', async () => {
    const headers = { Range: 'bytes=1-9', 'If-Range': '"other"' };
    expect((await call(`/api/jobs/${jobId}/result`, { headers })).status).toBe(200);
  });

  it('for a result, with its length, rate limit and security headers', async () => {
    const { headers, body } = await call(`/api/jobs/${jobId}/result`);
    expect(headers.get('content-length')).toBe(String(body.length));
    expect(headers.get('accept-ranges')).toBe('bytes');
    expect(headers.get('ratelimit')).not.toBeNull();
    expect(headers.get('content-security-policy')).toContain('sandbox');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });
});

describe('a request is refused with a problem document', () => {
  it.each([
    ['by the api: an upload of 50.5 MiB', 50.5, [{ file: 'a.pdf', index: 0, limit: 50 * 1024 * 1024 }]],
    ['by nginx: an upload of 52 MiB', 52, []],
  ])('%s', async (_what, mebibytes, errors) => {
    const answer = await upload('/api/compress-pdf', mebibytes * 1024 * 1024);
    expect(answer.status).toBe(413);
    expectProblem(answer, 'upload_too_large', errors);
    expect(answer.body.toString()).toContain(`${50 * 1024 * 1024} bytes`);
  });

  it('before the upload ends, and the response closes the connection', async () => {
    const connection = new RawConnection(STACK_URL);
    const size = 50.5 * 1024 * 1024;
    const type = 'Content-Type: multipart/form-data; boundary=b';
    connection.send(`POST /api/compress-pdf HTTP/1.1\r\nHost: a\r\n${type}\r\nContent-Length: ${size}\r\n\r\n`);
    connection.send('--b\r\nContent-Disposition: form-data; name="wrong"; filename="a.pdf"\r\n\r\n%PDF-1.7\n');
    const [answer] = await connection.answers(1);
    connection.destroy();
    expect([answer?.status, answer?.headers.get('connection')]).toEqual([400, 'close']);
  });

  it.each([
    ['a method that the route does not have', { method: 'PUT' }, '/api/merge-pdf', 'method_not_allowed'],
    ['an internal result path', {}, '/_results/x/1/out.pdf', 'not_found'],
    ['a path that leaves the results', {}, '/_results/%2e%2e/uploads/x', 'not_found'],
    ['an internal error page', {}, '/_problem/413', 'not_found'],
    ['an address that is too long', {}, `/${'a'.repeat(9_000)}`, 'bad_request'],
    ['a header that is too long', { headers: { 'X-Long': 'a'.repeat(9_000) } }, '/', 'bad_request'],
  ])('for %s', async (_what, init, path, code) => {
    expectProblem(await call(path, init), code);
  });

  it.each([
    ['an address that is too long', { path: `/${'a'.repeat(9_000)}` }, 414],
    ['a header that is too long', { headers: `X-Long: ${'a'.repeat(9_000)}\r\n` }, 431],
    ['headers that are too long together', { headers: `X-Long: ${'a'.repeat(6_000)}\r\n`.repeat(3) }, 431],
    ['bytes in the address that are not ASCII', { path: '/docs?\u00fc' }, 400],
  ])('for %s', async (_what, { path = '/', headers = '' }: { path?: string; headers?: string }, status) => {
    const answer = await raw(`GET ${path} HTTP/1.1\r\nHost: x\r\n${headers}Connection: close\r\n\r\n`);
    expect(answer.startsWith(`HTTP/1.1 ${status} `)).toBe(true);
    expect(problem.parse(JSON.parse(answer.split('\r\n\r\n')[1] ?? ''))).toMatchObject({ code: 'bad_request', status });
  });

  it('except HTTP/0.9, which gets no response', async () => {
    const answer = await raw('GET /\r\n').catch((error: unknown) => error);
    expect(['', 'ECONNRESET']).toContain(answer instanceof Error && 'code' in answer ? answer.code : answer);
  });

  it('for bytes that are not HTTP', async () => {
    const answer = await raw('GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1.1 400 /);
    problem.parse(JSON.parse(answer.split('\r\n\r\n')[1] ?? ''));
  });

  it('for every error of nginx, with the text of its code', async () => {
    const template = await readFile('nginx/templates/30-problems.conf.template', 'utf8');
    const bodies = [...template.matchAll(/_problem\/(\d+) '(.*)';$/gm)];
    expect(bodies.length).toBeGreaterThan(8);
    const retryable = new RegExp(/"~\^\/_problem\/(\([\d|]+\))\$" true/.exec(template)?.[1] ?? '');
    for (const [, status = '', text = ''] of bodies) {
      const body = problem.partial().parse(JSON.parse(`{"type":${text}}`));
      if (body.code === undefined || !isErrorCode(body.code)) throw new Error(`${text} has no code`);
      const kind = ERROR_CODES[body.code];
      expect(body).toMatchObject({ title: kind.title, status: Number(status) });
      expect(body.type).toBe(`urn:pdf-tools:error:${body.code}`);
      expect(statusesOf(body.code)).toContain(Number(status));
      expect(retryable.test(status)).toBe('retryable' in kind);
    }
  });
});

describe('request ids', () => {
  it('are taken from the caller if they are well-formed', async () => {
    const given = await call('/health', { headers: { 'X-Request-Id': 'order-66.a_b' } });
    expect(given.headers.get('x-request-id')).toBe('order-66.a_b');
    const replaced = await call('/health', { headers: { 'X-Request-Id': 'a b"{}' } });
    expect(replaced.headers.get('x-request-id')).toMatch(/^[0-9a-f]{32}$/);
  });

  it('are logged, without query strings and full job ids', async () => {
    const mark = `in-the-log-${Date.now()}`;
    await call(`/api/jobs/${jobId}?token=hidden`, { headers: { 'X-Request-Id': mark } });
    const line = await eventually(async () => {
      const log = await docker('logs', `${PROJECT}-nginx-1`);
      return log.split('\n').find((text) => text.includes(mark));
    }, 'the line');
    expect(JSON.parse(line)).toMatchObject({ status: 200, method: 'GET', path: `/api/jobs/${jobId.slice(0, 12)}` });
    expect(line).not.toContain('hidden');
  });

  it.each([
    ['/API/jobs/ID/result', '/API/jobs/012345678901/result'],
    ['//api///jobs//ID', '//api///jobs//012345678901'],
    ['/%61pi/jobs/ID', '/%61pi/jobs/012345678901'],
    ['/api/jobs/ID/', '/api/jobs/012345678901'],
    ['/api/jobs/ID/ID', '/api/jobs/012345678901'],
    ['/api/jobs/x/ID', '/api/jobs/x/012345678901'],
    ['/ID', '/012345678901'],
    ['/api%2Fjobs%2FID', '/api%2Fjobs%2'],
    ['/api/jobs/%30%31%32%33%34', '/api/jobs/%30%31%32%33'],
    ['/api/jobs/ID/result?ID', '/api/jobs/012345678901/result'],
    ['/api/image-to-pdf', '/api/image-to-pdf'],
    ['/openapi.json', '/openapi.json'],
  ])('are logged without the secrets in %s', async (path, logged) => {
    const id = '0123456789012345678901234567890123456789';
    const mark = `path-${Date.now()}`;
    await raw(
      `GET ${path.replaceAll('ID', id)} HTTP/1.1\r\nHost: x\r\nX-Request-Id: ${mark}\r\nConnection: close\r\n\r\n`,
    );
    const line = await eventually(async () => {
      const log = await docker('logs', '--since', '1m', `${PROJECT}-nginx-1`);
      return log.split('\n').find((text) => text.includes(mark));
    }, 'the line');
    expect(JSON.parse(line)).toMatchObject({ path: logged });
  });
});

describe('nginx under load', () => {
  it('limits the rate of an address but not of its health checks', async () => {
    const flood = await Promise.all(Array.from({ length: 60 }, () => fetch(`${STACK_URL}/api/limits`)));
    const refused = flood.find((response) => response.status === 429);
    if (!refused) throw new Error('nothing was refused');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expectProblem(
      { status: 429, headers: refused.headers, body: Buffer.from(await refused.arrayBuffer()) },
      'rate_limited',
    );
    const checks = await Promise.all(Array.from({ length: 60 }, () => fetch(`${STACK_URL}/health`)));
    expect(new Set(checks.map((response) => response.status))).toEqual(new Set([200]));
    expect(await checks[0]?.text()).toBe('{"status":"healthy"}');
  });
});

describe('nginx while the api is down', () => {
  it('answers with a problem document, and finds the api again', async () => {
    await docker('stop', `${PROJECT}-api-1`);
    try {
      expectProblem(await call('/health'), 'bad_gateway');
    } finally {
      await docker('start', `${PROJECT}-api-1`);
    }
    await eventually(async () => (await call('/readyz')).status === 200, 'ready again');
  });
});
