import { access, mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { encrypt } from '@pdf-tools/harness/documents/documents';
import { PDF, makeFolder, removeFolder, runCommand, runProgram, runShell } from '@pdf-tools/harness/cli';
import type { Ending } from '@pdf-tools/harness/cli';
import { readZip } from '@pdf-tools/harness/read-zip';

const STARTER = fileURLToPath(new URL('../../../scripts/pdf-tools', import.meta.url));

const ENCRYPTED = await encrypt(PDF, 'open sesame');
const DAMAGED = Buffer.from('%PDF-1.4\nthere is nothing here');

let folder = '';

beforeEach(async () => {
  folder = await makeFolder();
});

afterEach(() => removeFolder(folder));

const run = (args: readonly string[], stdin?: Buffer): Promise<Ending> => runProgram(args, { folder, stdin });

const parse = (line: string | Buffer): unknown => JSON.parse(line.toString());

describe('pdf-tools with files', () => {
  it('merges files and prints a report as JSON', async () => {
    const { code, stdout, stderr } = await run(['merge-pdf', 'a.pdf', 'b.pdf', 'a.pdf', '-o', 'out.pdf', '--json']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const written = await readFile(join(folder, 'out.pdf'));
    expect(parse(stdout)).toMatchObject({
      operation: 'merge-pdf',
      ok: true,
      pages: 3,
      input_bytes: 3 * PDF.length,
      output_bytes: written.length,
      report: { pages: 3 },
    });
    expect(parse(stdout)).toEqual(
      expect.objectContaining({ seconds: expect.any(Number), peak_memory_bytes: expect.any(Number) }),
    );
    expect((await readdir(folder)).sort()).toEqual(['a.pdf', 'b.pdf', 'out.pdf']);
  });

  it('compresses several files to a ZIP with a manifest', async () => {
    const { code, stderr } = await run(['compress-pdf', 'b.pdf', 'a.pdf', '-o', 'out.zip']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const entries = await readZip(await readFile(join(folder, 'out.zip')));
    expect(entries.map(({ name }) => name)).toEqual(['b.pdf', 'a.pdf', 'manifest.json']);
  });

  it('reads standard input and writes standard output', async () => {
    const { code, stdout } = await run(['merge-pdf', '-', 'a.pdf', '-o', '-'], PDF);
    expect(code).toBe(0);
    expect(stdout.subarray(0, 5).toString()).toBe('%PDF-');
  });

  it.each([[['--image-quality', '30', '--color-mode=grayscale']], [['--image_quality', '30']]])(
    'accepts parameters in kebab-case and snake_case',
    async (parameters) => {
      expect((await run(['compress-pdf', 'a.pdf', '-o', 'out.pdf', ...parameters])).code).toBe(0);
    },
  );

  it.each([
    [2, 'merge-pfd', ['merge-pfd', 'a.pdf', '-o', 'out.pdf']],
    [2, 'Name an operation', []],
    [2, 'Did you mean merge-pdf?', ['merge-pfd', 'a.pdf', '-o', 'out.pdf']],
    [2, 'before the options: pdf-tools OPERATION --json', ['--json', 'merge-pdf']],
    [2, 'whole number from 36 to 1200', ['compress-pdf', 'a.pdf', '-o', 'out.pdf', '--dpi', '5']],
    [2, 'no-change, grayscale, bitonal', ['compress-pdf', 'a.pdf', '-o', 'out.pdf', '--color-mode', 'blue']],
    [2, '-o FILE', ['merge-pdf', 'a.pdf']],
    [
      2,
      'compress-pdf makes a ZIP of 2 files. Name the result .zip',
      ['compress-pdf', 'a.pdf', 'b.pdf', '-o', 'out.pdf'],
    ],
    [2, 'is an input', ['merge-pdf', 'a.pdf', 'b.pdf', '-o', './b.pdf']],
    [2, '--no-such is not an option of merge-pdf.', ['merge-pdf', 'a.pdf', '-o', 'out.pdf', '--no-such']],
    [2, 'Did you mean --image-quality?', ['compress-pdf', 'a.pdf', '-o', 'out.pdf', '--image-qualty', '30']],
    [2, 'Did you mean --out-dir?', ['merge-pdf', '--each', '.', '--out-dri', 'out']],
    [2, 'Run pdf-tools compress-pdf --help', ['compress-pdf', 'a.pdf', '-o', 'out.pdf', '--nothing']],
    [2, '-x is not an option of merge-pdf.', ['merge-pdf', 'a.pdf', '-o', 'out.pdf', '-x']],
    [2, '--dpi needs a value', ['compress-pdf', 'a.pdf', '-o', 'out.pdf', '--dpi']],
    [2, '--dpi needs a value', ['compress-pdf', 'a.pdf', '--dpi', '-o', 'out.pdf']],
    [2, '--json takes no value', ['merge-pdf', 'a.pdf', '-o', 'out.pdf', '--json=yes']],
    [2, '--timeout works only with --each', ['merge-pdf', 'a.pdf', '-o', 'out.pdf', '--timeout', '5']],
    [3, '"missing.pdf" cannot be read: it does not exist', ['merge-pdf', 'missing.pdf', '-o', 'out.pdf']],
    [6, 'cannot be written', ['merge-pdf', 'a.pdf', '-o', 'no/such/folder/out.pdf']],
  ])('ends with %i and prints "%s"', async (code, words, args) => {
    const ending = await run(args);
    expect(ending.code).toBe(code);
    expect(ending.stderr).toContain(words);
    expect((await readdir(folder)).sort()).toEqual(['a.pdf', 'b.pdf']);
    expect((await readFile(join(folder, 'b.pdf'))).equals(PDF)).toBe(true);
  });

  it.each([
    [3, 'unsupported_format', Buffer.from('PK\x03\x04')],
    [3, 'empty_file', Buffer.alloc(0)],
    [3, 'corrupt_pdf', DAMAGED],
    [4, 'password_required', ENCRYPTED],
  ])('ends with %i on %s, and leaves no output', async (code, error, bytes) => {
    await writeFile(join(folder, 'bad.pdf'), bytes);
    const ending = await run(['merge-pdf', 'a.pdf', 'bad.pdf', '-o', 'out.pdf', '--json']);
    expect(ending.code).toBe(code);
    expect(parse(ending.stdout)).toMatchObject({ ok: false, code: error, errors: [{ file: 'bad.pdf', index: 1 }] });
    expect((await readdir(folder)).sort()).toEqual(['a.pdf', 'b.pdf', 'bad.pdf']);
  });
});

describe('pdf-tools --help', () => {
  it('lists the operations', async () => {
    const { code, stdout } = await run(['--help']);
    expect(code).toBe(0);
    for (const words of ['image-to-pdf', 'merge-pdf', 'compress-pdf', 'Exit codes'])
      expect(String(stdout)).toContain(words);
  });

  it('lists the parameters of an operation', async () => {
    const { stdout } = await run(['compress-pdf', '--help']);
    expect(String(stdout)).toMatch(/--dpi VALUE .*: 36 to 1200 \(default 144\)/);
    expect(String(stdout)).toMatch(/--color-mode VALUE .*no-change \| grayscale \| bitonal \(default no-change\)/);
  });
});

describe('pdf-tools --version', () => {
  it('prints the version, through the starter', async () => {
    const { code, stdout } = await runCommand(STARTER, ['--version'], { folder });
    expect(code).toBe(0);
    expect(String(stdout)).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it('prints the version after an operation too', async () => {
    const { code, stdout } = await run(['merge-pdf', '--version']);
    expect({ code, stdout: String(stdout) }).toEqual({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
  });

  it('ends with 6 and the reason if standard output is full', async () => {
    const { code, stderr } = await runShell('"$@" --version >/dev/full', { folder });
    expect({ code, stderr }).toEqual({
      code: 6,
      stderr: 'pdf-tools: Standard output cannot be written: no space is left on the device.\n',
    });
  });

  it('loads none of the program', async () => {
    const { stderr } = await runShell('NODE_DEBUG=esm "$@" --version', { folder });
    const modules = stderr.match(/services\/cli\/dist\/[\w-]+\.js/g) ?? [];
    expect([...new Set(modules)]).toEqual(['services/cli/dist/main.js']);
    expect(stderr).not.toContain('node_modules');
  });
});

describe('pdf-tools --each', () => {
  beforeEach(async () => {
    await mkdir(join(folder, 'in', 'deep'), { recursive: true });
    await writeFile(join(folder, 'in', '1.pdf'), PDF);
    await writeFile(join(folder, 'in', '2.pdf'), DAMAGED);
    await writeFile(join(folder, 'in', 'deep', '3.pdf'), PDF);
  });

  const lines = (stdout: Buffer): unknown[] => stdout.toString().trim().split('\n').map(parse);

  it('continues after a damaged file, and appends the partner to each file', async () => {
    const args = ['merge-pdf', '--each', 'in', '--out-dir', 'out', '--with', 'b.pdf', '--json'];
    const { code, stdout } = await run(args);
    expect(code).toBe(7);
    expect(lines(stdout)).toMatchObject([
      { file: '1.pdf', ok: true, pages: 2, input_bytes: 2 * PDF.length },
      { file: '2.pdf', ok: false, code: 'corrupt_pdf' },
      { file: join('deep', '3.pdf'), ok: true, pages: 2 },
    ]);
    await access(join(folder, 'out', 'deep', '3.pdf'));
    expect(await readdir(join(folder, 'out'))).toEqual(['1.pdf', 'deep']);
  });

  it('kills a child that exceeds the time limit, and continues with a new one', async () => {
    const args = ['merge-pdf', '--each', 'in', '--out-dir', 'out', '--timeout', '0.001', '--json'];
    const { code, stdout } = await run(args);
    expect(code).toBe(7);
    const timedOut = { ok: false, code: 'time_limit' };
    expect(lines(stdout)).toMatchObject([timedOut, timedOut, timedOut]);
    expect((await readdir(join(folder, 'out'), { recursive: true })).filter((name) => name !== 'deep')).toEqual([]);
  });

  it('refuses to write to the folder that it reads', async () => {
    const { code, stderr } = await run(['merge-pdf', '--each', 'in', '--out-dir', './in']);
    expect(code).toBe(2);
    expect(stderr).toContain('is the folder that is read');
  });
});
