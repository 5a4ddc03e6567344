/**
 * Measures compress-pdf, Ghostscript and the predecessor's tool on generated files of images. In each round, each contender
 * compresses the same file once, one after the other. Arguments: folder for the files, a Python with PyPDF2 and Pillow, and
 * the folder of the predecessor; the last two may be empty. SETS names sets, ROUNDS is the number of rounds, PAGES the pages
 * of each file that are rendered, PARAMS are parameters of ours. Prints bytes, time, memory, and three values of SSIM.
 *
 * The first SSIM compares renders at 144 dpi with the input's render at 288 dpi, reduced by averaging. The others compare
 * renders at 288 dpi, by poppler and by MuPDF, which place enlarged images differently by half a pixel.
 */
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { countIn, readOptions } from '../corpus/options.js';
import { OursWarm, ghostscript, oursWhole, predecessor } from './compressors.js';
import type { Compressor } from './compressors.js';
import { quantile } from './figures.js';
import { readyImageSets } from './image-sets.js';
import type { ImageSet } from './image-sets.js';
import type { Sample } from './peers/resident.js';
import { FINE_DPI, TARGET_DPI, halve, renderLuma, ssimOfShared } from './ssim.js';
import type { Luma } from './ssim.js';

/** A file that a contender wrote. */
interface Result {
  readonly bytes: number;
  readonly ssim: number;
  /** At twice the resolution that images are reduced to, for each renderer. Missing if not measured. */
  readonly fineSsims?: readonly number[];
}

/** The pages of the input, which results are compared with. */
interface Reference {
  readonly pages: readonly number[];
  /** The pages at twice the resolution, for each renderer. */
  readonly fine: readonly (readonly Luma[])[];
  readonly reduced: readonly Luma[];
}

const DEFAULT_PAGES = 6;
const RENDERERS = ['poppler', 'mupdf'] as const;

interface Rendering {
  readonly dpi: number;
  readonly renderer?: (typeof RENDERERS)[number];
}

const [folder = '', python = '', predecessorFolder = ''] = process.argv.slice(2);
const rounds = countIn(process.env, 'ROUNDS', 3);
const maxPages = countIn(process.env, 'PAGES', DEFAULT_PAGES);
const { params } = readOptions(process.env);
const sets = await readyImageSets(folder, (process.env.SETS ?? '').split(/[ ,]+/).filter(Boolean));
const out = await mkdtemp(join(folder, 'out-'));
const warm = new OursWarm();
const ours: Compressor = { name: warm.name, compress: (input, output) => warm.compress(input, output, params) };
const contenders = [
  ...(await ghostscript(['144 dpi', '/ebook'])),
  ...(await predecessor(python, predecessorFolder)),
  oursWhole,
  ours,
];
try {
  for (const set of sets) await measure(set);
} finally {
  warm.stop();
  await rm(out, { recursive: true });
}

async function measure(set: ImageSet): Promise<void> {
  const { size } = await stat(set.path);
  // The bilevel pages are in CCITT Group 4 already.
  console.log(`${set.name}: ${set.pages} pages, ${megabytes(size)} MB, ${rounds} rounds, medians`);
  const samples = await compressInRounds(set);
  const reference = await renderReference(set);
  const results = new Map<Compressor, Result>();
  for (const contender of contenders) results.set(contender, await assessFine(outputOf(contender), reference));
  const [first] = contenders;
  for (const contender of contenders) {
    const result = results.get(contender);
    if (result) print(contender, result, { samples, first });
  }
  const target = first && results.get(first);
  if (set.name === 'bilevel') {
    const bytes = results.get(ours)?.bytes ?? NaN;
    console.log(`  ours to CCITT Group 4: ${(bytes / size).toFixed(3)}x its bytes`);
  } else if (first && first !== oursWhole && target) await printEqual(set, reference, target);
}

async function compressInRounds({ path }: ImageSet): Promise<Map<Compressor, Sample[]>> {
  const samples = new Map<Compressor, Sample[]>(contenders.map((contender) => [contender, []]));
  for (let round = 0; round < rounds; round++)
    for (const [contender, taken] of samples) taken.push(await contender.compress(path, outputOf(contender)));
  return samples;
}

function outputOf(contender: Compressor): string {
  return join(out, `${contenders.indexOf(contender)}.pdf`);
}

/** Renders pages of the input, evenly spread. */
async function renderReference({ path, pages: count }: ImageSet): Promise<Reference> {
  const number = Math.min(count, maxPages);
  const pages = Array.from({ length: number }, (_none, index) => 1 + Math.floor((index * count) / number));
  const fine = await renderFine(path, pages);
  return { pages, fine, reduced: (fine[0] ?? []).map(halve) };
}

async function renderFine(path: string, pages: readonly number[]): Promise<Luma[][]> {
  const all: Luma[][] = [];
  for (const renderer of RENDERERS) all.push(await renderPages(path, pages, { dpi: FINE_DPI, renderer }));
  return all;
}

async function renderPages(path: string, pages: readonly number[], as: Rendering): Promise<Luma[]> {
  const lumas: Luma[] = [];
  for (const page of pages) lumas.push(await renderLuma(path, page, { folder: out, ...as }));
  return lumas;
}

async function assess(path: string, { pages, reduced }: Reference): Promise<Result> {
  return {
    bytes: (await stat(path)).size,
    ssim: meanSsim(reduced, await renderPages(path, pages, { dpi: TARGET_DPI })),
  };
}

async function assessFine(path: string, reference: Reference): Promise<Result> {
  const fine = await renderFine(path, reference.pages);
  const fineSsims = reference.fine.map((pages, index) => meanSsim(pages, fine[index] ?? []));
  return { ...(await assess(path, reference)), fineSsims };
}

function meanSsim(expected: readonly Luma[], rendered: readonly Luma[]): number {
  const values = expected.map((luma, index) => {
    const other = rendered[index];
    return other ? ssimOfShared(luma, other) : 0;
  });
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Finds the lowest quality of ours whose SSIM is not below Ghostscript's, and prints its bytes. */
async function printEqual({ path }: ImageSet, reference: Reference, target: Result): Promise<void> {
  const output = join(out, 'equal.pdf');
  let [low, high] = [1, 100];
  let found: (Result & { readonly quality: number }) | undefined;
  while (low <= high) {
    const quality = Math.floor((low + high) / 2);
    await warm.compress(path, output, { ...params, image_quality: quality });
    const result = await assess(output, reference);
    if (result.ssim >= target.ssim) {
      found = { ...result, quality };
      high = quality - 1;
    } else low = quality + 1;
  }
  const line = found
    ? `${(found.bytes / target.bytes).toFixed(3)}x its bytes, ${megabytes(found.bytes)} MB, quality ${found.quality}, SSIM ${found.ssim.toFixed(4)}`
    : 'not reached at any quality';
  console.log(`  ours at the SSIM of ${contenders[0]?.name ?? ''}: ${line}`);
}

interface Measured {
  readonly samples: ReadonlyMap<Compressor, readonly Sample[]>;
  readonly first: Compressor | undefined;
}

function print(contender: Compressor, result: Result, { samples, first }: Measured): void {
  const taken = samples.get(contender) ?? [];
  const peers = (first && samples.get(first)) ?? [];
  const median = (of: readonly Sample[], value: (sample: Sample) => number): number => quantile(of.map(value), 0.5);
  const ratio = (value: (sample: Sample) => number): string =>
    (median(taken, value) / median(peers, value)).toFixed(2).padStart(5);
  const [wall, cpu] = [(sample: Sample) => sample.ms, (sample: Sample) => sample.cpuMs ?? NaN];
  console.log(
    `  ${contender.name.padEnd(34)} ${megabytes(result.bytes).padStart(6)} MB  SSIM ${[result.ssim, ...(result.fineSsims ?? [])].map((ssim) => ssim.toFixed(4)).join(' / ')}  ` +
      `${median(taken, wall).toFixed(0).padStart(6)} ms (${ratio(wall)})  CPU ${median(taken, cpu).toFixed(0).padStart(6)} ms (${ratio(cpu)})  ` +
      `peak ${(Math.max(...taken.map(({ peak }) => peak)) / 2 ** 20).toFixed(0)} MiB`,
  );
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(2);
}
