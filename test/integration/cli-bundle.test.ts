import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SCRIPTS = fileURLToPath(new URL('../../../scripts/', import.meta.url));
const PROJECTS = ['pdf', 'runtime', 'operations', 'cli'];
const [OLD, NEW] = [new Date(2020, 0, 1), new Date(2021, 0, 1)];

let root = '';

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'pdf-tools-starter-'));
  for (const folder of ['scripts', 'node_modules/@pdf-tools']) mkdirSync(join(root, folder), { recursive: true });
  for (const name of ['pdf-tools', 'bundle-lib.sh']) copyFileSync(join(SCRIPTS, name), join(root, 'scripts', name));
  for (const kind of ['dist', 'bundle']) write(`services/cli/${kind}/main.js`, `console.log('${kind}');`, OLD);
  for (const project of PROJECTS) write(`services/${project}/dist/.src.tsbuildinfo`, '{}', OLD);
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

function write(path: string, text: string, time: Date): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
  utimesSync(join(root, path), time, time);
}

function start(): string {
  return execFileSync(join(root, 'scripts/pdf-tools'), { encoding: 'utf8' }).trim();
}

describe('scripts/pdf-tools', () => {
  it('starts the bundle', () => {
    expect(start()).toBe('bundle');
  });

  it.each(PROJECTS)('starts the compiled modules if %s was compiled after the bundle was made', (project) => {
    write(`services/${project}/dist/.src.tsbuildinfo`, '{}', NEW);
    expect(start()).toBe('dist');
  });

  it('starts the compiled modules if the dependencies changed after the bundle was made', () => {
    write('package-lock.json', '{}', NEW);
    expect(start()).toBe('dist');
  });

  it('starts the compiled modules without a bundle', () => {
    rmSync(join(root, 'services/cli/bundle'), { recursive: true });
    expect(start()).toBe('dist');
  });
});
