import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@pdf-tools/harness/processes';
import { RawConnection } from '@pdf-tools/harness/raw-connection';
import type { RawAnswer } from '@pdf-tools/harness/raw-connection';
import { TestStack } from '@pdf-tools/harness/stack';

const ID = '0123456789abcdef0123456789abcdef01234567';

let stack: TestStack;
beforeAll(async () => {
  stack = await TestStack.start(['api'], { TRUST_PROXY: '1' });
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

describe('the address of the request', () => {
  const ask = async (path: string, headers: Record<string, string>): Promise<RawAnswer> => {
    const connection = new RawConnection(stack.url);
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    connection.send(`GET ${path} HTTP/1.1\r\n${lines.join('')}\r\n`);
    const [answer] = await connection.answers(1);
    connection.destroy();
    if (!answer) throw new Error('no answer');
    return answer;
  };

  it('is used by the examples of /docs and the server of /openapi.json', async () => {
    const headers = { Host: 'pdf.example.org:8443', 'X-Forwarded-Proto': 'https' };
    const page = await ask('/docs', headers);
    expect(page.body).toContain('https://pdf.example.org:8443/api/merge-pdf');
    expect(page.body).not.toMatch(/localhost|origin\.invalid/);
    expect(page.headers.get('vary')).toMatch(/Host/);
    const { servers } = JSON.parse((await ask('/openapi.json', headers)).body) as { servers: unknown };
    expect(servers).toEqual([{ url: 'https://pdf.example.org:8443' }]);
  });

  it.each(['<script>alert(1)</script>', '"onload=', 'a b', '$(reboot)'])('is ignored if Host is %s', async (host) => {
    expect((await ask('/docs', { Host: host })).body).toContain(`http://localhost:${stack.apiPort}/api/merge-pdf`);
    const { servers } = JSON.parse((await ask('/openapi.json', { Host: host })).body) as { servers: unknown };
    expect(servers).toEqual([{ url: '/' }]);
  });
});

describe('/', () => {
  const BROWSER = { Accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
  const page = () => fetch(stack.url, { headers: BROWSER });
  /** Paths of the script and the style sheet. */
  const assetsOf = (html: string) =>
    [...html.matchAll(/(?:src|href)="(\/assets\/[^"]+\.(?:js|css))"/g)].map(([, path]) => path);

  it('sends the page to a browser, which asks again each time', async () => {
    const answer = await page();
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-cache']);
    expect(answer.headers.get('vary')).toMatch(/Accept/);
    expect(await answer.text()).toContain('<div id="app">');
  });

  it('has files that are cached for a year, compressed for those who accept it', async () => {
    const paths = assetsOf(await (await page()).text());
    expect(paths).toHaveLength(2);
    for (const path of paths) {
      const [packed, plain] = await Promise.all(
        ['gzip', 'identity'].map((encoding) =>
          fetch(`${stack.url}${path}`, { headers: { 'Accept-Encoding': encoding } }),
        ),
      );
      expect(packed?.headers.get('content-encoding')).toBe('gzip');
      expect(plain?.headers.get('content-encoding')).toBeNull();
      expect(packed?.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
      expect(await packed?.text()).toBe(await plain?.text());
    }
  });

  it('has a policy without any unsafe source, also for its scripts', async () => {
    const answer = await page();
    const [script] = assetsOf(await answer.text());
    const policies = [answer, await fetch(`${stack.url}${script}`)].map(({ headers }) =>
      headers.get('content-security-policy'),
    );
    expect(policies[0]).toMatch(/default-src 'none'; script-src 'self'; style-src 'self'/);
    expect(policies[0]).not.toMatch(/unsafe|https?:|\*/);
    expect(policies[1]).toBe(policies[0]);
  });

  it.each(['/assets/', '/assets/unknown.js', '/assets/..%2findex.html', '/assets/../../files.js', '/assets/app.js.gz'])(
    'has no file %s',
    async (path) => {
      const answer = await fetch(stack.url + path);
      expect([answer.status, await answer.json()]).toMatchObject([404, { code: 'not_found' }]);
    },
  );

  it('answers 404 and names the documentation to other clients', async () => {
    const answer = await fetch(stack.url);
    expect(await answer.json()).toMatchObject({ code: 'not_found', detail: expect.stringContaining('/docs') });
  });
});

describe('a method that an address does not support', () => {
  it.each([
    ['GET', '/api/merge-pdf', 'POST, OPTIONS'],
    ['POST', '/docs', 'HEAD, GET, OPTIONS'],
    ['PUT', `/api/jobs/${ID}`, 'HEAD, GET, DELETE, OPTIONS'],
  ])('gets 405 with Allow: %s %s', async (method, path, allow) => {
    const answer = await fetch(stack.url + path, { method });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, allow]);
  });

  it('gets 405 with Allow also for CONNECT', async () => {
    const connection = new RawConnection(stack.url);
    connection.send('CONNECT 127.0.0.1:6379 HTTP/1.1\r\nHost: x\r\n\r\n');
    const [answer] = await connection.answers(1);
    expect(answer?.headers.get('allow')).toContain('POST');
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
