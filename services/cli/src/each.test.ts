import { execFileSync } from 'node:child_process';
import { existsSync, linkSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { PDF, makeFolder, removeFolder, runProgram, runShell } from '@pdf-tools/harness/cli';
import type { Ending } from '@pdf-tools/harness/cli';

let folder = '';
beforeEach(async () => {
  folder = await makeFolder();
  mkdirSync(join(folder, 'in'));
});
afterEach(() => removeFolder(folder));

const below = (...names: string[]): string => join(folder, ...names);
const each = (...options: string[]): Promise<Ending> =>
  runProgram(['merge-pdf', '--each', 'in', '--out-dir', 'out', '--json', ...options], { folder });
const linesOf = ({ stdout }: Ending): unknown[] =>
  stdout
    .toString()
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as unknown);

describe('--each on a folder of links', () => {
  it('follows links to files and to folders', async () => {
    mkdirSync(below('elsewhere'));
    writeFileSync(below('elsewhere', 'far.pdf'), PDF);
    symlinkSync('../a.pdf', below('in', 'link.pdf'));
    symlinkSync('../elsewhere', below('in', 'linked'));
    const ending = await each();
    expect(ending).toMatchObject({ code: 0, stderr: '' });
    expect(linesOf(ending)).toMatchObject([
      { file: 'link.pdf', ok: true },
      { file: 'linked/far.pdf', ok: true },
    ]);
    expect(existsSync(below('out', 'linked', 'far.pdf'))).toBe(true);
  });

  it('names broken links and what is not a file, and fails', async () => {
    writeFileSync(below('in', 'good.pdf'), PDF);
    symlinkSync('gone.pdf', below('in', 'broken.pdf'));
    symlinkSync('self', below('in', 'self'));
    execFileSync('mkfifo', [below('in', 'pipe')]);
    const ending = await each();
    expect(ending.code).toBe(7);
    expect(linesOf(ending)).toMatchObject([
      { file: 'good.pdf', ok: true },
      {
        file: 'broken.pdf',
        ok: false,
        detail: '"broken.pdf" is a broken symbolic link to "gone.pdf", which cannot be read.',
      },
      { file: 'pipe', ok: false, detail: '"pipe" is not a regular file.' },
      { file: 'self', ok: false, detail: '"self" is a broken symbolic link in a loop.' },
    ]);
  });

  it('reads each folder once, however many links lead to it, and names the others', async () => {
    mkdirSync(below('in', 'deep'));
    writeFileSync(below('in', 'deep', '1.pdf'), PDF);
    symlinkSync('..', below('in', 'deep', 'back'));
    symlinkSync('deep', below('in', 'again'));
    const ending = await each();
    expect([ending.code, linesOf(ending).length]).toEqual([0, 1]);
    expect(ending.stderr.split('\n').sort()).toEqual([
      '',
      'pdf-tools: "again" is not read: it is the same folder as "deep".',
      'pdf-tools: "deep/back" is not read: it is the same folder as ".".',
    ]);
  });

  it('does not take the results of an earlier run as inputs', async () => {
    writeFileSync(below('in', '1.pdf'), PDF);
    for (let run = 0; run < 2; run++) {
      const ending = await runProgram(['merge-pdf', '--each', 'in', '--out-dir', 'in/out', '--json'], { folder });
      expect([ending.code, linesOf(ending).length]).toEqual([0, 1]);
    }
    expect(readdirSync(below('in', 'out'))).toEqual(['1.pdf']);
  });
});

describe('--each refuses', () => {
  it.each([
    [
      'a symbolic link to',
      (out: string) => {
        symlinkSync('../in/2.pdf', out);
      },
    ],
    [
      'a hard link of',
      (out: string) => {
        linkSync(below('in', '2.pdf'), out);
      },
    ],
  ])('a result that is %s an input, before anything is written', async (_what, link) => {
    for (const name of ['1.pdf', '2.pdf']) writeFileSync(below('in', name), PDF);
    mkdirSync(below('out'));
    link(below('out', '2.pdf'));
    const { code, stderr } = await each();
    expect([code, stderr]).toEqual([2, expect.stringContaining('"out/2.pdf" is the input "in/2.pdf"')]);
    expect(readFileSync(below('in', '2.pdf')).equals(PDF)).toBe(true);
    expect(readdirSync(below('out'))).toEqual(['2.pdf']);
  });

  it('a result that would replace the partner', async () => {
    writeFileSync(below('in', 'b.pdf'), PDF);
    const { code } = await runProgram(['merge-pdf', '--each', 'in', '--out-dir', '.', '--with', 'b.pdf'], { folder });
    expect(code).toBe(2);
    expect(readFileSync(below('b.pdf')).equals(PDF)).toBe(true);
  });

  it('two files with the same result', async () => {
    for (const name of ['x', 'x.pdf']) writeFileSync(below('in', name), PDF);
    const { code, stderr } = await each();
    expect([code, stderr]).toEqual([2, expect.stringContaining('"x" and "x.pdf" have the same result')]);
    expect(existsSync(below('out'))).toBe(false);
  });

  it('a folder of results that is a file', async () => {
    writeFileSync(below('in', '1.pdf'), PDF);
    const { code, stderr } = await runProgram(['merge-pdf', '--each', 'in', '--out-dir', 'a.pdf'], { folder });
    expect([code, stderr]).toEqual([6, expect.stringContaining('"a.pdf" cannot be written')]);
  });
});

it('--each ends when nothing reads its report', async () => {
  for (let n = 0; n < 5; n++) writeFileSync(below('in', `${n}.pdf`), PDF);
  const script = '"$@" merge-pdf --each in --out-dir out --json | true; exit ${PIPESTATUS[0]}';
  const { code, stderr } = await runShell(script, { folder });
  expect([code, stderr]).toEqual([6, expect.stringMatching(/^pdf-tools: [^\n]+\n$/)]);
  expect(readdirSync(below('out')).length).toBeLessThan(5);
});

it('--each leaves no temporary files after SIGTERM', async () => {
  mkdirSync(below('tmp'));
  for (let n = 0; n < 200; n++) writeFileSync(below('in', `${n}.pdf`), PDF);
  const { code } = await runShell('TMPDIR=$PWD/tmp exec "$@" merge-pdf --each in --out-dir out', {
    folder,
    started: (child) => {
      const timer = setInterval(() => {
        if (!existsSync(below('out')) || readdirSync(below('out')).length < 2) return;
        clearInterval(timer);
        child.kill('SIGTERM');
      }, 5);
    },
  });
  expect(code).toBe(130);
  const results = readdirSync(below('out'));
  expect(results.filter((name) => !name.endsWith('.pdf'))).toEqual([]);
  expect(results.length).toBeLessThan(200);
  expect(readdirSync(below('tmp'))).toEqual([]);
});
