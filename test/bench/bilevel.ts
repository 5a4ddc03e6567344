/**
 * The encoders of bilevel images beside libtiff's CCITT Group 4 and, if `jbig2` is installed, jbig2enc. Each page of 300
 * dpi is encoded by all of them in turn, in rounds. Arguments: folder of a corpus and a work folder. FILES and LIMIT choose
 * files as for `make corpus`, ROUNDS is the number of rounds. The pages are the scans in the files, and first pages
 * rendered by poppler. Prints bytes relative to libtiff's and milliseconds of processor time per page.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { decodeCcittG4, decodeJbig2 } from '@pdf-tools/harness/documents/bilevel-decoders';
import { withWhitePadding } from '@pdf-tools/harness/documents/bilevel-images';
import { encodeCcittG4, encodeJbig2, rowBytes } from '@pdf-tools/pdf';
import type { BilevelImage } from '@pdf-tools/pdf';
import { chooseFiles, countIn } from '../corpus/options.js';
import { ask } from '../corpus/readers.js';
import { spread } from './figures.js';

interface Page extends BilevelImage {
  /** The page as a PBM file. */
  readonly path: string;
}

/** A page with a byte for each pixel, as sharp takes it. */
interface Input extends Page {
  readonly gray: Buffer;
}

interface Contender {
  readonly name: string;
  /** It runs in a process of its own, so that only the time on the wall is known. */
  readonly isProcess?: true;
  readonly encode: (page: Input) => Promise<Uint8Array> | Uint8Array;
  /** Decodes the result, if it has to be exact. */
  readonly decode?: (bytes: Uint8Array, page: Page) => Buffer;
}

/** What a contender took for the pages so far. */
interface Total {
  readonly contender: Contender;
  bytes: number;
  readonly ms: number[];
  /** Pages that decode to other pixels. */
  wrong: number;
}

const run = promisify(execFile);
/** Images with fewer pixels are no pages. */
const MIN_PIXELS = 2_000_000;
const SCANS_PER_FILE = 3;

const [corpus = '', folder = ''] = process.argv.slice(2);
const rounds = countIn(process.env, 'ROUNDS', 3);
const work = await mkdtemp(join(folder, 'bilevel-'));
try {
  const pages: Page[] = [];
  for (const file of await chooseFiles(corpus, process.env)) pages.push(...(await pagesOf(file, pages.length)));
  const contenders = await listContenders();
  await warmUp(pages.slice(0, 3), contenders);
  const totals = contenders.map((contender): Total => ({ contender, bytes: 0, ms: [], wrong: 0 }));
  for (const page of pages) await measure({ ...page, gray: grayOf(page) }, totals);
  console.log(`${pages.length} pages, milliseconds of processor time per page, the best of ${rounds} rounds:`);
  print(totals);
} finally {
  await rm(work, { recursive: true });
}

/** Returns the scans in a file or, if it has none, its first page as poppler renders it. */
async function pagesOf(file: string, number: number): Promise<Page[]> {
  const name = (kind: string): string => join(work, `${String(number).padStart(4, '0')}-${kind}`);
  await ask('pdfimages', ['-f', '1', '-l', String(SCANS_PER_FILE), file, name('scan')]);
  const scans = await readPages(name('scan'));
  if (scans.length > 0) return scans;
  await ask('pdftoppm', ['-mono', '-r', '300', '-f', '1', '-l', '1', file, name('page')]);
  return readPages(name('page'));
}

/** Reads the PBM files whose path begins so. Leaves out small ones and those with a single colour. */
async function readPages(prefix: string): Promise<Page[]> {
  const names = (await readdir(work)).filter((name) => join(work, name).startsWith(`${prefix}-`)).sort();
  const pages: Page[] = [];
  for (const name of names) {
    const path = join(work, name);
    const page = name.endsWith('.pbm') ? pageOf(path, await readFile(path)) : undefined;
    if (page) pages.push(page);
    else await rm(path);
  }
  return pages;
}

function pageOf(path: string, file: Buffer): Page | undefined {
  const [header = '', width, height] = /^P4\s+(\d+)\s+(\d+)\s/.exec(file.toString('latin1', 0, 64)) ?? [];
  const data = file.subarray(header.length);
  const isPlain = data.every((byte) => byte === data[0]);
  const page = { path, width: Number(width), height: Number(height), data };
  return page.width * page.height >= MIN_PIXELS && !isPlain ? page : undefined;
}

async function listContenders(): Promise<Contender[]> {
  const ours: Contender[] = [
    { name: 'CCITT, ours', encode: encodeCcittG4, decode: decodeCcittG4 },
    { name: 'JBIG2, ours', encode: encodeJbig2, decode: decodeJbig2 },
  ];
  const libtiff: Contender = { name: 'CCITT, libtiff through sharp', encode: encodeWithLibtiff };
  if ((await ask('jbig2', ['-V'])).status !== 0) {
    console.log('jbig2enc is not installed and is left out');
    return [libtiff, ...ours];
  }
  const encode = async ({ path }: Page): Promise<Buffer> =>
    (await run('jbig2', ['-p', '-d', path], { encoding: 'buffer', maxBuffer: 2 ** 28 })).stdout;
  return [libtiff, ...ours, { name: 'JBIG2, jbig2enc (wall)', isProcess: true, encode }];
}

/** Encodes through sharp. The headers of the TIFF file count too: less than a kilobyte. */
function encodeWithLibtiff({ gray, width, height }: Input): Promise<Buffer> {
  const input = sharp(gray, { raw: { width, height, channels: 1 }, limitInputPixels: false });
  return input.toColourspace('b-w').tiff({ compression: 'ccittfax4', bitdepth: 1 }).toBuffer();
}

function grayOf({ width, height, data }: Page): Buffer {
  const gray = Buffer.alloc(width * height, 255);
  for (let y = 0, at = 0; y < height; y++)
    for (let x = 0; x < width; x++, at++)
      if (((data[y * rowBytes(width) + (x >> 3)] ?? 0) & (0x80 >> (x & 7))) !== 0) gray[at] = 0;
  return gray;
}

/** Encodes a few pages without a measurement, so that every encoder runs compiled. */
async function warmUp(pages: readonly Page[], contenders: readonly Contender[]): Promise<void> {
  for (const page of pages) for (const { encode } of contenders) await encode({ ...page, gray: grayOf(page) });
}

function wallMs(): number {
  return performance.now();
}

/** Returns the processor time of this process, which other processes hardly change. */
function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Encodes a page with every contender in turn, and adds what each took to its totals. */
async function measure(page: Input, totals: readonly Total[]): Promise<void> {
  const taken = new Map<Total, number[]>(totals.map((total) => [total, []]));
  for (let round = 0; round < rounds; round++)
    for (const [{ contender }, ms] of taken) {
      const clock = contender.isProcess ? wallMs : processorMs;
      const start = clock();
      await contender.encode(page);
      ms.push(clock() - start);
    }
  for (const [total, ms] of taken) {
    const { decode, encode } = total.contender;
    const encoded = await encode(page);
    total.bytes += encoded.length;
    total.ms.push(Math.min(...ms));
    if (decode && !decode(encoded, page).equals(withWhitePadding(page))) total.wrong += 1;
  }
}

function print(totals: readonly Total[]): void {
  const reference = totals[0]?.bytes ?? NaN;
  for (const { contender, bytes, ms, wrong } of totals) {
    const exact = contender.decode ? `, ${wrong} decoded wrong` : '';
    const ratio = (bytes / reference).toFixed(3);
    console.log(`  ${contender.name.padEnd(32)} ${String(bytes).padStart(9)} bytes, ${ratio}   ${spread(ms)}${exact}`);
  }
}
