import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { Agent, request } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { eventually } from '@pdf-tools/harness/processes';
import { smallPost } from './load.js';
import { observatory } from './observatory.js';
import type { Scan } from './observatory.js';
import {
  ADMIN_PORT,
  HTTPS_PORT,
  HTTP_PORT,
  NAME,
  command,
  compose,
  handshake,
  inside,
  withCertificate,
} from './stack.js';

jest.setTimeout(120_000);

const HSTS = 'max-age=63072000';
const SECURITY_HEADERS = {
  'content-security-policy': /default-src 'none'/,
  'cross-origin-resource-policy': /^same-origin$/,
  'referrer-policy': /^no-referrer$/,
  'x-content-type-options': /^nosniff$/,
};
let ca: string;

beforeAll(async () => {
  ca = await withCertificate();
});

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Buffer;
}

/** Sends a request over TLS without decoding the response or following redirects. */
function get(path: string, headers: Readonly<Record<string, string>> = {}, method = 'GET', body?: Buffer) {
  return new Promise<Answer>((resolve, reject) => {
    const agent = new Agent({ ca });
    const options = { host: '127.0.0.1', port: HTTPS_PORT, servername: NAME, agent, path, method };
    const sent = request({ ...options, headers: { host: NAME, ...headers } }, (response: IncomingMessage) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.once('end', () => {
        const pairs = Object.entries(response.headersDistinct).flatMap(([name, values = []]) =>
          values.map((value): [string, string] => [name, value]),
        );
        resolve({ status: response.statusCode ?? 0, headers: new Headers(pairs), body: Buffer.concat(parts) });
      });
    });
    sent.once('error', reject);
    sent.end(body);
  });
}

function plain(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
  return fetch(`http://127.0.0.1:${HTTP_PORT}${path}`, { redirect: 'manual', headers });
}

function expectSecurityHeaders(headers: Headers): void {
  for (const [name, value] of Object.entries(SECURITY_HEADERS)) expect(headers.get(name)).toMatch(value);
  expect(headers.get('server')).toBe('nginx');
}

describe('plain HTTP', () => {
  it('is redirected to https under the configured name, not the name in the request', async () => {
    const { status, headers } = await plain('/api/limits?a=b', { host: 'evil.example' });
    expect([status, headers.get('location')]).toEqual([308, `https://${NAME}/api/limits?a=b`]);
    expectSecurityHeaders(headers);
    expect(headers.get('strict-transport-security')).toBeNull();
  });
});

describe('TLS', () => {
  it.each(['TLSv1.2', 'TLSv1.3'] as const)('is offered as %s with HTTP/2', async (version) => {
    const socket = await handshake({ ca, minVersion: version, maxVersion: version, ALPNProtocols: ['h2', 'http/1.1'] });
    expect([socket.getProtocol(), socket.alpnProtocol]).toEqual([version, 'h2']);
    socket.destroy();
  });

  it.each([
    ['TLS 1.1', { maxVersion: 'TLSv1.1', minVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' }],
    ['CBC suites', { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES128-SHA256:ECDHE-ECDSA-AES128-SHA' }],
    ['a group that is not of the profile', { ecdhCurve: 'secp521r1' }],
    ['another name', { servername: 'other.example' }],
    ['no name', { servername: '' }],
  ] as const)('refuses a handshake with %s', async (_what, options) => {
    await expect(handshake({ rejectUnauthorized: false, ...options })).rejects.toThrow(/alert|handshake|disconnected/);
  });

  it('agrees on a post-quantum key exchange if OpenSSL supports it', async () => {
    const version = await inside('nginx', 'nginx -V 2>&1');
    const modern = /(built|running) with OpenSSL 3\.[5-9]/.test(version);
    const said = await inside('nginx', `openssl s_client -connect 127.0.0.1:8443 -servername ${NAME} </dev/null 2>&1`);
    expect(said).toMatch(modern ? /Negotiated TLS1.3 group: X25519MLKEM768/ : /X25519/);
  });

  it('starts with an OpenSSL that does not support that group', async () => {
    const change = "sed 's/X25519MLKEM768/X25519UNKNOWN/g' /docker-entrypoint.d/26-key-exchange.sh >/tmp/k.sh";
    const config = 'sed -i s/X25519MLKEM768/X25519UNKNOWN/ /etc/nginx/conf.d/servers-tls-on.inc';
    const back =
      'sed -i "s/ssl_ecdh_curve X25519:/ssl_ecdh_curve X25519MLKEM768:X25519:/" /etc/nginx/conf.d/servers-tls-on.inc';
    expect(
      await inside(
        'nginx',
        `${change} && ${config} && ! nginx -t -q 2>/dev/null && sh /tmp/k.sh && nginx -t -q && echo fine; ${back}`,
      ),
    ).toBe('fine\n');
  });

  it('refuses a request whose name differs from the name in the handshake', async () => {
    const { status, body } = await get('/health', { host: 'other.example' });
    expect(status).toBe(400);
    expect(JSON.parse(body.toString())).toMatchObject({ code: 'bad_request' });
  });
});

describe('every response has its security headers', () => {
  it.each([
    ['health', '/health', 'GET', 200],
    ['the documentation', '/docs', 'GET', 200],
    ['a constant', '/openapi.json', 'GET', 200],
    ['the api’s refusal', '/nothing', 'GET', 404],
    ['nginx’s refusal', '/api/limits', 'PUT', 405],
    ['nginx’s refusal of a path', '/_results/x', 'GET', 404],
    ['nginx’s refusal of a long path', `/${'a'.repeat(9_000)}`, 'GET', 414],
  ])('for %s', async (_what, path, method, expected) => {
    const { status, headers } = await get(path, {}, method);
    expect(status).toBe(expected);
    expectSecurityHeaders(headers);
    expect(headers.get('strict-transport-security')).toBe(HSTS);
  });
});

describe('Mozilla’s Observatory', () => {
  async function scan(path: string): Promise<Scan> {
    const { headers, body } = await get(path);
    // The first request of a browser.
    const redirect = (await plain(path)).headers.get('location') ?? undefined;
    return { headers, body: body.toString(), redirect, host: NAME };
  }

  it.each(['/', '/docs', '/openapi.json', '/health'])('gives %s an A+', async (path) => {
    const { score, modifiers } = observatory(await scan(path));
    console.log(`Observatory, ${path}: ${score}`);
    expect(Math.min(...Object.values(modifiers))).toBeGreaterThanOrEqual(0);
    expect(score).toBeGreaterThanOrEqual(100);
  });

  it.each([
    ['content-security-policy', null, 90],
    ['content-security-policy', "default-src *; script-src 'unsafe-inline'; frame-ancestors 'none'", 80],
    ['strict-transport-security', 'max-age=86400', 120],
    ['strict-transport-security', null, 80],
    ['set-cookie', 'session=1', 60],
  ])('gives a lower score with %s: %s', async (name, value, most) => {
    const whole = await scan('/docs');
    const headers = new Headers(whole.headers);
    headers.delete(name);
    if (value !== null) headers.set(name, value);
    expect(observatory({ ...whole, headers }).score).toBeLessThanOrEqual(most);
    expect(observatory({ ...whole, headers }).score).toBeLessThan(observatory(whole).score);
  });
});

describe('the client address behind nginx', () => {
  async function loggedFor(id: string): Promise<unknown> {
    const line = await eventually(async () => {
      const log = await compose('logs', '--no-log-prefix', '--since', '1m', 'nginx');
      return /\{.*\}/.exec(log.split('\n').find((text) => text.includes(id)) ?? '')?.[0];
    }, 'the line');
    return (JSON.parse(line) as { client: unknown }).client;
  }

  it('is the one that a trusted proxy sends', async () => {
    const id = `proxied-${Date.now()}`;
    const curl = 'curl -sk -o /dev/null -H "X-Forwarded-For: 198.51.100.7, 203.0.113.9"';
    await inside(
      'nginx',
      `${curl} -H "X-Request-Id: ${id}" --resolve ${NAME}:8443:127.0.0.1 https://${NAME}:8443/version`,
    );
    expect(await loggedFor(id)).toBe('203.0.113.9');
  });

  it('is the address of the connection for an untrusted proxy, even in a private network', async () => {
    const id = `claimed-${Date.now()}`;
    await get('/version', { 'X-Forwarded-For': '203.0.113.9', 'X-Real-IP': '203.0.113.9', 'X-Request-Id': id });
    expect(await loggedFor(id)).toMatch(/^(10|172|192)\./);
  });
});

describe('the listener for operators', () => {
  const url = `http://127.0.0.1:${ADMIN_PORT}`;

  it('is published only on the loopback interface', async () => {
    const ports = await compose('port', 'nginx', '8082');
    expect(ports).toBe(`127.0.0.1:${ADMIN_PORT}\n`);
  });

  it('serves nginx’s figures', async () => {
    expect(await (await fetch(`${url}/stub_status`)).text()).toMatch(/Active connections: \d+/);
    const metrics = await fetch(`${url}/metrics`);
    expect(metrics.headers.get('content-type')).toContain('text/plain; version=0.0.4');
    expect(await metrics.text()).toContain('\npdf_tools_certificate_expiry_timestamp_seconds ');
  });

  it('forwards to the api’s listener, which requires the admin key', async () => {
    expect((await fetch(`${url}/admin/api/jobs`)).status).toBe(401);
    const key = (await readFile(`${process.env.SECRETS_DIR ?? '.run/secrets'}/admin_key`, 'utf8')).trim();
    const jobs = await fetch(`${url}/admin/api/jobs`, { headers: { Authorization: `Bearer ${key}` } });
    expect([jobs.status, Object.keys((await jobs.json()) as object)]).toEqual([200, expect.arrayContaining(['jobs'])]);
  });

  it('serves nothing that the public listener has', async () => {
    for (const path of ['/admin/api/jobs', '/metrics', '/stub_status']) expect((await get(path)).status).toBe(404);
    expect((await fetch(`${url}/api/limits`)).status).toBe(404);
  });
});

describe('the response cache', () => {
  const cached = (answer: Answer): string | null => answer.headers.get('x-cache');

  it.each(['/openapi.json', '/docs', '/api/limits'])(
    'stores %s without headers of the client that filled it',
    async (path) => {
      await get(path);
      const [first, second] = [await get(path, { 'X-Request-Id': 'first' }), await get(`${path}?x=1`)];
      expect([first, second].map(cached)).toEqual(['HIT', 'HIT']);
      expect(first.headers.get('x-request-id')).toBe('first');
      expect(second.headers.get('x-request-id')).toMatch(/^[0-9a-f]{32}$/);
      expect(second.headers.get('ratelimit')).toBeNull();
      expect(second.body).toEqual(first.body);
    },
  );

  it.each(['Authorization', 'X-API-Key', 'Cookie', 'Origin'])('is bypassed by requests with %s', async (name) => {
    await get('/api/limits');
    const answer = await get('/api/limits', { [name]: 'https://app.example.org' });
    expect(cached(answer)).toBe('BYPASS');
    if (name === 'Origin') expect(answer.headers.get('access-control-allow-origin')).toBe('https://app.example.org');
    const next = await get('/api/limits');
    expect([cached(next), next.headers.get('access-control-allow-origin')]).toEqual(['HIT', null]);
  });

  it.each(['/health', '/version', '/api/jobs/unknown', '/'])('does not store %s', async (path) => {
    await get(path);
    expect(cached(await get(path))).toBeNull();
  });
});

describe('gzip compression', () => {
  it('applies to JSON', async () => {
    const packed = await get('/openapi.json', { 'Accept-Encoding': 'gzip' });
    expect(packed.headers.get('content-encoding')).toBe('gzip');
    expect(packed.headers.get('vary')).toContain('Accept-Encoding');
    expect((await get('/openapi.json')).body.length).toBeGreaterThan(2 * packed.body.length);
  });

  it('does not apply to PDFs and event streams', async () => {
    const { path, method, headers, body } = await smallPost();
    const made = await get(
      path,
      { ...headers, 'Accept-Encoding': 'gzip', 'content-length': String(body.length) },
      method,
      body,
    );
    expect([made.status, made.headers.get('content-type')]).toEqual([200, 'application/pdf']);
    const events = await get(`/api/jobs/${made.headers.get('x-job-id') ?? ''}/events`, { 'Accept-Encoding': 'gzip' });
    expect(events.headers.get('content-type')).toContain('text/event-stream');
    for (const answer of [made, events]) expect(answer.headers.get('content-encoding')).toBeNull();
    expect(made.headers.get('strict-transport-security')).toBe(HSTS);
  });
});

describe('the alert rules for nginx', () => {
  const promtool = (...args: string[]): Promise<string> =>
    command(
      ...(['docker', 'run', '--rm', '--network', 'none', '--entrypoint', 'promtool'] as const),
      ...['--volume', `${process.cwd()}/compose/prometheus:/rules:ro`, 'prom/prometheus:v3.5.3', ...args],
    );

  it('are valid and fire at the right time', async () => {
    expect(await promtool('check', 'rules', '/rules/alerts.yml')).toContain('SUCCESS');
    expect(await promtool('test', 'rules', '/rules/alerts.test.yml')).toContain('SUCCESS');
  });
});
