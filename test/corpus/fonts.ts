/**
 * Makes subsets of the fonts of every file of a corpus and changes nothing else. Compares the text and the pages that
 * readers show with those of the same file with all fonts whole, and prints the bytes of fonts by class.
 * Arguments: folder of the corpus, folder for work. `options.ts` reads the rest from the environment.
 * Exit status 1 if a text or a page differs.
 */
import { createHash } from 'node:crypto';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { Changes } from '@pdf-tools/operations/compress-pdf/changes';
import { subsetFonts } from '@pdf-tools/operations/compress-pdf/fonts/subset-fonts';
import type { FontOutcome } from '@pdf-tools/operations/compress-pdf/fonts/replace-programs';
import { writeCompressed } from '@pdf-tools/operations/compress-pdf/write-compressed';
import { MemorySource, PdfDict, PdfError, PdfFile, findReachable, readPageTree, sourceNumber } from '@pdf-tools/pdf';
import { FontTable } from './font-table.js';
import { chooseFiles, readOptions } from './options.js';
import { runReader } from './readers.js';

const DPI = 72;

const [corpus = '', folder = ''] = process.argv.slice(2);
const { pages } = readOptions(process.env);
const last = pages === Infinity ? 'N' : String(pages);
const places = { whole: join(folder, 'whole.pdf'), subset: join(folder, 'subset.pdf') };

/** What readers show of a file: words with their order, and the pixels of pages. */
const READERS: readonly (readonly [name: string, command: string, args: (path: string) => readonly string[]])[] = [
  ['pdftotext', 'pdftotext', (path) => ['-q', path, '-']],
  ['mutool text', 'mutool', (path) => ['draw', '-q', '-F', 'text', '-o', '-', path]],
  ['pdftoppm', 'pdftoppm', (path) => ['-q', '-r', `${DPI}`, ...(last === 'N' ? [] : ['-l', last]), path]],
  ['mutool', 'mutool', (path) => ['draw', '-q', '-r', `${DPI}`, '-F', 'pnm', '-o', '-', path, `1-${last}`]],
];

if (corpus === '') {
  console.log('NO CORPUS: no fonts were compared');
} else {
  await mkdir(folder, { recursive: true });
  const table = new FontTable();
  let [files, unreadable, different] = [0, 0, 0];
  for (const path of await chooseFiles(corpus, process.env)) {
    files += 1;
    const outcomes = await writeBoth(path);
    if (!outcomes) unreadable += 1;
    for (const outcome of outcomes ?? []) table.add(outcome.class, outcome);
    const differences = outcomes ? await compare() : [];
    if (differences.length > 0) different += 1;
    for (const name of differences) console.log(`differs  ${name.padEnd(11)} ${relative(corpus, path)}`);
  }
  for (const line of table.lines()) console.log(line);
  console.log(`files ${files}, not readable ${unreadable}, different ${different}`);
  await rm(folder, { recursive: true });
  process.exitCode = different > 0 ? 1 : 0;
}

type ClassifiedFont = FontOutcome & { readonly class: string };

/** Writes a file with whole fonts and with subsets. Returns undefined if the file is not readable without a password. */
async function writeBoth(path: string): Promise<ClassifiedFont[] | undefined> {
  try {
    const file = new PdfFile(new MemorySource(await readFile(path)));
    const reachable = findReachable(file);
    const changes = new Changes(file);
    const { signal } = new AbortController();
    const options = { reachable, encryption: undefined, pdfaPart: undefined, dropsClaims: false };
    const outcomes = await subsetFonts(file, readPageTree(file).pages, {
      changes,
      signal,
      claims: [],
      numbers: reachable.numbers,
    });
    writeCompressed(file, places.whole, { ...options, changes: new Changes(file) });
    writeCompressed(file, places.subset, { ...options, changes });
    const composite = compositePrograms(file, reachable.numbers);
    return outcomes.map((outcome) => ({
      ...outcome,
      class: `${outcome.kind ?? 'other'} ${composite.has(outcome.object) ? 'CID' : 'simple'}`,
    }));
  } catch (thrown) {
    if (thrown instanceof PdfError) return undefined;
    throw thrown;
  }
}

/** The object numbers of font programs of CIDFonts. */
function compositePrograms(file: PdfFile, numbers: Iterable<number>): Set<number> {
  const programs = new Set<number>();
  for (const num of numbers) {
    const font = file.load(sourceNumber(num));
    if (!(font instanceof PdfDict) || !font.has('CIDSystemInfo')) continue;
    const descriptor = file.resolve(font.get('FontDescriptor'));
    if (!(descriptor instanceof PdfDict)) continue;
    for (const [key, value] of descriptor)
      if (key.startsWith('FontFile') && isReference(value)) programs.add(value.num);
  }
  return programs;
}

function isReference(value: unknown): value is { readonly num: number } {
  return typeof value === 'object' && value !== null && 'num' in value && typeof value.num === 'number';
}

/** Returns the readers that show something else. */
async function compare(): Promise<string[]> {
  const found = await Promise.all(
    READERS.map(async ([name, command, args]) => {
      const [whole, subset] = [await shown(command, args(places.whole)), await shown(command, args(places.subset))];
      return whole === subset ? [] : [name];
    }),
  );
  return found.flat();
}

/** A digest of what a reader printed, and its exit status. */
async function shown(command: string, args: readonly string[]): Promise<string> {
  const { status, stdout } = await runReader(command, args);
  return `${status} ${createHash('sha256').update(stdout).digest('hex')}`;
}
