/**
 * Measures compress-pdf and Ghostscript. In each round, each contender compresses the same file once, one after the other.
 * Arguments: folder of a corpus, folder for caches. FILES, LIMIT and PAGES choose as for `make corpus`; ROUNDS is the
 * number of rounds. Prints times and memory relative to Ghostscript, and the sizes of results that show the same document.
 */
import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { faultsOf } from '../corpus/faults.js';
import { knowInput } from '../corpus/known.js';
import { chooseFiles, countIn, readOptions } from '../corpus/options.js';
import { ask } from '../corpus/readers.js';
import { kindsOf, sizesOf } from '../corpus/tally.js';
import type { Sized } from '../corpus/tally.js';
import { WarmChild } from '@pdf-tools/harness/warm-child';
import { quantile } from './figures.js';
import { runOnce } from './peers/resident.js';
import type { Sample } from './peers/resident.js';

interface Contender {
  readonly name: string;
  readonly compress: (input: string, output: string) => Promise<Sample>;
}

/** What a contender made of a file. */
interface Result extends Sized {
  readonly ms: number;
  readonly peak: number;
}

const NO_LIMITS = { ms: 600_000, bytes: Infinity };
const CLI = fileURLToPath(import.meta.resolve('@pdf-tools/cli/main'));
/** The settings closest to ours: images at 144 dpi. */
const GHOSTSCRIPT = ['-q', '-dNOPAUSE', '-dBATCH', '-dSAFER', '-sDEVICE=pdfwrite', '-dPDFSETTINGS=/ebook'];
const RESOLUTION = ['-dColorImageResolution=144', '-dGrayImageResolution=144'];

const [corpus = '', folder = ''] = process.argv.slice(2);
const { pages } = readOptions(process.env);
const rounds = countIn(process.env, 'ROUNDS', 3);
const files = await chooseFiles(corpus, process.env);
await mkdir(folder, { recursive: true });
const out = await mkdtemp(join(tmpdir(), 'pdf-tools-bench-'));
const child = new WarmChild(NO_LIMITS);
const contenders: readonly Contender[] = [
  ...(await ghostscript()),
  { name: 'ours, whole process', compress: whole },
  { name: 'ours, warm', compress: warm },
];
const results = new Map<Contender, Result[]>(contenders.map((contender) => [contender, []]));
try {
  for (const file of files) await measure(file);
} finally {
  child.stop();
  await rm(out, { recursive: true });
}
console.log(`${files.length} files, ${rounds} rounds, medians; ratios are per file, to ${contenders[0]?.name ?? ''}`);
for (const [contender, each] of results) for (const line of linesOf(contender, each)) console.log(line);

async function ghostscript(): Promise<Contender[]> {
  if ((await ask('gs', ['--version'])).status !== 0) {
    console.log('NO GHOSTSCRIPT here: it is left out');
    return [];
  }
  const compress = (input: string, output: string): Promise<Sample> =>
    runOnce('gs', [...GHOSTSCRIPT, ...RESOLUTION, `-sOutputFile=${output}`, input]);
  return [{ name: 'Ghostscript, whole process', compress }];
}

function whole(input: string, output: string): Promise<Sample> {
  return runOnce(process.execPath, [CLI, 'compress-pdf', input, '-o', output, '--quiet']);
}

async function warm(input: string, output: string): Promise<Sample> {
  const { kind, answer, peak, before } = await child.run({
    operation: 'compress-pdf',
    files: [input],
    outputPath: output,
  });
  if (!answer?.ok) throw new Error(`compress-pdf ended with ${answer ? answer.code : kind}`);
  return { ms: answer.ms, peak, before };
}

/** If a contender refuses a file, its result counts as the input, without a time. */
async function measure(input: string): Promise<void> {
  const samples = new Map<Contender, Sample[]>(contenders.map((contender) => [contender, []]));
  const outputOf = (contender: Contender): string => join(out, `${contenders.indexOf(contender)}.pdf`);
  for (let round = 0; round < rounds; round++)
    for (const [contender, taken] of samples) {
      const sample = await contender.compress(input, outputOf(contender)).catch(() => undefined);
      if (sample) taken.push(sample);
    }
  const known = await knowInput(input, join(folder, 'inputs'));
  for (const [contender, taken] of samples) {
    const output = outputOf(contender);
    const size = taken.length === 0 ? undefined : await stat(output).catch(() => undefined);
    results.get(contender)?.push({
      bytes: known.bytes,
      resultBytes: size?.size,
      faults: size === undefined ? [] : await faultsOf({ input, output, known, pages }),
      ms: medianOf(taken.map(({ ms }) => ms)),
      peak: Math.max(...taken.map(({ peak }) => peak)),
    });
    await rm(output, { force: true });
  }
}

function linesOf({ name }: Contender, each: readonly Result[]): string[] {
  const peers = [...results.values()][0] ?? [];
  const ratios = each.map(({ ms }, index) => ms / (peers[index]?.ms ?? NaN)).filter((ratio) => ratio > 0);
  const damaged = each.filter(({ faults }) => faults.length > 0);
  const failed = each.filter(({ resultBytes }) => resultBytes === undefined).length;
  const peaks = each.map(({ peak }) => peak).filter((peak) => peak > 0);
  const mib = (bytes: number): string => (bytes / 2 ** 20).toFixed(0);
  return [
    `${name}: ${medianOf(each.map(({ ms }) => ms)).toFixed(0)} ms, ratio ${medianOf(ratios).toFixed(2)}, ` +
      `peak ${mib(medianOf(peaks))} MiB (max ${mib(Math.max(...peaks))}), damaged ${damaged.length}${kindsOf(damaged)}, failed ${failed}`,
    ...sizesOf(each).map((line) => `  ${line}`),
  ];
}

function medianOf(numbers: readonly number[]): number {
  return quantile(
    numbers.filter((each) => !Number.isNaN(each)),
    0.5,
  );
}
