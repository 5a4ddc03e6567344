import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Agent } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '@pdf-tools/harness/processes';
import { Load, call, smallPost } from './load.js';
import type { Outcome } from './load.js';
import * as stack from './stack.js';
import { ADMIN_PORT, NAME, authority, certbot, command, compose, inside, makeCert, served } from './stack.js';

jest.setTimeout(180_000);

const FOLDER = '/etc/nginx/certificates';
const LIVE = `${FOLDER}/certbot/config/live/pdf-tools`;
/** Several checks of the watcher, which runs once a second. */
const LOOKS_MS = 4_000;
let ca: string;

/** Returns a figure of the operators' listener. */
async function metric(name: string): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${ADMIN_PORT}/metrics`)).text();
  return Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1]);
}

/** Returns the lines of nginx's container log that are not requests. */
async function words(): Promise<string> {
  return (await compose('logs', '--no-log-prefix', 'nginx')).replace(/\{.*\}\n/g, '');
}

describe('without a certificate', () => {
  beforeAll(async () => {
    // Restores the state of the first start.
    await inside('nginx', `rm -rf ${FOLDER}/served ${FOLDER}/pair-* ${FOLDER}/certbot/config`);
    await compose('restart', '--timeout', '1', 'nginx');
    await eventually(() => served(), 'nginx serves');
  });

  it('nginx serves a placeholder that clients reject', async () => {
    expect((await served()).subject).toBe('placeholder.invalid');
    await expect(served(await authority())).rejects.toThrow(/self-signed/);
  });

  it('nginx answers only the authority’s challenge on port 80', async () => {
    await inside(
      'nginx',
      `cd ${FOLDER}/webroot && mkdir -p .well-known/acme-challenge && echo answer >.well-known/acme-challenge/question`,
    );
    const ask = (path: string): Promise<Response> =>
      fetch(`http://127.0.0.1:${stack.HTTP_PORT}/.well-known/acme-challenge/${path}`, { redirect: 'manual' });
    expect(await (await ask('question')).text()).toBe('answer\n');
    expect((await ask('unknown')).status).toBe(404);
    expect([400, 404]).toContain((await ask('..%2f..%2f..%2fserved/privkey.pem')).status);
  });
});

describe('make cert', () => {
  it('obtains a certificate, which nginx then serves', async () => {
    await makeCert();
    ca = await authority();
    expect((await served(ca)).subject).toBe(`DNS:${NAME}`);
  });

  it('keeps the certificate when it runs again', async () => {
    const before = await served(ca);
    await makeCert();
    expect(await served(ca)).toEqual(before);
  });

  it('makes the key readable only for nginx, and gives certbot no privileges', async () => {
    expect(await inside('certbot', `stat -L -c '%a %u' ${LIVE}/privkey.pem`)).toBe('600 101\n');
    const status = await inside('certbot', 'cat /proc/self/status');
    expect(status).toMatch(/CapEff:\t0+\n/);
    expect(status).toMatch(/NoNewPrivs:\t1\n/);
    await expect(inside('certbot', 'touch /etc/x')).rejects.toThrow('Read-only file system');
    await expect(inside('certbot', 'getent hosts nginx redis api')).rejects.toThrow();
  });

  it('reports when the certificate expires', async () => {
    const { expires } = await served(ca);
    await eventually(
      async () => (await metric('pdf_tools_certificate_expiry_timestamp_seconds')) === expires.getTime() / 1_000,
      'the expiry is told',
    );
    expect(Date.now() / 1_000 - (await metric('pdf_tools_certificate_checked_timestamp_seconds'))).toBeLessThan(60);
  });

  it('can be tried without changing the certificate', async () => {
    const before = await served(ca);
    await command('make', 'cert-dry-run');
    expect(await served(ca)).toEqual(before);
  });
});

describe('a certificate renewal', () => {
  it('fails no new request and none in progress', async () => {
    const load = new Load(ca);
    await load.start();
    const serials = [(await served(ca)).serial];
    const upload = { ...(await smallPost()), spreadMs: 12_000 };
    let outcome: Outcome;
    try {
      for (let i = 0; i < 3; i++) {
        const uploaded = call(new Agent({ ca }), upload);
        await certbot('renew', '--force-renewal');
        serials.push((await stack.servedAfter(serials.at(-1) ?? '')).serial);
        expect(await uploaded).toBe(200);
      }
      await sleep(2_000);
    } finally {
      outcome = await load.stop();
    }
    const { requests, repeated, failures } = outcome;
    const total = Object.values(requests).reduce((sum, count) => sum + count);
    console.log(`three renewals: ${total} requests, ${failures.length} failed, ${repeated} repeated`, requests);
    expect(failures).toEqual([]);
    expect(Object.values(requests).every((count) => count > 5)).toBe(true);
    expect(new Set(serials).size).toBe(4);
    await served(ca);
  });

  it.each([
    ['the authority cannot reach us', 'edge'],
    ['we cannot reach the authority', 'egress'],
  ])('that fails keeps the old certificate: %s', async (_what, network) => {
    const before = await served(ca);
    const pebble = (await compose('ps', '--quiet', 'pebble')).trim();
    const name = `${stack.PROJECT}_${network}`;
    await command('docker', 'network', 'disconnect', name, pebble);
    try {
      await expect(certbot('renew', '--force-renewal')).rejects.toThrow(/Failed to renew/);
      await sleep(LOOKS_MS);
      expect(await served(ca)).toEqual(before);
    } finally {
      await command('docker', 'network', 'connect', '--alias', 'pebble', name, pebble);
    }
  });

  it('that writes a broken pair keeps the old certificate, even after a restart of nginx', async () => {
    const before = await served(ca);
    await inside(
      'nginx',
      `cd ${LIVE} && mv privkey.pem kept && openssl ecparam -genkey -name prime256v1 -out privkey.pem`,
    );
    try {
      await eventually(async () => (await words()).includes('nginx refuses the new certificate'), 'it is refused');
      expect(await served(ca)).toEqual(before);
      await compose('restart', '--timeout', '1', 'nginx');
      await eventually(() => served(ca), 'nginx serves');
      await sleep(LOOKS_MS);
      expect(await served(ca)).toEqual(before);
    } finally {
      await inside('nginx', `cd ${LIVE} && mv kept privkey.pem`);
    }
  });

  it('replaces a revoked certificate, which is served until then', async () => {
    const before = await served(ca);
    const folders = `--config-dir ${FOLDER}/certbot/config --work-dir ${FOLDER}/certbot/work --logs-dir ${FOLDER}/certbot/logs`;
    await inside(
      'certbot',
      `certbot revoke --non-interactive ${folders} --cert-path ${LIVE}/cert.pem --no-delete-after-revoke --server $ACME_SERVER`,
    );
    const status = await inside('nginx', `curl -sSfk https://pebble:15000/cert-status-by-serial/${before.serial}`);
    expect(status).toContain('Revoked');
    await sleep(LOOKS_MS);
    expect(await served(ca)).toEqual(before);
    await certbot('renew', '--force-renewal');
    await stack.servedAfter(before.serial);
    await served(ca);
  });
});
