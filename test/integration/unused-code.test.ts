import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runCommand } from '@pdf-tools/harness/cli';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const KNIP = join(ROOT, 'node_modules/knip/bin/knip.js');

/** The project's configuration with one service, which has one thing of each kind that nothing uses. */
const FILES: Readonly<Record<string, string>> = {
  'package.json': '{ "name": "tree", "private": true, "type": "module", "workspaces": ["services/*"] }',
  'services/scheduler/src/main.ts': "import { used } from './parts.js';\nimport 'unlisted';\nused();\n",
  'services/scheduler/src/parts.ts':
    'export function used(): void {}\nexport function unusedFunction(): void {}\nexport interface UnusedType {}\n',
  'scripts/task.mjs': '',
  'scripts/lib/unused-file.mjs': '',
};

describe('the check for unused code of make lint', () => {
  const tree = mkdtempSync(join(tmpdir(), 'pdf-tools-unused-'));
  let report = '';

  beforeAll(async () => {
    const copied = ['knip.jsonc', 'tsconfig.base.json', 'services/scheduler/package.json'];
    const configs = ['tsconfig.json', 'tsconfig.src.json', 'tsconfig.test.json'];
    for (const file of [...copied, ...configs.map((name) => `services/scheduler/${name}`)])
      cpSync(join(ROOT, file), join(tree, file));
    for (const [file, text] of Object.entries(FILES)) {
      mkdirSync(dirname(join(tree, file)), { recursive: true });
      writeFileSync(join(tree, file), text);
    }
    const args = [KNIP, '--no-progress', '--no-config-hints', '--reporter', 'compact'];
    const { code, stdout, stderr } = await runCommand(process.execPath, args, { folder: tree });
    report = `${stdout.toString()}${stderr}`;
    expect(code).toBe(1);
  });
  afterAll(() => {
    rmSync(tree, { recursive: true, force: true });
  });

  it.each([
    ['a file', 'scripts/lib/unused-file.mjs'],
    ['an exported function of a package that exports every file', 'unusedFunction'],
    ['an exported type', 'UnusedType'],
    ['a dependency', '@pdf-tools/jobs'],
    ['an import of a package that is not a dependency', 'unlisted'],
  ])('reports %s', (_, name) => {
    expect(report).toContain(name);
  });

  it('does not report files and exports that are used', () => {
    expect(report).not.toMatch(/: (used|.*main\.ts|.*task\.mjs)/);
  });
});
