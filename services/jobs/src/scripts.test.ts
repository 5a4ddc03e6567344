import { describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { SCRIPTS } from './scripts.js';

const ROOT = new URL('../../../', import.meta.url);
const SERVICES = fileURLToPath(new URL('services', ROOT));

describe('the Lua scripts', () => {
  it('are generated from the current .lua files, whose headers name every key and argument', () => {
    const script = fileURLToPath(new URL('scripts/lua-scripts.mjs', ROOT));
    const { status, stderr } = spawnSync(process.execPath, [script, '--check'], { encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(status).toBe(0);
  });

  it.each(Object.entries(SCRIPTS))('%s starts with its flags and has all names filled in', (_name, text) => {
    expect(text).toMatch(/^#!lua( flags=allow-oom)?\n/);
    expect(text).not.toMatch(/\b(?:keys|channels|constants)\.|@include/);
  });
});

describe('the names of Redis keys', () => {
  it('are written only in keys.ts, and in the module whose key it lists', () => {
    const sources = readdirSync(SERVICES, { recursive: true, encoding: 'utf8' }).filter((path) =>
      /^[^/]+\/src\/.*(?<!\.test)\.(?:ts|lua)$/.test(path),
    );
    const isGenerated = (path: string) => path.endsWith('lua/sources.ts');
    const naming = sources.filter(
      (path) => !isGenerated(path) && /['"`](?:pdf|bq):/.test(readFileSync(`${SERVICES}/${path}`, 'utf8')),
    );
    expect(naming.sort()).toEqual(['jobs/src/keys.ts', 'runtime/src/log-level.ts']);
  });
});
