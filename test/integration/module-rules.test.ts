import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runCommand } from '@pdf-tools/harness/cli';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const CONFIG = '.dependency-cruiser.mjs';
const CRUISER = join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
const SERVICES = readdirSync(join(ROOT, 'services'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

/** A file with a forbidden import, the statement, and the rule that forbids it. */
type Case = readonly [file: string, statement: string, rule: string];

const FORBIDDEN: readonly Case[] = [
  ...['runtime', 'jobs', 'operations', 'api'].map((other) => arrow('pdf', other)),
  ...['pdf', 'jobs', 'operations', 'api'].map((other) => arrow('runtime', other)),
  ...['pdf', 'operations', 'worker'].map((other) => arrow('jobs', other)),
  ...['jobs', 'cli'].map((other) => arrow('operations', other)),
  ...['runtime', 'api'].map((other) => arrow('web', other)),
  ...['pdf', 'worker'].map((other) => arrow('api', other)),
  ...['pdf', 'api'].map((other) => arrow('worker', other)),
  ...['pdf', 'operations', 'worker'].map((other) => arrow('scheduler', other)),
  ...['pdf', 'jobs', 'worker'].map((other) => arrow('cli', other)),
  layer('syntax', 'filters'),
  layer('filters', 'encryption'),
  layer('encryption', 'filters'),
  layer('images', 'filters'),
  layer('fonts', 'filters'),
  layer('file', 'document'),
  layer('document', 'content'),
  layer('content', 'writing'),
  layer('writing', 'copying'),
  layer('copying', 'unlisted'),
  layer('linearization', 'unlisted'),
  ['services/pdf/src/unlisted/a.ts', "import '../syntax/index.js';", 'pdf-folders-are-listed'],
  ['services/pdf/src/syntax/type.ts', "import type {} from '../file/index.js';", 'pdf-syntax-imports'],
  ['services/api/src/bee.ts', "import 'bee-queue';", 'bee-queue-is-wrapped'],
  ['services/jobs/src/client.ts', "import 'redis';", 'redis-is-wrapped'],
  ['services/worker/src/log.ts', "import 'winston';", 'winston-is-wrapped'],
  ['services/api/src/count.ts', "import 'prom-client';", 'prom-client-is-wrapped'],
  ['services/api/src/bucket.ts', "import '@aws-sdk/client-s3';", '@aws-sdk-is-wrapped'],
  ['services/api/src/span.ts', "import '@opentelemetry/api';", '@opentelemetry-is-wrapped'],
  ['services/jobs/src/a.ts', "import './b.js';", 'no-import-cycle'],
  ['services/operations/src/one/a.ts', "import '../two/definition.js';", 'operations-are-separate'],
  ['services/operations/src/shared.ts', "import './one/definition.js';", 'only-the-registry-imports-operations'],
  ['services/api/src/http/a.ts', "import '../upload/b.js';", 'http-imports-no-folder'],
  ['services/api/src/path.ts', "import '../../jobs/src/b.js';", 'packages-by-name'],
  ['services/api/src/support.ts', "import '@pdf-tools/harness/index';", 'no-test-code-in-services'],
  ['services/api/src/lost.ts', "import './lost-file.js';", 'resolvable'],
];

const ALLOWED: readonly (readonly [file: string, statement: string])[] = [
  ['services/jobs/src/fine.ts', "import '@pdf-tools/runtime/index'; import 'bee-queue';"],
  ['services/operations/src/fine.ts', "import '@pdf-tools/pdf'; import '@pdf-tools/runtime/index';"],
  ['services/api/src/fine.ts', "import '@pdf-tools/jobs/index'; import '@pdf-tools/operations/index';"],
  ['services/scheduler/src/fine.ts', "import '@pdf-tools/jobs/index'; import '@pdf-tools/runtime/index';"],
  ['services/cli/src/fine.ts', "import '@pdf-tools/operations/index'; import '@pdf-tools/runtime/index';"],
  ['services/pdf/src/copying/fine.ts', "import '../writing/index.js'; import '../syntax/index.js';"],
  ['services/operations/src/registry.ts', "import './one/definition.js'; import './two/definition.js';"],
  ['services/runtime/src/type-a.ts', "import type {} from './type-b.js';"],
  ['services/runtime/src/type-b.ts', "import type {} from './type-a.js';"],
  ['services/pdf/src/syntax/fine.test.ts', "import '../writing/index.js'; import '@pdf-tools/runtime/index';"],
];

function arrow(from: string, to: string): Case {
  const name = to === 'pdf' ? '@pdf-tools/pdf' : `@pdf-tools/${to}/index`;
  return [`services/${from}/src/to-${to}.ts`, `import '${name}';`, `${from}-imports`];
}

function layer(from: string, to: string): Case {
  return [`services/pdf/src/${from}/to-${to}.ts`, `import '../${to}/index.js';`, `pdf-${from}-imports`];
}

/** A tree with the project's packages and rules, in which every file has nothing but its imports. */
class Tree {
  readonly root = mkdtempSync(join(tmpdir(), 'pdf-tools-modules-'));

  constructor() {
    cpSync(join(ROOT, CONFIG), join(this.root, CONFIG));
    for (const service of SERVICES) this.#addPackage(`services/${service}`);
    this.#addPackage('test/harness');
    for (const module of ['bee-queue', 'redis', 'winston', 'prom-client', '@opentelemetry/api', '@aws-sdk/client-s3'])
      this.write(`node_modules/${module}/index.js`, '');
    const folders = [
      'syntax',
      'filters',
      'encryption',
      'file',
      'document',
      'content',
      'writing',
      'copying',
      'unlisted',
    ];
    for (const folder of folders) this.write(`services/pdf/src/${folder}/index.ts`, 'export {};');
    for (const name of ['one', 'two']) this.write(`services/operations/src/${name}/definition.ts`, 'export {};');
    this.write('services/api/src/upload/b.ts', 'export {};');
    this.write('services/jobs/src/b.ts', "import './a.js';");
  }

  write(file: string, text: string): void {
    mkdirSync(dirname(join(this.root, file)), { recursive: true });
    writeFileSync(join(this.root, file), `${text}\n`);
  }

  /** Checks the rules: each violation as "rule file". */
  async violations(): Promise<string[]> {
    const args = [CRUISER, 'services', '--config', CONFIG, '--output-type', 'json'];
    const { stdout, stderr } = await runCommand(process.execPath, args, { folder: this.root });
    expect(stderr).toBe('');
    const report = JSON.parse(stdout.toString()) as {
      summary: { violations: { from: string; rule: { name: string } }[] };
    };
    return report.summary.violations.map(({ from, rule }) => `${rule.name} ${from}`);
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  #addPackage(folder: string): void {
    const manifest = readFileSync(join(ROOT, folder, 'package.json'), 'utf8');
    const { name } = JSON.parse(manifest) as { name: string };
    this.write(`${folder}/package.json`, manifest);
    for (const file of ['index.js', 'index.d.ts']) this.write(`${folder}/dist/${file}`, 'export {};');
    mkdirSync(join(this.root, 'node_modules/@pdf-tools'), { recursive: true });
    symlinkSync(join(this.root, folder), join(this.root, 'node_modules', name));
  }
}

describe('the module rules of make lint', () => {
  const tree = new Tree();
  let violations: string[] = [];

  beforeAll(async () => {
    for (const [file, statement] of [...FORBIDDEN, ...ALLOWED]) tree.write(file, statement);
    violations = await tree.violations();
  });
  afterAll(() => {
    tree.remove();
  });

  it.each(FORBIDDEN)('refuse %s with %s by the rule %s', (file, _, rule) => {
    expect(violations).toContain(`${rule} ${file}`);
  });

  it.each(ALLOWED)('allow %s with %s', (file) => {
    expect(violations.filter((violation) => violation.endsWith(` ${file}`))).toEqual([]);
  });

  it('each have a forbidden import in this test', async () => {
    const config = (await import(join(ROOT, CONFIG))) as { default: { forbidden: { name: string }[] } };
    const untried = new Set(config.default.forbidden.map(({ name }) => name));
    for (const [, , rule] of FORBIDDEN) untried.delete(rule);
    expect([...untried]).toEqual([]);
  });
});
