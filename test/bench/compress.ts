/**
 * Measures compress-pdf and Ghostscript. In each round, each contender compresses the same file once, one after the other.
 * Arguments: folder of a corpus, folder for caches. FILES, LIMIT and PAGES choose as for `make corpus`; ROUNDS is the
 * number of rounds. Prints times and memory relative to Ghostscript, and the sizes of results that show the same document.
 */
import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { faultsOf } from '../corpus/faults.js';
import { knowInput } from '../corpus/known.js';
import { chooseFiles, countIn, readOptions } from '../corpus/options.js';
import { kindsOf, sizesOf } from '../corpus/tally.js';
import type { Sized } from '../corpus/tally.js';
import { OursWarm, ghostscript, oursWhole } from './compressors.js';
import type { Compressor } from './compressors.js';
import { quantile } from './figures.js';
import type { Sample } from './peers/resident.js';

/** What a contender made of a file. */
interface Result extends Sized {
  readonly ms: number;
  readonly peak: number;
}

const [corpus = '', folder = ''] = process.argv.slice(2);
const { pages } = readOptions(process.env);
const rounds = countIn(process.env, 'ROUNDS', 3);
const files = await chooseFiles(corpus, process.env);
await mkdir(folder, { recursive: true });
const out = await mkdtemp(join(tmpdir(), 'pdf-tools-bench-'));
const warm = new OursWarm();
const contenders: readonly Compressor[] = [...(await ghostscript(['144 dpi'])), oursWhole, warm];
const results = new Map<Compressor, Result[]>(contenders.map((contender) => [contender, []]));
try {
  for (const file of files) await measure(file);
} finally {
  warm.stop();
  await rm(out, { recursive: true });
}
console.log(`${files.length} files, ${rounds} rounds, medians; ratios are per file, to ${contenders[0]?.name ?? ''}`);
for (const [contender, each] of results) for (const line of linesOf(contender, each)) console.log(line);

/** If a contender refuses a file, its result counts as the input, without a time. */
async function measure(input: string): Promise<void> {
  const samples = new Map<Compressor, Sample[]>(contenders.map((contender) => [contender, []]));
  const outputOf = (contender: Compressor): string => join(out, `${contenders.indexOf(contender)}.pdf`);
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

function linesOf({ name }: Compressor, each: readonly Result[]): string[] {
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
