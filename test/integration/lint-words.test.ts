import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runCommand } from '@pdf-tools/harness/cli';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

interface Prose {
  readonly line: number;
  readonly text: string;
}
interface Fault {
  readonly line: number;
  readonly message: string;
}
const load = async <T>(module: string): Promise<T> => (await import(join(ROOT, 'scripts/prose', module))) as T;
const { checkMessage } = await load<{ checkMessage: (message: string) => string[] }>('commit-rules.mjs');
const { proseOf } = await load<{ proseOf: (path: string, source: string) => Prose[] }>('prose.mjs');
const { WORD_RULES, checkWords } = await load<{
  WORD_RULES: { name: string }[];
  checkWords: (prose: Prose[], lines?: Set<number>) => Fault[];
}>('word-rules.mjs');

const words = (text: string): string[] => checkWords([{ line: 1, text }]).map(({ message }) => message);

/** A sentence that breaks each rule. */
const BANNED: Readonly<Record<string, string>> = {
  'where for if': 'Returns undefined where it is absent.',
  'where there is': 'Keeps the name. Where there is a second one, it is dropped.',
  'alone for only': 'Sends the headers alone.',
  'vague pronoun': 'Nobody reads it.',
  'what there is': 'Lists what there is.',
  'there is none': 'Returns -1 if there is none.',
  'by itself': 'The client reconnects by itself.',
  lies: 'The file lies in the folder.',
  owed: 'The webhook is owed.',
  "strangers' files": 'Parses a stranger’s file.',
  mend: 'Mends the table.',
  bury: 'Buries the job.',
  worn: 'The child is worn.',
  swollen: 'The child is swollen.',
  doorbell: 'Rings the doorbell.',
  verdict: 'Waits for the verdict.',
  blame: 'Blames the second file.',
  wish: 'The client wishes a PDF.',
  sound: 'The file is sound.',
  tells: 'The worker tells its memory.',
  'at work': 'The child is at work.',
  picture: 'Decodes the picture.',
  aloud: 'Says it aloud.',
  'has the say': 'Another worker has the say.',
  setback: 'Counts its setbacks.',
  'folder of secrets': 'Reads the folder of secrets.',
};

describe('the words that make lint bans', () => {
  it.each(Object.entries(BANNED))('include %s', (_, sentence) => {
    expect(words(sentence)).toHaveLength(1);
  });

  it('each have a sentence in this test', () => {
    expect(WORD_RULES.map(({ name }) => name)).toEqual(Object.keys(BANNED));
  });

  it.each([
    'Returns the offset where the object begins.',
    'The worker reports where it failed.',
    'Where the stream ends is in /Length.',
    'Leave the other files alone.',
    'Skips a sound annotation (12.5.6.16).',
    'The field `mend` keeps its name.',
    'A copy of itself.',
  ])('do not include the standard English of: %s', (sentence) => {
    expect(words(sentence)).toEqual([]);
  });

  it('are found across a line break, on the line that they start on', () => {
    const prose = [
      { line: 7, text: 'The client reconnects by' },
      { line: 8, text: 'itself.' },
    ];
    expect(checkWords(prose)).toEqual([{ line: 7, message: expect.stringContaining('"by itself"') }]);
    expect(checkWords(prose, new Set([8]))).toHaveLength(1);
    expect(checkWords(prose, new Set([9]))).toEqual([]);
  });
});

describe('the prose of a file', () => {
  it('is the comments and test names of TypeScript, each once, and no other strings', () => {
    const source = [
      '/** First. */',
      "export const a = 'not // prose';",
      'const b = `${a} /* not prose */`; // Second.',
      '/*',
      ' * Third.',
      ' */',
      "it('fourth', () => { const pattern = /[/]* not prose/; });",
      "it.each([['not prose']])('fifth %s', () => undefined);",
      '// Sixth.',
    ].join('\n');
    expect(proseOf('a.test.ts', source).toSorted((a, b) => a.line - b.line)).toEqual([
      { line: 1, text: 'First.' },
      { line: 3, text: 'Second.' },
      { line: 5, text: 'Third.' },
      { line: 7, text: 'fourth' },
      { line: 8, text: 'fifth %s' },
      { line: 9, text: 'Sixth.' },
    ]);
  });

  it.each([
    ['scripts/a.sh', '# A comment.\nrun "$#" # Another.\n', ['A comment.', 'Another.']],
    ['Makefile', 'help: ## Show this list\n', ['Show this list']],
    ['services/Dockerfile', '# A comment.\nRUN x\n', ['A comment.']],
    ['a.lua', '-- A comment.\nlocal a = 1 -- Another.\n', ['A comment.', 'Another.']],
    ['a.md', 'Text.\n\n```sh\nnot prose\n```\n', ['Text.']],
    ['a.json', '{ "not": "prose" }', []],
  ])('of %s is its comments', (path, source, expected) => {
    expect(proseOf(path, source).map(({ text }) => text)).toEqual(expected);
  });
});

describe('the rules for commit messages', () => {
  it.each([
    ['Keep destinations given as page numbers', 'no area'],
    ['merge:keep destinations', 'no area'],
    [`merge: keep ${'very '.repeat(13)}long names`, 'At most 72'],
    ['merge: keep destinations.', 'full stop'],
    ['merge: keeps destinations', 'no imperative'],
    ['merge: fixed destinations', 'no imperative'],
    ['merge: fixing destinations', 'no imperative'],
    ['merge: the destinations stay', 'no imperative'],
    ['merge: keep destinations\nNo empty line.', 'is not empty'],
    [`merge: keep destinations\n\n${'word '.repeat(15)}`, 'Wrap it at 72'],
    ['merge: keep destinations (#12)', 'number of a tracker'],
    ['merge: keep destinations\n\nFixes issue 12.', 'number of a tracker'],
  ])('judge %j', (message, complaint) => {
    const faults = checkMessage(message);
    if (complaint === '') expect(faults).toEqual([]);
    else expect(faults).toEqual([expect.stringContaining(complaint)]);
  });

  it.each([
    'merge: keep destinations given as page numbers\n\nThe body is wrapped.\n',
    'merge, compress: process scans',
    'pdf/filters: speed up LZW',
    `docs: link the standard\n\nhttps://example.org/${'x'.repeat(80)}\n`,
    `test: show a report\n\n    ${'column '.repeat(15)}\n`,
    'Revert "merge: keep destinations"',
    'fixup! merge: keep destinations',
  ])('accept %j', (message) => {
    expect(checkMessage(message)).toEqual([]);
  });
});

describe('the check in a repository', () => {
  const base = mkdtempSync(join(tmpdir(), 'pdf-tools-words-'));
  const origin = join(base, 'origin');
  const git = async (folder: string, ...args: string[]): Promise<void> => {
    const identity = ['-c', 'user.name=Test', '-c', 'user.email=test@example.org', '-c', 'init.defaultBranch=main'];
    const { code, stderr } = await runCommand('git', [...identity, '-C', folder, ...args], { folder: base });
    expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
  };
  const commit = async (message: string, text: string): Promise<void> => {
    writeFileSync(join(origin, 'notes.sh'), text);
    await git(origin, 'add', '--all');
    await git(origin, 'commit', '--message', message);
  };
  const check = (folder: string): Promise<{ code: number | null; stderr: string }> =>
    runCommand(process.execPath, ['scripts/lint-words.mjs'], { folder });
  const cloned = async (name: string, ...options: string[]): Promise<string> => {
    const folder = join(base, name);
    await git(base, 'clone', '--quiet', ...options, `file://${origin}`, folder);
    return folder;
  };

  beforeAll(async () => {
    await git(base, 'init', '--quiet', origin);
    writeFileSync(join(origin, '.gitignore'), '');
    await commit('An old subject', '# Nobody checks old lines.\n');
    for (const part of ['scripts/prose', 'scripts/lint-words.mjs'])
      cpSync(join(ROOT, part), join(origin, part), { recursive: true });
    // The scripts load the compiler from above the clones.
    symlinkSync(join(ROOT, 'node_modules'), join(base, 'node_modules'));
    await commit('lint: add the check', '# Nobody checks old lines.\n# More.\n');
  });
  afterAll(() => {
    rmSync(base, { recursive: true, force: true });
  });

  it('passes when nothing changed since the check was introduced', async () => {
    expect(await check(await cloned('fresh'))).toMatchObject({ code: 0 });
  });

  it('reports the commits and lines since then, and lines that are not committed', async () => {
    await commit('A new subject', '# Nobody checks old lines.\n# More.\n# The file lies here.\n');
    const folder = await cloned('changed');
    writeFileSync(join(folder, 'new.sh'), '# It is worn.\n');
    const { code, stderr } = await check(folder);
    expect(code).toBe(1);
    const complaints = stderr.trim().split('\n').slice(0, -1);
    expect(complaints).toEqual([
      expect.stringMatching(/^commit \w+ "A new subject": The subject starts with no area/),
      expect.stringMatching(/^notes\.sh:3: "lies"/),
      expect.stringMatching(/^new\.sh:1: "worn"/),
    ]);
  });

  it('checks only the commits of a branch that main does not have', async () => {
    const folder = await cloned('branch');
    await git(folder, 'switch', '--quiet', '--create', 'work');
    expect(await check(folder)).toMatchObject({ code: 1 });
    writeFileSync(join(folder, 'more.sh'), '# A line.\n');
    await git(folder, 'add', '--all');
    await git(folder, 'commit', '--quiet', '--message', 'notes: add a line');
    expect(await check(folder)).toMatchObject({ code: 0 });
  });

  it('passes in a clone of depth 1', async () => {
    expect(await check(await cloned('shallow', '--depth', '1'))).toMatchObject({ code: 0 });
  });

  it('says that it is skipped without a repository', async () => {
    const folder = await cloned('tarball');
    rmSync(join(folder, '.git'), { recursive: true });
    const { code, stderr } = await check(folder);
    expect(code).toBe(0);
    expect(stderr).toContain('SKIPPED');
  });
});

describe('the check itself', () => {
  it('runs in make lint', () => {
    expect(readFileSync(join(ROOT, 'scripts/lint.sh'), 'utf8')).toContain('node scripts/lint-words.mjs');
  });
});
