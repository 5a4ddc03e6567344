import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const SCRIPTS = fileURLToPath(new URL('../../../', import.meta.url));
const LETS_ENCRYPT = 'https://acme-v02.api.letsencrypt.org/directory';
const STAGING = 'https://acme-staging-v02.api.letsencrypt.org/directory';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'certbot-'));
  await mkdir(join(folder, 'bin'));
  // Stand-ins for certbot and docker print their arguments; the one for flock runs its command.
  await stub('certbot', 'printf "%s\\n" "$@"');
  await stub('docker', 'printf "%s\\n" "$@"');
  await stub('flock', 'shift; exec "$@"');
});
afterEach(() => rm(folder, { recursive: true }));

async function stub(name: string, body: string): Promise<void> {
  const path = join(folder, 'bin', name);
  await writeFile(path, `#!/bin/sh\n${body}\n`);
  await chmod(path, 0o755);
}

async function call(command: string, args: readonly string[], env: Record<string, string>): Promise<string[]> {
  const path = `${folder}/bin:${process.env.PATH ?? ''}`;
  const { stdout } = await run(command, args, { env: { PATH: path, CERTIFICATES_DIR: folder, ...env }, cwd: SCRIPTS });
  return stdout.split('\n');
}

/** Returns certbot's arguments for a first certificate. */
function issue(env: Record<string, string> = {}): Promise<string[]> {
  const who = { DOMAIN: 'pdf.example.org', EMAIL: 'you@example.org' };
  return call('sh', ['compose/certbot.sh', 'issue'], { ...who, ...env });
}

const after = (words: readonly string[], option: string): string | undefined => words[words.indexOf(option) + 1];

describe('make cert', () => {
  it('requests a certificate for the domain from Let’s Encrypt with the operator’s address', async () => {
    const words = await issue();
    expect(words[0]).toBe('certonly');
    expect(after(words, '--server')).toBe(LETS_ENCRYPT);
    expect(after(words, '--domain')).toBe('pdf.example.org');
    expect(after(words, '--email')).toBe('you@example.org');
    expect(words).not.toContain('--force-renewal');
  });

  it.each([
    ['STAGING=1', { STAGING: '1' }, STAGING],
    ['STAGING=1 whatever else is set', { STAGING: '1', ACME_SERVER: 'https://other.example/dir' }, STAGING],
    ['STAGING empty', { STAGING: '' }, LETS_ENCRYPT],
    ['ACME_SERVER', { ACME_SERVER: 'https://other.example/dir' }, 'https://other.example/dir'],
  ])('requests it from another authority with %s', async (_what, env, server) => {
    const words = await issue(env);
    expect(after(words, '--server')).toBe(server);
    expect(words.filter((word) => word === '--server')).toHaveLength(1);
  });

  it('replaces a certificate of the test authority, and keeps one of the same authority', async () => {
    await mkdir(join(folder, 'certbot/config/renewal'), { recursive: true });
    await writeFile(join(folder, 'certbot/config/renewal/pdf-tools.conf'), `[renewalparams]\nserver = ${STAGING}\n`);
    expect(await issue()).toContain('--force-renewal');
    expect(await issue({ STAGING: '1' })).not.toContain('--force-renewal');
  });

  it('passes STAGING, domain and address to the container', async () => {
    const env = { DOMAIN: 'pdf.example.org', EMAIL: 'you@example.org', STAGING: '1', SERVER_NAME: 'pdf.example.org' };
    const words = await call('bash', ['scripts/cert.sh'], env);
    const exec = words.slice(words.indexOf('exec'));
    expect(exec.slice(0, 9)).toEqual([
      ...[
        'exec',
        '--no-TTY',
        '--env',
        'DOMAIN=pdf.example.org',
        '--env',
        'EMAIL=you@example.org',
        '--env',
        'STAGING=1',
      ],
      'certbot',
    ]);
  });
});
