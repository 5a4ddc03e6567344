import { readFile } from 'node:fs/promises';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { eventually } from '@pdf-tools/harness/processes';
import { STACK_URL, call } from './client.js';
import { PROJECT, apiUrl, docker, inside } from './docker.js';

jest.setTimeout(180_000);

const ROOT = new URL('../../../', import.meta.url).pathname;
const BROWSER = { Accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' };
/** Headers that every request or connection has of its own, and the headers of the api for pages of other origins. */
const OWN = [
  'access-control-expose-headers',
  'connection',
  'content-length',
  'date',
  'keep-alive',
  'server',
  'transfer-encoding',
  'x-request-id',
];

async function headersOf(url: string, init: RequestInit): Promise<Record<string, string>> {
  const { headers } = await fetch(url, init);
  const compared = [...headers].filter(([name]) => !OWN.includes(name));
  // The api varies by Origin because the tests name one in ALLOWED_ORIGINS.
  const sorted = compared.map(([name, value]) => [name, name === 'vary' ? sortVary(value) : value]);
  return Object.fromEntries(sorted.filter(([, value]) => value !== '')) as Record<string, string>;
}

function sortVary(value: string): string {
  const fields = value.split(/, */).filter((field) => field !== 'Origin');
  return fields.sort().join(', ');
}

/** Returns the addresses of the page and of its files that nginx has. */
async function pathsOfPage(): Promise<string[]> {
  const files = await inside('nginx', 'cd /usr/share/nginx/page && find assets -type f ! -name "*.gz"');
  return [
    '/',
    ...files
      .trim()
      .split('\n')
      .map((file) => `/${file}`),
  ];
}

/** One address for each kind of file. */
async function samplePaths(): Promise<string[]> {
  const kinds = new Map((await pathsOfPage()).map((path) => [path.split('.').at(-1), path]));
  return [...kinds.values()];
}

describe('the page in nginx', () => {
  it('has the files and the content of the api’s', async () => {
    const api = await apiUrl();
    const paths = await pathsOfPage();
    expect(paths.length).toBeGreaterThan(100);
    for (const path of await samplePaths()) {
      const [own, other] = await Promise.all([call(path, { headers: BROWSER }), call(path, { headers: BROWSER }, api)]);
      expect([path, own.status, own.body.equals(other.body)]).toEqual([path, 200, true]);
    }
  });

  it.each(['gzip', 'identity'])('has the headers of the api’s (%s)', async (encoding) => {
    const api = await apiUrl();
    const headers = { ...BROWSER, 'Accept-Encoding': encoding };
    for (const path of await samplePaths()) {
      const [own, other] = await Promise.all([
        headersOf(STACK_URL + path, { headers }),
        headersOf(api + path, { headers }),
      ]);
      expect([path, own]).toEqual([path, other]);
    }
  });

  it('has a request ID, and no files other than its own', async () => {
    const headers = { ...BROWSER, 'X-Request-Id': 'of-the-test' };
    expect((await call('/', { headers })).headers.get('x-request-id')).toBe('of-the-test');
    const paths = ['/index.html', '/_page/index.html', '/assets/', '/assets/cmaps-5.4.624', '/assets/none.js'];
    const [script = ''] = (await pathsOfPage()).filter((path) => path.endsWith('.js'));
    for (const path of [...paths, `${script}.gz`, '/assets/..%2findex.html']) {
      const { status, body } = await call(path, { headers: BROWSER });
      expect([path, status, JSON.parse(body.toString())]).toMatchObject([path, 404, { code: 'not_found' }]);
    }
  });

  it.each([
    [{ Accept: 'application/json' }, 'GET', 404],
    [{ Accept: '*/*' }, 'GET', 404],
    [{ Accept: 'application/json, text/html' }, 'GET', 404],
    [{ Accept: 'text/html;q=0.1, application/json' }, 'GET', 404],
    [BROWSER, 'HEAD', 200],
    [BROWSER, 'POST', 405],
  ])('leaves other clients of / to the api: %j, %s', async (headers, method, status) => {
    const [own, other] = await Promise.all([
      call('/', { headers, method }),
      call('/', { headers, method }, await apiUrl()),
    ]);
    expect([own.status, other.status]).toEqual([status, status]);
  });

  it('comes from a build with the same stages as the image of the api', async () => {
    const stages = await Promise.all(
      ['services/Dockerfile', 'nginx/Dockerfile'].map(async (file) => {
        const text = await readFile(ROOT + file, 'utf8');
        const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
        return lines.slice(0, lines.findIndex((line) => line.includes('services/web/build.mjs')) + 1);
      }),
    );
    expect(stages[0]?.length).toBeGreaterThan(10);
    expect(stages[1]).toEqual(stages[0]);
  });
});

describe('while the api is down', () => {
  afterEach(async () => {
    await docker('start', `${PROJECT}-api-1`);
    await eventually(async () => (await call('/readyz')).status === 200, 'the api answers', 60_000);
  });

  it('the page still opens, and requests to the api get 502', async () => {
    await docker('stop', '--time', '5', `${PROJECT}-api-1`);
    for (const path of await samplePaths()) expect((await call(path, { headers: BROWSER })).status).toBe(200);
    const limits = await call('/api/limits');
    expect([limits.status, JSON.parse(limits.body.toString())]).toMatchObject([502, { code: 'bad_gateway' }]);
  });
});
