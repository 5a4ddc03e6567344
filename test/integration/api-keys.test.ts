import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ApiKeys } from '@pdf-tools/api/http/api-keys';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { form, json } from '@pdf-tools/harness/http';
import type { Problem } from '@pdf-tools/harness/http';
import { freePort } from '@pdf-tools/harness/ports';
import { eventually } from '@pdf-tools/harness/processes';
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

describe('API keys that are stored as hashes', () => {
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

  it('have limits of their own, and no cache mixes their responses', async () => {
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

  it('do not open the admin listener', async () => {
    const { adminUrl } = await startKeyed();
    const refused = await fetch(adminUrl, { headers: small });
    expect([refused.status, (await json<Problem>(refused)).code]).toEqual([403, 'forbidden']);
    expect((await fetch(adminUrl, { headers: { 'X-API-Key': 'wrong' } })).status).toBe(401);
    expect((await fetch(adminUrl, { headers: { 'X-API-Key': 'an-admin-key-for-tests' } })).status).toBe(200);
  });
});

const scripts = new URL('../../../scripts/', import.meta.url).pathname;

/** A secrets directory of its own, and the scripts that change its keys. */
class KeyFile {
  private constructor(readonly folder: string) {}

  static async create(): Promise<KeyFile> {
    return new KeyFile(await mkdtemp(join(tmpdir(), 'pdf-tools-keys-')));
  }

  get path(): string {
    return join(this.folder, 'api_keys');
  }

  async run(script: string, args: readonly string[] = [], env: NodeJS.ProcessEnv = {}) {
    const { PATH = '' } = process.env;
    const { stdout, stderr } = await run(`${scripts}${script}`, args, {
      env: { PATH, SECRETS_DIR: this.folder, ...env },
    });
    return { stdout: stdout.trim(), stderr };
  }

  async lines(): Promise<string[]> {
    return (await readFile(this.path, 'utf8')).trim().split('\n');
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true });
  }
}

let keyFile: KeyFile;
beforeEach(async () => {
  keyFile = await KeyFile.create();
});
afterEach(() => keyFile.remove());

describe('make key', () => {
  it('shows a key once and keeps its hash', async () => {
    const made = await keyFile.run('key.sh', ['shop'], { RATE: '7', UPLOAD: '1000' });
    const again = await keyFile.run('key.sh', ['lab']);
    const lines = await keyFile.lines();
    expect(made.stdout).toMatch(/^pdft_[0-9a-f]{64}$/);
    expect(lines).toHaveLength(2);
    expect(lines.join()).not.toContain(made.stdout.slice(5));
    const keys = new ApiKeys(lines);
    const known = (shown: string) => keys.identify({ headers: { 'x-api-key': shown } } as unknown as IncomingMessage);
    expect(known(made.stdout)).toEqual({ name: 'shop', limits: { rate: 7, maxUploadBytes: 1000 } });
    expect(known(again.stdout)).toEqual({ name: 'lab', limits: {} });
    // Only the owner of the directory can read the file, and no user can overwrite it by mistake.
    expect((await stat(keyFile.path)).mode & 0o222).toBe(0);
    await expect(keyFile.run('key.sh', ['a name'])).rejects.toThrow('NAME must be');
  });

  it('keeps the inode of the file, which Compose mounts into the container', async () => {
    await keyFile.run('key.sh', ['shop']);
    const { ino } = await stat(keyFile.path);
    await keyFile.run('key.sh', ['lab']);
    await keyFile.run('key-revoke.sh', [], { NAME: 'shop' });
    expect((await stat(keyFile.path)).ino).toBe(ino);
    expect((await stat(keyFile.path)).mode & 0o222).toBe(0);
  });
});

describe('make keys', () => {
  it('lists names and limits, but neither keys nor whole hashes', async () => {
    const { stdout: key } = await keyFile.run('key.sh', ['shop'], { RATE: '7' });
    await keyFile.run('key.sh', ['lab']);
    await keyFile.run('key-revoke.sh', [], { NAME: 'lab' });
    const { stdout } = await keyFile.run('keys.sh');
    expect(stdout).toMatch(/^[0-9a-f]{8} +shop +7 +default$/m);
    expect(stdout).toMatch(/^revoked +lab +default +default$/m);
    expect(stdout).not.toContain(key.slice(5));
    expect(stdout).not.toMatch(/[0-9a-f]{9}/);
  });

  it('says that an API without keys is open', async () => {
    expect((await keyFile.run('keys.sh')).stderr).toContain('open to everyone');
  });
});

describe('make key-revoke', () => {
  it('revokes one of several keys of a name by its ID', async () => {
    await keyFile.run('key.sh', ['shop']);
    await keyFile.run('key.sh', ['shop']);
    const [first = '', second] = await keyFile.lines();
    await keyFile.run('key-revoke.sh', [], { ID: first.split(':')[2]?.slice(0, 8) });
    expect(await keyFile.lines()).toEqual([`shop:sha256:${'0'.repeat(64)}`, second]);
  });

  it('refuses a name without a key, and changes nothing', async () => {
    await keyFile.run('key.sh', ['shop']);
    const before = await keyFile.lines();
    await expect(keyFile.run('key-revoke.sh', [], { NAME: 'sho.' })).rejects.toThrow('no valid key');
    await expect(keyFile.run('key-revoke.sh')).rejects.toThrow('make key-revoke NAME=shop');
    expect(await keyFile.lines()).toEqual(before);
  });
});

describe('an api that runs', () => {
  const statusOf = async (url: string, key = ''): Promise<number> =>
    (await fetch(`${url}/api/limits`, { headers: key === '' ? {} : { 'X-API-Key': key } })).status;
  const answers = (status: number, url: string, key?: string) =>
    eventually(async () => (await statusOf(url, key)) === status, `status ${status}`);

  it('accepts a new key and refuses a revoked one without a restart', async () => {
    await keyFile.run('secrets.sh');
    const { url } = await start({ API_KEYS_FILE: keyFile.path });
    expect(await statusOf(url)).toBe(200);
    const { stdout: shop } = await keyFile.run('key.sh', ['shop']);
    await answers(401, url);
    expect(await statusOf(url, shop)).toBe(200);
    const { stdout: lab } = await keyFile.run('key.sh', ['lab']);
    await answers(200, url, lab);
    await keyFile.run('key-revoke.sh', [], { NAME: 'shop' });
    await answers(401, url, shop);
    expect(await statusOf(url, lab)).toBe(200);
    // The last key: the API stays closed, also for a process that starts now.
    await keyFile.run('key-revoke.sh', [], { NAME: 'lab' });
    await answers(401, url, lab);
    expect(await statusOf(url)).toBe(401);
    expect(new ApiKeys(await keyFile.lines()).required).toBe(true);
  });

  it('keeps its keys while the file has a bad line, and stays closed while it is empty', async () => {
    const { stdout: shop } = await keyFile.run('key.sh', ['shop']);
    const { url } = await start({ API_KEYS_FILE: keyFile.path });
    const api = (): string => stack?.process('api').output ?? '';
    const replace = async (text: string): Promise<void> => {
      // A new file in its place, as an editor writes it.
      await rm(keyFile.path);
      await writeFile(keyFile.path, text);
    };
    const lines = (await keyFile.lines()).join('\n');
    await replace('lab:sha256:0123');
    await eventually(() => Promise.resolve(/not reloaded.*item 1/.test(api())), 'the bad file is noticed');
    expect(await statusOf(url, shop)).toBe(200);
    await replace(lines);
    await eventually(() => Promise.resolve(api().includes('API keys reloaded')), 'the good file is noticed');
    await truncate(keyFile.path);
    await answers(401, url, shop);
    expect(await statusOf(url)).toBe(401);
  });
});
