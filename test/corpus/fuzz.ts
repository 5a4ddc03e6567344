/**
 * Runs operations on mutated files and keeps each file that crashes the process, takes longer than 10 s or more than
 * 1 GiB, or ends in an internal error. Arguments: folder of the corpus, folder for findings, number of cases, seed, and
 * merge-pdf, compress-pdf or both. A case is the same for the same seed, number and corpus. Exit status 1 if anything
 * was found.
 */
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { everything } from '@pdf-tools/harness/documents/everything';
import type { Ending } from '@pdf-tools/harness/warm-child';
import { firstLines } from './judge.js';
import { listPdfs } from './known.js';
import { inLanes } from './lanes.js';
import type { Lane } from './lanes.js';
import { mutate, randomOf } from './mutate.js';

const LIMITS = { ms: 10_000, bytes: 1024 * 2 ** 20 };
/** Larger files are left out because one takes the time of many small ones. */
const MAX_SEED_BYTES = 256 * 1024;
/** How many files are kept per kind of ending. */
const KEPT = 3;
const PROGRESS_EVERY = 1_000;

interface Seed {
  readonly name: string;
  readonly bytes: Buffer;
}

const OPERATIONS = {
  'merge-pdf': ['merge-pdf'],
  'compress-pdf': ['compress-pdf'],
  both: ['merge-pdf', 'compress-pdf'],
} as const;

const [corpus = '', folder = '', cases = '0', seed = '1', chosen = 'both'] = process.argv.slice(2);
if (!(chosen in OPERATIONS))
  throw new Error(`OPERATION must be ${Object.keys(OPERATIONS).join(', ')}, not "${chosen}".`);
const operations = OPERATIONS[chosen as keyof typeof OPERATIONS];
await mkdir(folder, { recursive: true });
const seeds = await readSeeds();
const partner = join(folder, 'partner.pdf');
await writeFile(partner, await everything({ label: 'partner' }));

const counts = new Map<string, number>();
const findings = new Map<string, string[]>();
const started = Date.now();
await inLanes(
  Array.from({ length: Number(cases) }, (_, number) => number),
  { lanes: 2, folder, limits: LIMITS },
  tryCase,
);
printProgress(Number(cases));
for (const [what, files] of findings) console.log(`FOUND ${what} (${counts.get(what) ?? 0} times): ${files.join(' ')}`);
process.exitCode = findings.size > 0 ? 1 : 0;

async function readSeeds(): Promise<Seed[]> {
  const own = [{ label: 'A' }, { label: 'B', pages: 7, otherMeanings: true }];
  const seeds = await Promise.all(
    own.map(async (options): Promise<Seed> => ({ name: options.label, bytes: await everything(options) })),
  );
  if (corpus === '') console.log('NO CORPUS: documents of our own alone are mutated');
  for (const path of corpus === '' ? [] : await listPdfs(corpus)) {
    if ((await stat(path)).size <= MAX_SEED_BYTES) seeds.push({ name: basename(path), bytes: await readFile(path) });
  }
  return seeds;
}

async function tryCase(number: number, { child, folder: own }: Lane): Promise<void> {
  const random = randomOf(Number(seed) * 1_000_003 + number);
  const [base, other] = [seeds[random(seeds.length)], seeds[random(seeds.length)]];
  if (!base || !other) throw new Error('there is nothing to mutate');
  const bytes = mutate(base.bytes, random, other.bytes);
  const input = join(own, 'mutated.pdf');
  await writeFile(input, bytes);
  for (const operation of operations) {
    const files = operation === 'merge-pdf' ? [input, partner] : [input];
    const ending = await child.run({ operation, files, outputPath: join(own, 'out.pdf') });
    const what = `${operation}: ${nameOf(ending)}`;
    counts.set(what, (counts.get(what) ?? 0) + 1);
    if (isFinding(ending)) await keep(what, `${operation}-seed${seed}-case${number}-${base.name}`, bytes);
  }
  if ((number + 1) % PROGRESS_EVERY === 0) printProgress(number + 1);
}

function nameOf({ kind, answer }: Ending): string {
  if (!answer) return kind;
  if (answer.ok) return 'ok';
  return answer.code === 'internal_error' ? `internal_error ${firstLines(answer.stack)}` : answer.code;
}

function isFinding({ answer }: Ending): boolean {
  return !answer || (!answer.ok && answer.code === 'internal_error');
}

async function keep(what: string, name: string, bytes: Buffer): Promise<void> {
  const files = findings.get(what) ?? [];
  findings.set(what, files);
  if (files.length >= KEPT) return;
  const file = name.endsWith('.pdf') ? name : `${name}.pdf`;
  files.push(file);
  await writeFile(join(folder, file), bytes);
}

function printProgress(done: number): void {
  const perSecond = Math.round((1_000 * done) / (Date.now() - started));
  const known = [...counts]
    .filter(([what]) => !what.includes('internal_error'))
    .sort(([, left], [, right]) => right - left);
  console.log(`${done} cases, ${perSecond} a second: ${known.map(([what, count]) => `${what} ${count}`).join(', ')}`);
}
