import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { z } from 'zod';
import { png } from '@pdf-tools/harness/samples';
import { eventually } from '@pdf-tools/harness/processes';
import { STACK_URL, call, form, raw } from '../stack/client.js';
import { PROJECT, docker } from '../stack/docker.js';
import { CORPUS, sharedHttpCases } from './corpus.js';
import type { HttpCase } from './corpus.js';
import { WorkerShell } from './inside.js';
import { judgeHttp } from './judgement.js';

jest.setTimeout(600_000);

const run = promisify(execFile);
const { host } = new URL(STACK_URL);
const ORIGIN = 'https://app.example.org';
/** Cases that last as long as a server time-out. They run beside the others. */
const SLOW = new Set(['cl_too_big', 'slow_headers', 'slow_body', 'silent_body']);
/** Cases that use up the rate limit of an address. */
const BURSTS = new Set(['abort_x50', 'slow_x200', 'xff_spoof']);
/** nginx accepts 20 requests at once from one address, then 10 per second. A batch stays below that limit. */
const BATCH = 18;
const REFILL_MS = 2_000;

let photo: Buffer;
let jobId: string;

beforeAll(async () => {
  photo = await png(16, 16);
  const made = await call('/api/image-to-pdf', { method: 'POST', body: form({}, [['files', 'a.png', photo]]) });
  jobId = made.headers.get('x-job-id') ?? '';
});
afterAll(() => call(`/api/jobs/${jobId}`, { method: 'DELETE' }));

const outcomes = z.array(
  z.object({
    name: z.string(),
    status: z.union([z.number(), z.string()]),
    answers: z.array(z.number()).optional(),
    ms: z.number(),
    health: z.union([z.number(), z.string()]),
    leak: z.boolean(),
  }),
);

/** Runs some cases in one process, which takes seconds to start. A call stays within the rate limit's burst. */
async function attack(cases: readonly HttpCase[]): Promise<string[]> {
  const only = `--only=^(${cases.map(({ name }) => name.replace(/\W/g, '.')).join('|')})$`;
  const args = [`${STACK_URL}/api/merge-pdf`, only, '--json', '--jobs=/api/jobs/', `--get=/api/jobs/${jobId}/result`];
  const command = run(process.execPath, [join(CORPUS, 'http_attacks.mjs'), ...args], { maxBuffer: 2 ** 26 });
  // It exits with 1 if it finds a fault by its own rules. The rules here are stricter.
  const { stdout } = await command.catch((error: unknown) => z.object({ stdout: z.string() }).parse(error));
  const found = outcomes.parse(JSON.parse(stdout.slice(0, stdout.lastIndexOf(']') + 1)));
  return cases.flatMap(({ name, expected }) => {
    const outcome = found.find((each) => each.name === name);
    const judgement = outcome ? judgeHttp(expected, outcome) : ({ kind: 'wrong', why: 'was not done' } as const);
    return judgement.kind === 'wrong' ? [`${name}: ${judgement.why}`] : [];
  });
}

function inBatches(cases: readonly HttpCase[]): HttpCase[][] {
  const batches: HttpCase[][] = [];
  for (let from = 0; from < cases.length; from += BATCH) batches.push(cases.slice(from, from + BATCH));
  return batches;
}

describe('the raw HTTP cases of the shared attacks', () => {
  it('each get an expected response', async () => {
    const cases = await sharedHttpCases();
    if (cases.length === 0) process.stderr.write('\nNO SHARED HTTP CASES HERE: only the suite’s own were sent\n');
    const slow = cases.filter(({ name }) => SLOW.has(name)).map((each) => attack([each]));
    const burst = cases.filter(({ name }) => BURSTS.has(name));
    const others = cases.filter(({ name }) => !SLOW.has(name) && !BURSTS.has(name));
    const wrong: string[] = [];
    for (const batch of [...inBatches(others), ...burst.map((each) => [each])]) {
      wrong.push(...(await attack(batch)));
      await sleep(REFILL_MS);
    }
    wrong.push(...(await Promise.all(slow)).flat());
    process.stderr.write(`\nHTTP cases: ${cases.length - wrong.length} of ${cases.length} as expected\n`);
    expect(wrong).toEqual([]);
  });

  it('leave no file behind', async () => {
    const shell = new WorkerShell();
    await eventually(
      async () => (await shell.look()).files.every((path) => path.includes('/temp/')),
      'uploads are gone',
    );
    shell.close();
  });
});

/** Builds a multipart request in raw bytes that no client library would send. */
function multipart(disposition: string, { headers = '', length }: { headers?: string; length?: number } = {}): string {
  const body = `--b\r\nContent-Disposition: ${disposition}\r\n\r\n%PDF-1.7\r\n--b--\r\n`;
  return (
    `POST /api/merge-pdf HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n${headers}` +
    `Content-Type: multipart/form-data; boundary=b\r\nContent-Length: ${length ?? Buffer.byteLength(body)}\r\n\r\n${body}`
  );
}

describe('file names', () => {
  it.each([
    ['traversal', '../../../etc/passwd.pdf', 'passwd.pdf'],
    ['backslashes', 'C:\\\\..\\\\evil.pdf', 'evil.pdf'],
    ['a right-to-left override', 'inv\u202efdp.exe', 'invfdp.exe'],
    ['4 KB', `${'n'.repeat(4_096)}.pdf`, 'n'.repeat(120)],
    ['markup', '<img src=x>.pdf', '<img src=x>.pdf'],
  ])('with %s are cleaned in responses', async (_what, name, shown) => {
    const answer = await raw(Buffer.from(multipart(`form-data; name="files"; filename="${name}"`)).toString());
    expect(answer).toMatch(/^HTTP\/1.1 422 /);
    expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4))).toMatchObject({
      errors: [{ file: shown, index: 0 }],
    });
  });

  it.each([
    ['line breaks', 'a\r\nSet-Cookie: x=1'],
    ['quotes', 'a"; filename="b.html'],
    ['other letters', 'Übersicht „1“ 漢字'],
    ['a path', '../../a'],
    ['controls', 'a\u0000\u001b[31mb'],
    ['an override', 'a\u202eb'],
  ])('of results with %s cannot break out of their header', async (_what, name) => {
    const fields = { output_name: name, retain: '0' };
    const answer = await call('/api/image-to-pdf', { method: 'POST', body: form(fields, [['files', 'a.png', photo]]) });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('set-cookie')).toBeNull();
    const value = answer.headers.get('content-disposition') ?? '';
    expect(value).toMatch(
      /^attachment; filename="[\x20\x21\x23-\x24\x26-\x5b\x5d-\x7e]+\.pdf"(; filename\*=UTF-8''[\w.!#$&+^`|~%-]+)?$/,
    );
    expect(value).not.toMatch(/[/\\]|%0[ad]|%1b|%E2%80%AE|\.\./i);
  });
});

describe('multipart bodies', () => {
  const good = 'form-data; name="files"; filename="a.pdf"';

  it.each([
    ['gzip', multipart(good, { headers: 'Content-Encoding: gzip\r\n' }), 415],
    ['br', multipart(good, { headers: 'Content-Encoding: br\r\n' }), 415],
    ['two codings of transfer', multipart(good, { headers: 'Transfer-Encoding: chunked\r\n' }), 400],
    ['too short a length', multipart(good, { length: 40 }), 400],
    ['a length above the limit', multipart(good, { length: 99e9 }), 413],
    ['a second length', multipart(good, { headers: 'Content-Length: 5\r\n' }), 400],
    ['a name with brackets', multipart('form-data; name="a[__proto__]"'), 400],
    ['no name', multipart('form-data; filename="a.pdf"'), 400],
  ])('with %s are refused', async (_what, request, status) => {
    const answer = await raw(request);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(answer.match(/HTTP\/1\.1 /g)).toHaveLength(1);
  });

  it('of 10,000 parts are refused', async () => {
    const files = Array.from({ length: 10_000 }, (_, i): [string, string, Buffer] => ['files', `${i}.png`, photo]);
    const answer = await call('/api/merge-pdf', { method: 'POST', body: form({}, files) });
    expect(answer.status).toBe(400);
  });
});

describe('pages of other origins', () => {
  const preflight = (origin: string) =>
    call('/api/merge-pdf', { method: 'OPTIONS', headers: { Origin: origin, 'Access-Control-Request-Method': 'POST' } });

  it('may call the API if they are listed, without cookies', async () => {
    const { headers } = await preflight(ORIGIN);
    expect(headers.get('access-control-allow-origin')).toBe(ORIGIN);
    expect(headers.get('access-control-allow-credentials')).toBeNull();
    expect(headers.get('vary')).toContain('Origin');
  });

  it.each(['https://evil.example', 'null', `${ORIGIN}.evil.example`, 'http://app.example.org'])(
    'may not call it from %s',
    async (origin) => {
      for (const { headers } of [await preflight(origin), await call('/api/limits', { headers: { Origin: origin } })])
        expect(headers.get('access-control-allow-origin')).toBeNull();
    },
  );
});

describe('responses', () => {
  // Each test has the whole burst of the rate limit.
  beforeEach(() => sleep(REFILL_MS));

  it.each([
    '/',
    '/health',
    '/docs',
    '/openapi.json',
    '/api/limits',
    '/api/jobs/x',
    '/%2e%2e/x',
    '/_results/x',
    '/nothing',
  ])('of %s forbid content sniffing', async (path) => {
    expect((await call(path)).headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('with results are sandboxed downloads that no cache keeps', async () => {
    const { headers } = await call(`/api/jobs/${jobId}/result`);
    expect(headers.get('content-disposition')).toMatch(/^attachment; /);
    expect(headers.get('content-security-policy')).toContain('sandbox');
    expect(headers.get('content-type')).toBe('application/pdf');
    expect(headers.get('cache-control')).toBe('private, no-store');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('do not multiply a result for a request with a thousand ranges', async () => {
    const ranges = Array.from({ length: 1_000 }, (_, i) => `${i}-`).join();
    const whole = (await call(`/api/jobs/${jobId}/result`)).body;
    const { body } = await call(`/api/jobs/${jobId}/result`, { headers: { Range: `bytes=${ranges}` } });
    expect(body.length).toBe(whole.length);
  });

  it('do not repeat the Host header, except in the documentation', async () => {
    for (const path of ['/', `/api/jobs/${jobId}`, '/no-such-page'])
      expect(await raw(`GET ${path} HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n`)).not.toContain(
        'evil.example',
      );
  });

  it.each(['/docs', '/openapi.json'])('of %s name the host of this request and of no other', async (path) => {
    const answerTo = (name: string) => raw(`GET ${path} HTTP/1.1\r\nHost: ${name}\r\nConnection: close\r\n\r\n`);
    const answer = await answerTo('evil.example');
    expect(answer).toMatch(/^vary: .*\bHost\b/im);
    expect(await answerTo('other.example')).not.toContain('evil.example');
    expect(await answerTo('evil.example"><script>')).not.toContain('<script>');
  });
});

describe('log lines', () => {
  it('are one JSON object each, even for hostile requests', async () => {
    // The logs keep the first 12 characters of a job id in a path.
    const mark = `m${Date.now() % 1_000_000}m`;
    const path = `/api/jobs/${mark}%0a%7b%22level%22%3a%22error%22%7d%1b%5b31m`;
    const request = `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n`;
    const logs = await eventually(async () => {
      // The request is repeated because nginx logs it without the api if the rate limit was used up.
      await raw(`${request}User-Agent: x\x1b[31m\r\nX-Request-Id: a\tb\x1b\r\n\r\n`);
      await raw(`${request}User-Agent: x"\\n{"level":"error"}\r\nX-Request-Id: a"b{}\r\n\r\n`);
      const texts = await Promise.all(['api-1', 'nginx-1'].map((name) => docker('logs', `${PROJECT}-${name}`)));
      return texts.every((text) => text.includes(mark)) && texts;
    }, 'both have logged it');
    for (const line of logs
      .join('\n')
      .split('\n')
      .filter((text) => text.startsWith('{')))
      expect(() => void JSON.parse(line)).not.toThrow();
    const controls = [...Buffer.from(logs.join(''))].filter(
      (byte) => byte < 0x20 && ![0x09, 0x0a, 0x0d].includes(byte),
    );
    expect(controls).toEqual([]);
  });
});
