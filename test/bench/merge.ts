/**
 * Measures a merge and its peers. In each round, each contender merges the same files once; the medians count. Arguments:
 * a Python with PyPDF2 (or ""), a folder for inputs, the folder of a corpus (or ""). If PRED and OURS hold the base
 * addresses of two servers, it also merges 45 MB over HTTP.
 */
import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startContenders } from './contenders.js';
import type { Contender } from './contenders.js';
import { quantile } from './figures.js';
import { readyCases, readyUpload } from './inputs.js';
import type { Case } from './inputs.js';
import { mergeOverHttp } from './merge-http.js';
import type { Sample } from './peers/resident.js';

/** A contender whose merge takes longer merges once. */
const ONCE_ABOVE_MS = 15_000;
/** How often a resident process merges the files before the measurement. A slow one does so once. */
const [WARM_UP, SLOW_MS] = [10, 5_000];

const [python = '', folder = '', corpus = ''] = process.argv.slice(2);
await mkdir(folder, { recursive: true });
/** In memory if the system has a place for it, so that the disk does not affect the times. */
const out = await mkdtemp(join((await isFolder('/dev/shm')) ? '/dev/shm' : tmpdir(), 'pdf-tools-bench-'));
if (python === '') console.log('NO PyPDF2 here: it is left out');
const wanted = (process.env.CASES ?? '').split(',').filter((name) => name !== '');
const cases = (await readyCases({ folder, corpus, python })).filter(
  ({ name }) => wanted.length === 0 || wanted.some((part) => name.includes(part)),
);
try {
  for (const each of cases) await measure(each);
} finally {
  await rm(out, { recursive: true });
}
const { PRED, OURS } = process.env;
if (PRED !== undefined && OURS !== undefined) await mergeOverHttp(await readyUpload(folder), { PRED, OURS });

interface Measured extends Sample {
  /** Bytes of the result. */
  readonly output: number;
}

async function mergeOnce(contender: Contender, files: readonly string[]): Promise<Measured> {
  const place = join(out, 'out.pdf');
  const sample = await contender.merge({ files, out: place });
  const output = await bytesOf([place]);
  await rm(place);
  return { ...sample, output };
}

async function measure({ name, files, rounds }: Case): Promise<void> {
  const input = await bytesOf(files);
  const contenders = await startContenders(python);
  const samples = new Map<Contender, Measured[]>(contenders.map((contender) => [contender, []]));
  try {
    for (const contender of contenders.filter(({ stays }) => stays))
      for (let nth = 0; nth < WARM_UP; nth++) if ((await mergeOnce(contender, files)).ms > SLOW_MS) break;
    for (let round = 0; round < rounds; round++) {
      for (const [contender, taken] of samples) {
        if ((taken[0]?.ms ?? 0) > ONCE_ABOVE_MS) continue;
        taken.push(await mergeOnce(contender, files));
      }
    }
    console.log(`\n${name}: ${files.length} files, ${mb(input)} MB, ${rounds} rounds`);
    for (const line of tableOf(samples, input)) console.log(line);
  } finally {
    for (const { stop } of contenders) stop();
  }
}

function tableOf(samples: ReadonlyMap<Contender, readonly Measured[]>, input: number): string[] {
  const median = (taken: readonly Sample[]): number =>
    quantile(
      taken.map(({ ms }) => ms),
      0.5,
    );
  const [ours = NaN] = [...samples.values()].map(median);
  const lines = [['', 'ms', 'of ours', 'MB out', 'out/in', 'peak MB', 'over idle'].map(cell).join('')];
  for (const [contender, taken] of samples) {
    const output = taken.at(-1)?.output ?? 0;
    const peak = Math.max(...taken.map((sample) => sample.peak));
    const over = Math.max(...taken.map((sample) => sample.peak - sample.before));
    const ms = median(taken);
    const cells = [contender.name, ms.toFixed(1), (ms / ours).toFixed(2), mb(output), (output / input).toFixed(3)];
    lines.push([...cells, (peak / 2 ** 20).toFixed(0), (over / 2 ** 20).toFixed(0)].map(cell).join(''));
  }
  return lines;
}

function cell(text: string, column: number): string {
  return column === 0 ? text.padEnd(24) : text.padStart(10);
}

function mb(bytes: number): string {
  return (bytes / 1e6).toFixed(2);
}

async function bytesOf(files: readonly string[]): Promise<number> {
  const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (facts) => facts.isDirectory(),
    () => false,
  );
}
