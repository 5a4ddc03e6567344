import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PROJECT, docker } from './docker.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

let clone = '';
beforeAll(() => {
  clone = mkdtempSync(join(tmpdir(), 'pdf-tools-clone-'));
  for (const name of ['scripts', 'compose', 'docker-compose.yml', 'package.json'])
    cpSync(join(ROOT, name), join(clone, name), { recursive: true });
});
afterAll(() => {
  rmSync(clone, { recursive: true, force: true });
});

/** Runs a script of the second clone, which has the Compose project of the stack under test. */
function run(script: string, env: NodeJS.ProcessEnv = {}): Promise<{ code: number; stderr: string }> {
  const { PATH, HOME, DOCKER_HOST } = process.env;
  const settings = { PATH, HOME, DOCKER_HOST, COMPOSE_PROJECT_NAME: PROJECT, HTTP_PORT: '18999', ...env };
  return new Promise((resolve) => {
    execFile(join(clone, 'scripts', script), { env: settings }, (error, _stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, stderr });
    });
  });
}

/** Containers that run, and volumes, of the stack under test. */
async function parts(): Promise<string[]> {
  const filter = ['--quiet', '--filter', `label=com.docker.compose.project=${PROJECT}`];
  const found = [await docker('ps', ...filter), await docker('volume', 'ls', ...filter)];
  return found.join('').trim().split('\n').sort();
}

describe('a second clone on the same host', () => {
  it('refuses to start the stack of the first one, and says how to run beside it', async () => {
    const before = await parts();
    const { code, stderr } = await run('up.sh');
    expect(code).toBe(1);
    expect(stderr).toContain(`COMPOSE_PROJECT_NAME=${PROJECT}-2`);
    expect(stderr).toContain('HTTP_PORT=19000');
    expect(stderr.trim().split('\n').at(-1)).toMatch(/^error: the stack ".+" belongs to \/.+ Nothing was started\.$/);
    expect(await parts()).toEqual(before);
  });

  it.each([
    ['down.sh', 1, 'Nothing was stopped'],
    ['clean.sh', 0, 'stay, because they belong to'],
  ])('leaves it alone with %s', async (script, code, message) => {
    const before = await parts();
    expect(before.length).toBeGreaterThan(5);
    expect(await run(script, { YES: '1' })).toEqual({ code, stderr: expect.stringContaining(message) });
    expect(await parts()).toEqual(before);
  });

  it('removes its own files with clean.sh', () => {
    expect(readdirSync(clone)).not.toContain('.run');
  });
});
