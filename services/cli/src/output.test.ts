import { execFileSync } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  closeSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { PDF, makeFolder, removeFolder, runProgram, runShell } from '@pdf-tools/harness/cli';
import type { Ending } from '@pdf-tools/harness/cli';

const IS_ROOT = process.getuid?.() === 0;

let folder = '';
beforeEach(async () => {
  folder = await makeFolder();
});
afterEach(() => removeFolder(folder));

const below = (name: string): string => join(folder, name);
const merge = (output: string): Promise<Ending> =>
  runProgram(['merge-pdf', 'a.pdf', 'b.pdf', '-o', output], { folder });
const headOf = (name: string): string => readFileSync(below(name)).subarray(0, 5).toString();
const isOneLine = (text: string): boolean => /^pdf-tools: [^\n]+\n$/.test(text);

/**
 * A character device of our own, or undefined if this user may not make one. Never the real one, because a bug would
 * replace it.
 */
function makeDevice(name: string, minor: number): string | undefined {
  try {
    execFileSync('mknod', [below(name), 'c', '1', String(minor)], { stdio: 'ignore' });
    closeSync(openSync(below(name), 'r+'));
    return name;
  } catch {
    return IS_ROOT ? undefined : `/dev/${name}`;
  }
}

describe('the output', () => {
  it('replaces a regular file and keeps its mode', async () => {
    writeFileSync(below('out.pdf'), 'old');
    chmodSync(below('out.pdf'), 0o640);
    if (IS_ROOT) chownSync(below('out.pdf'), 12_345, 12_346);
    const before = statSync(below('out.pdf'));
    expect(await merge('out.pdf')).toMatchObject({ code: 0, stderr: '' });
    const after = statSync(below('out.pdf'));
    expect(headOf('out.pdf')).toBe('%PDF-');
    expect([after.mode, after.uid, after.gid]).toEqual([before.mode, before.uid, before.gid]);
    expect(after.ino).not.toBe(before.ino);
  });

  it('has the mode that the umask leaves if the file is new', async () => {
    const ending = await runShell(
      'umask 027; "$@" merge-pdf a.pdf -o merged.pdf && "$@" compress-pdf a.pdf -o small.pdf',
      {
        folder,
      },
    );
    expect(ending.code).toBe(0);
    expect([below('merged.pdf'), below('small.pdf')].map((path) => statSync(path).mode & 0o777)).toEqual([
      0o640, 0o640,
    ]);
  });

  it.each(['old.pdf', 'new.pdf'])('goes through a chain of symbolic links to %s', async (name) => {
    mkdirSync(below('real/deep'), { recursive: true });
    writeFileSync(below('real/deep/old.pdf'), 'old');
    symlinkSync('real/deep', below('folder'));
    symlinkSync(`../real/deep/${name}`, below('real/second'));
    symlinkSync('folder/../second', below('first'));
    expect(await merge('first')).toMatchObject({ code: 0, stderr: '' });
    expect(readlinkSync(below('first'))).toBe('folder/../second');
    expect(readlinkSync(below('real/second'))).toBe(`../real/deep/${name}`);
    expect(headOf(`real/deep/${name}`)).toBe('%PDF-');
  });

  it('goes into a FIFO when a program reads it, and the FIFO stays', async () => {
    execFileSync('mkfifo', [below('pipe')]);
    const { code, stdout } = await runShell('"$@" merge-pdf a.pdf b.pdf -o pipe & sleep 0.3; cat pipe; wait $!', {
      folder,
    });
    expect(code).toBe(0);
    expect(stdout.toString()).toMatch(/^%PDF-[^]*%%EOF\n?$/);
    expect(lstatSync(below('pipe')).isFIFO()).toBe(true);
  });

  it('goes to a process substitution and to an open descriptor', async () => {
    symlinkSync('/proc/self/fd/3', below('third'));
    const script =
      '"$@" merge-pdf a.pdf -o >(cat >one.pdf) && "$@" merge-pdf a.pdf -o third 3>two.pdf; until [ -s one.pdf ]; do sleep 0.05; done';
    expect(await runShell(script, { folder })).toMatchObject({ code: 0, stderr: '' });
    expect([headOf('one.pdf'), headOf('two.pdf')]).toEqual(['%PDF-', '%PDF-']);
  });

  it('goes into a character device, and the device stays', async () => {
    const device = makeDevice('null', 3);
    if (device === undefined) return;
    const path = device.startsWith('/') ? device : below(device);
    const before = lstatSync(path);
    expect(await merge(device)).toMatchObject({ code: 0, stderr: '' });
    const after = lstatSync(path);
    expect([after.isCharacterDevice(), after.rdev, after.ino]).toEqual([true, before.rdev, before.ino]);
  });

  it.each([
    [
      'a folder',
      () => {
        mkdirSync(below('x'));
      },
    ],
    [
      'its symbolic links form a loop',
      () => {
        symlinkSync('x', below('x'));
      },
    ],
    [
      'a socket',
      () => {
        execFileSync(process.execPath, ['-e', "require('net').createServer().listen('x', () => process.exit())"], {
          cwd: folder,
        });
      },
    ],
  ])('is refused: %s', async (reason, prepare) => {
    prepare();
    const before = lstatSync(below('x'));
    const { code, stderr } = await merge('x');
    expect([code, stderr]).toEqual([6, expect.stringContaining(reason)]);
    expect(lstatSync(below('x')).ino).toBe(before.ino);
    expect(readdirSync(folder).sort()).toEqual(['a.pdf', 'b.pdf', 'x']);
  });

  it.each([
    [
      'a hard link',
      'hard.pdf',
      () => {
        linkSync(below('a.pdf'), below('hard.pdf'));
      },
    ],
    [
      'a symbolic link',
      'soft.pdf',
      () => {
        symlinkSync('a.pdf', below('soft.pdf'));
      },
    ],
    [
      'another path',
      'x/../a.pdf',
      () => {
        mkdirSync(below('x'));
      },
    ],
  ])('is refused if it is an input by %s', async (_what, output, prepare) => {
    prepare();
    const { code, stderr } = await merge(output);
    expect([code, stderr]).toEqual([2, expect.stringContaining('"a.pdf" is an input')]);
    expect(readFileSync(below('a.pdf')).equals(PDF)).toBe(true);
  });

  it.each([
    ['"$@" merge-pdf a.pdf - -o b.pdf <b.pdf', 'Standard input is an input'],
    ['"$@" merge-pdf a.pdf b.pdf -o - >>b.pdf', '"b.pdf" is an input'],
  ])('is refused if a redirection makes it an input: %s', async (script, message) => {
    const { code, stderr } = await runShell(script, { folder });
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
    expect(readFileSync(below('b.pdf')).equals(PDF)).toBe(true);
  });

  it('may not share standard output with --json, by either name', async () => {
    // A link of our own, like /dev/stdout. A program that replaces its output must not reach the real one.
    symlinkSync('/proc/self/fd/1', below('stdout'));
    for (const output of ['-', 'stdout']) {
      const ending = await runProgram(['merge-pdf', 'a.pdf', '-o', output, '--json'], { folder });
      expect([ending.code, ending.stdout.length]).toEqual([2, 0]);
    }
  });
});

describe('an output that fails', () => {
  it.each([
    ['the result, disk full', '"$@" merge-pdf a.pdf -o - >/dev/full', 'no space is left'],
    ['the report, disk full', '"$@" merge-pdf a.pdf -o out.pdf --json >/dev/full', 'no space is left'],
    ['the help, disk full', '"$@" --help >/dev/full', 'no space is left'],
    ['the result, pipe closed', '"$@" merge-pdf a.pdf -o - | true; exit ${PIPESTATUS[0]}', 'that reads it has ended'],
    [
      'the report, pipe closed',
      '"$@" merge-pdf a.pdf -o out.pdf --json | true; exit ${PIPESTATUS[0]}',
      'that reads it has ended',
    ],
  ])('is exit 6 with one line on standard output: %s', async (_what, script, message) => {
    const { code, stderr } = await runShell(script, { folder });
    expect([code, stderr]).toEqual([6, expect.stringContaining(message)]);
    expect(isOneLine(stderr)).toBe(true);
  });

  it('is exit 6 with one line on a full device', async () => {
    const device = makeDevice('full', 7);
    if (device === undefined) return;
    const { code, stderr } = await merge(device);
    expect([code, isOneLine(stderr), stderr]).toEqual([6, true, expect.stringContaining('no space is left')]);
  });

  // EFBIG takes the same path as ENOSPC, and needs no file system of the test's own.
  const limited = (args: string): Promise<Ending> => runShell(`trap "" XFSZ; ulimit -f 1; "$@" ${args}`, { folder });
  const makeLarge = (name: string): void => {
    const content = randomBytes(50_000).toString('base64');
    const stream = `4 0 obj\n<< /Length ${content.length} >>\nstream\n${content}\nendstream\nendobj\ntrailer`;
    const text = PDF.toString().replace('/Page /', '/Page /Contents 4 0 R /').replace('trailer', stream);
    writeFileSync(below(name), text.replace('/Size 4', '/Size 5'));
  };

  it('is exit 6 with one line when a file cannot grow, and keeps the old file', async () => {
    makeLarge('large.pdf');
    writeFileSync(below('out.pdf'), 'old');
    const { code, stderr } = await limited('merge-pdf large.pdf large.pdf -o out.pdf');
    expect([code, isOneLine(stderr), stderr]).toEqual([
      6,
      true,
      expect.stringContaining('larger than the system allows'),
    ]);
    expect(readdirSync(folder).sort()).toEqual(['a.pdf', 'b.pdf', 'large.pdf', 'out.pdf']);
    expect(readFileSync(below('out.pdf'), 'utf8')).toBe('old');
  });

  it('ends --each with exit 6 and one line, instead of one failure per file', async () => {
    mkdirSync(below('in'));
    for (const name of ['in/1.pdf', 'in/2.pdf']) makeLarge(name);
    const { code, stdout, stderr } = await limited('merge-pdf --each in --out-dir out --json');
    expect([code, isOneLine(stderr), stdout.length]).toEqual([6, true, 0]);
    expect(readdirSync(below('out'))).toEqual([]);
  });
});

describe('an interrupted run', () => {
  /** Ends a program with a signal when it has made its temporary files and waits for standard input. */
  async function interrupt(signal: NodeJS.Signals): Promise<{ ending: Ending; seen: string[]; modes: number[] }> {
    mkdirSync(below('tmp'));
    let child: ChildProcessWithoutNullStreams | undefined;
    const running = runShell('TMPDIR=$PWD/tmp exec "$@" merge-pdf a.pdf - -o out.pdf', {
      folder,
      started: (process) => {
        child = process;
        process.stdin.write(PDF);
      },
    });
    const list = (): string[] => (readdirSync(folder, { recursive: true }) as string[]).sort();
    while (!list().some((name) => name.endsWith('/stdin'))) await sleep(10);
    const seen = list().filter((name) => /partial|stdin/.test(name));
    const modes = seen.map((name) => statSync(below(name)).mode & 0o777);
    child?.kill(signal);
    return { ending: await running, seen, modes };
  }

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'leaves nothing after %s, not even while it waits',
    async (signal) => {
      const { ending, seen, modes } = await interrupt(signal);
      expect(ending.code).toBe(130);
      expect(seen).toEqual([
        expect.stringMatching(/^\.pdf-tools-[0-9a-f]{32}\/partial\.pdf$/),
        expect.stringMatching(/^tmp\/.*\/stdin$/),
      ]);
      expect(modes).toEqual([0o600, 0o600]);
      expect((readdirSync(folder, { recursive: true }) as string[]).sort()).toEqual(['a.pdf', 'b.pdf', 'tmp']);
    },
  );

  it('ends while it waits for the reader of a FIFO', async () => {
    execFileSync('mkfifo', [below('pipe')]);
    // Its temporary folder shows that it runs and handles signals. Then it soon waits.
    const script =
      'mkdir tmp; TMPDIR=$PWD/tmp "$@" merge-pdf a.pdf -o pipe & ' +
      'until [ -n "$(ls tmp)" ]; do sleep 0.05; done; sleep 1; kill -TERM $!; wait $!';
    expect((await runShell(script, { folder })).code).toBe(130);
  });
});
