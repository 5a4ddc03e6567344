// Usage: node scripts/lint-words.mjs [BASE]
// Checks commit messages, and the words of comments, test names and Markdown in changed lines, since BASE. Without BASE
// that is the merge base with main, or the commit that introduced this check. CONTRIBUTING.md has the rules.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { checkMessage } from './prose/commit-rules.mjs';
import { proseOf } from './prose/prose.mjs';
import { checkWords } from './prose/word-rules.mjs';

const MAX_COMMITS = 200;
const ROOT = realpathSync(new URL('..', import.meta.url));

/** Returns Git's output, or undefined if it fails or is not installed. */
function git(...args) {
  try {
    const options = { cwd: ROOT, encoding: 'utf8', maxBuffer: 2 ** 28, stdio: ['ignore', 'pipe', 'ignore'] };
    return execFileSync('git', ['-c', 'core.quotePath=false', ...args], options).trim();
  } catch {
    return undefined;
  }
}

/** The commit that the changes are counted from. A shallow clone seems to introduce every file in its oldest commit. */
function findBase(head) {
  const introduced = git('log', '--diff-filter=A', '--format=%H', '--', 'scripts/lint-words.mjs')?.split('\n').at(-1);
  const start = introduced || head;
  for (const main of ['origin/main', 'main']) {
    const base = git('merge-base', head, main);
    if (base && base !== head) return git('merge-base', '--is-ancestor', start, base) === undefined ? start : base;
  }
  return start;
}

function commitsSince(base) {
  const log = git('log', '--no-merges', `--max-count=${MAX_COMMITS}`, '--format=%h%n%B%x00', `${base}..HEAD`) ?? '';
  return log
    .split('\0')
    .map((entry) => entry.trimStart())
    .filter((entry) => entry !== '')
    .map((entry) => ({ id: entry.slice(0, entry.indexOf('\n')), message: entry.slice(entry.indexOf('\n') + 1) }));
}

/** Returns the changed lines of each file in the working tree, by path. New files count whole. */
function changedLines(base) {
  const changed = new Map();
  const diff = git('diff', '--unified=0', '--find-renames', '--no-color', '--no-ext-diff', base) ?? '';
  let lines = new Set();
  for (const line of diff.split('\n')) {
    const path = /^\+\+\+ b\/(.*?)\t?$/.exec(line)?.[1];
    if (path) changed.set(path, (lines = new Set()));
    const [, start, count = '1'] = /^@@ -\S+ \+(\d+)(?:,(\d+))? @@/.exec(line) ?? [];
    for (let n = 0; start && n < Number(count); n++) lines.add(Number(start) + n);
  }
  for (const path of git('ls-files', '--others', '--exclude-standard')?.split('\n') ?? [])
    if (path !== '') changed.set(path, undefined);
  return changed;
}

function checkFiles(changed) {
  return [...changed].flatMap(([path, lines]) => {
    if (!existsSync(`${ROOT}/${path}`)) return [];
    const prose = proseOf(path, readFileSync(`${ROOT}/${path}`, 'utf8'));
    return checkWords(prose, lines).map(({ line, message }) => `${path}:${line}: ${message}`);
  });
}

if (git('rev-parse', '--show-toplevel') !== ROOT) {
  console.error('words: SKIPPED. This folder is no Git clone, so the new lines are not known.');
} else {
  const head = git('rev-parse', 'HEAD');
  const base = process.argv[2] ?? findBase(head);
  const commits = commitsSince(base);
  const changed = changedLines(base);
  const faults = [
    ...commits.flatMap(({ id, message }) =>
      checkMessage(message).map((fault) => `commit ${id} "${message.split('\n')[0]}": ${fault}`),
    ),
    ...checkFiles(changed),
  ];
  for (const fault of faults) console.error(fault);
  console.error(`words: ${commits.length} commits and ${changed.size} changed files since ${base.slice(0, 10)}`);
  process.exitCode = faults.length > 0 ? 1 : 0;
}
