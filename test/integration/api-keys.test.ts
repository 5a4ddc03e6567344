import { afterEach, describe, expect, it } from '@jest/globals';
import { ApiKeys } from '@pdf-tools/api/http/api-keys';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { form, json } from '@pdf-tools/harness/http';
import type { Problem } from '@pdf-tools/harness/http';
import { freePort } from '@pdf-tools/harness/ports';
import { jpeg } from '@pdf-tools/harness/samples';
import { TestStack } from '@pdf-tools/harness/stack';

const run = promisify(execFile);

let stack: TestStack | undefined;
afterEach(async () => {
  await stack?.stop();
  stack = undefined;
});

async function start(env: Record<string, string>): Promise<TestStack> {
  return (stack = await TestStack.start(['api'], env));
}

function send(url: string, file: Buffer, headers: Record<string, string>): Promise<Response> {
  return fetch(`${url}/api/image-to-pdf`, {
    method: 'POST',
    body: form([{ name: 'a.jpg', bytes: file }]),
    headers: { Prefer: 'respond-async', ...headers },
  });
}

describe('API keys that lie there as hashes', () => {
  const hashOf = (key: string): string => `sha256:${createHash('sha256').update(key).digest('hex')}`;
  const small = { 'X-API-Key': 'key-of-small' };

  async function startKeyed(): Promise<{ url: string; adminUrl: string }> {
    const adminPort = await freePort();
    const keys = `large:${hashOf('key-of-large')},small:${hashOf('key-of-small')};rate=5;upload=20000`;
    const { url } = await start({
      API_KEYS: keys,
      RATE_LIMIT: 'on',
      ADMIN_KEY: 'an-admin-key-for-tests',
      ADMIN_PORT: String(adminPort),
    });
    return { url, adminUrl: `http://127.0.0.1:${adminPort}/admin/api/jobs` };
  }

  it('have limits of their own, and no cache mixes their answers', async () => {
    const { url } = await startKeyed();
    const photo = await jpeg();
    const large = await send(url, photo, { 'X-API-Key': 'key-of-large' });
    expect(large.status).toBe(202);
    expect(large.headers.get('cache-control')).toContain('no-store');
    expect(large.headers.get('vary')).toMatch(/Authorization.*X-API-Key/);
    const refused = await send(url, photo, small);
    expect([refused.status, (await json<Problem>(refused)).code]).toEqual([413, 'upload_too_large']);
    expect((await send(url, await jpeg(16, 16), small)).status).toBe(202);

    const flood = await Promise.all(Array.from({ length: 12 }, () => fetch(`${url}/api/limits`, { headers: small })));
    expect(flood.filter(({ status }) => status === 429).length).toBeGreaterThanOrEqual(2);
    expect(flood[0]?.headers.get('ratelimit-policy')).toContain('q=5');
    expect((await fetch(`${url}/api/limits`, { headers: { 'X-API-Key': 'key-of-large' } })).status).toBe(200);
    // The hash is not the key.
    expect((await fetch(`${url}/api/limits`, { headers: { 'X-API-Key': hashOf('key-of-large') } })).status).toBe(401);
  });

  it('are no operator’s', async () => {
    const { adminUrl } = await startKeyed();
    const refused = await fetch(adminUrl, { headers: small });
    expect([refused.status, (await json<Problem>(refused)).code]).toEqual([403, 'forbidden']);
    expect((await fetch(adminUrl, { headers: { 'X-API-Key': 'wrong' } })).status).toBe(401);
    expect((await fetch(adminUrl, { headers: { 'X-API-Key': 'an-admin-key-for-tests' } })).status).toBe(200);
  });
});

describe('make key', () => {
  it('shows a key once and keeps its hash', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'pdf-tools-keys-'));
    const script = new URL('../../../scripts/key.sh', import.meta.url).pathname;
    const env = { PATH: process.env.PATH ?? '', SECRETS_DIR: folder };
    const made = await run(script, ['shop'], { env: { ...env, RATE: '7', UPLOAD: '1000' } });
    const again = await run(script, ['lab'], { env });
    const lines = (await readFile(join(folder, 'api_keys'), 'utf8')).trim().split('\n');
    const key = made.stdout.trim();
    expect(key).toMatch(/^pdft_[0-9a-f]{64}$/);
    expect(lines).toHaveLength(2);
    expect(lines.join()).not.toContain(key.slice(5));
    const keys = new ApiKeys(lines);
    const known = (shown: string) => keys.identify({ headers: { 'x-api-key': shown } } as unknown as IncomingMessage);
    expect(known(key)).toEqual({ name: 'shop', limits: { rate: 7, maxUploadBytes: 1000 } });
    expect(known(again.stdout.trim())).toEqual({ name: 'lab', limits: {} });
    // Nobody but the folder's owner comes to the file, and nobody writes to it by mistake.
    expect((await stat(join(folder, 'api_keys'))).mode & 0o222).toBe(0);
    await expect(run(script, ['a name'], { env })).rejects.toThrow();
    await rm(folder, { recursive: true });
  });
});
