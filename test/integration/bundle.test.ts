import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile, spawn } from 'node:child_process';
import { cp, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import * as nodeModule from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { PDF } from '@pdf-tools/harness/cli';
import { heapFlags } from '@pdf-tools/operations/process/memory';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const SERVICES = ['api', 'scheduler', 'worker'];
const PROGRAMS = [...SERVICES, 'cli'];

let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pdf-tools-bundle-'));
  await run(process.execPath, [`${ROOT}scripts/bundle.mjs`, '--modules', '--out', folder]);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

async function packagesOf(program: string): Promise<string[]> {
  const packages = JSON.parse(await readFile(join(folder, program, 'packages.json'), 'utf8')) as string[];
  return packages.map((name) => name.slice(0, name.lastIndexOf('@')));
}

async function chunksOf(program: string): Promise<string[]> {
  const names = (await readdir(join(folder, program))).filter((name) => name.endsWith('.js'));
  return Promise.all(names.map((name) => readFile(join(folder, program, name), 'utf8')));
}

async function codeOf(program: string): Promise<string> {
  return (await chunksOf(program)).join('\n');
}

describe('a bundle', () => {
  it.each(SERVICES)('of the %s starts outside the project', async (service) => {
    const { stdout } = await run(process.execPath, [join(folder, service, 'main.js'), '--version'], {
      env: { BUILD_VERSION: '1.2.3' },
    });
    expect(stdout).toBe('1.2.3\n');
  });

  it.each(PROGRAMS)(
    'of the %s starts each of its processes, as the image does to fill its compile cache',
    async (program) => {
      await run(process.execPath, [`${ROOT}scripts/fill-compile-cache.mjs`, join(folder, program)]);
    },
  );

  it('of the worker has a child process that starts from the filled compile cache, if Node has one', async () => {
    const bundle = join(folder, 'worker');
    await run(process.execPath, [`${ROOT}scripts/fill-compile-cache.mjs`, bundle]);
    const { childFlags } = JSON.parse(await readFile(join(bundle, 'package.json'), 'utf8')) as { childFlags: string[] };
    expect(childFlags).toEqual(heapFlags(512));
    const child = spawn(process.execPath, [...childFlags, join(bundle, 'child.js')], {
      env: { NODE_DEBUG_NATIVE: 'COMPILE_CACHE' },
      stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    });
    // It ends when this channel does.
    const channel = child.stdio[3];
    channel?.once('data', () => channel.destroy());
    const log = child.stderr ? await text(child.stderr) : '';
    const modules = log.match(/file:\S+\/worker\/[\w-]+\.js was \w+/g) ?? [];
    expect(modules.filter((module) => !module.endsWith('accepted'))).toEqual([]);
    expect(modules.length > 0).toBe('enableCompileCache' in nodeModule);
  });

  it('of the worker has a child process, of the api and the scheduler none', async () => {
    const entries = await Promise.all(
      SERVICES.map(
        async (service) => JSON.parse(await readFile(join(folder, service, 'package.json'), 'utf8')) as object,
      ),
    );
    expect(entries).toMatchObject([
      { entries: ['main.js'] },
      { entries: ['main.js'] },
      { entries: ['main.js', 'child.js'] },
    ]);
  });

  it.each(['api', 'scheduler'])('of the %s holds no code that parses files, and needs no packages', async (service) => {
    expect((await packagesOf(service)).filter((name) => /sharp|pdf-lib|dejavu/.test(name))).toEqual([]);
    expect(await readdir(join(folder, service))).not.toContain('node_modules');
  });

  it.each(PROGRAMS)('of the %s has no test code, and zod only in English', async (program) => {
    const code = await codeOf(program);
    expect(code).not.toMatch(/^\/\/ .*(\.test\.js|test\/harness)/m);
    expect(code).not.toMatch(/^\/\/ .*zod\/v4\/locales\/(?!en\.js)/m);
  });

  it.each(['cli', 'worker'])(
    'of the %s has the code of pages and that of fonts in different chunks',
    async (program) => {
      const chunksWith = async (module: string) =>
        (await chunksOf(program)).filter((code) => code.includes(`// services/pdf/dist/${module}\n`));
      const [pages = '', ...others] = await chunksWith('document/page-tree.js');
      expect(others).toEqual([]);
      expect(pages).not.toMatch(/^\/\/ services\/pdf\/dist\/(fonts\/glyph-list|content\/content-reader)\.js$/m);
      expect(await chunksWith('fonts/glyph-list.js')).toHaveLength(1);
    },
  );

  it('reports errors with the lines of the TypeScript source', async () => {
    const main = JSON.stringify(join(folder, 'worker', 'main.js'));
    const failing = "process.argv[2] = '--version'; process.stdout.write = () => { throw new Error('here'); };";
    await writeFile(join(folder, 'trace.mjs'), `${failing} await import(${main});`);
    await expect(run(process.execPath, [join(folder, 'trace.mjs')])).rejects.toThrow(/run-service\.ts:\d+/);
  });
});

describe('the bundle of the command line', () => {
  it('runs each operation with the packages beside it', async () => {
    const main = join(folder, 'cli', 'main.js');
    const image = join(folder, 'image.png');
    const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
    await writeFile(image, Buffer.from(pixel, 'base64'));
    const cyrillic = join(folder, 'Договор.pdf');
    await writeFile(cyrillic, PDF);
    await cp(cyrillic, join(folder, 'b.pdf'));
    const out = join(folder, 'out.pdf');
    for (const args of [
      ['image-to-pdf', image],
      // Needs the font that is looked up at run time.
      ['merge-pdf', cyrillic, join(folder, 'b.pdf'), '--toc'],
      ['compress-pdf', cyrillic],
    ]) {
      await run(process.execPath, [main, ...args, '-o', out]);
      expect((await readFile(out)).subarray(0, 5).toString()).toBe('%PDF-');
    }
  });
});
