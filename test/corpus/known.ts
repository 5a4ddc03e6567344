import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { featuresOf } from './features.js';
import type { Features } from './features.js';
import type { Renderer } from './frames.js';
import { keepRenders, writeWhole } from './kept-renders.js';
import type { KeptRenders } from './kept-renders.js';
import { longestSide, needsPassword, popplerPages, qpdfCheck, qpdfPages, wordsOf } from './readers.js';

/** What independent readers say about an input. Page counts are 0 if the reader cannot tell. */
export interface Known {
  /** The cache's folder for the file's content. */
  readonly folder: string;
  readonly bytes: number;
  readonly hash: string;
  readonly check: number;
  readonly qpdfPages: number;
  readonly popplerPages: number;
  readonly needsPassword: boolean;
  /** Resolution of all renders of the file and of its results. */
  readonly dpi: number;
}

/** Raise it if the cache's content gets another meaning. */
const CACHE_VERSION = 2;
const DPI = 72;
/** Pages with a longer side are rendered at a lower resolution. */
const MAX_SIDE_PIXELS = 2_400;
/** The longest side is looked for on the first pages. */
const MEASURED_PAGES = 1_000;

/** Returns what readers say about a file, from the cache if the same bytes were read before. */
export async function knowInput(path: string, cache: string): Promise<Known> {
  const bytes = await readFile(path);
  const hash = hashOf(bytes);
  const folder = join(cache, `${CACHE_VERSION}-${hash.slice(0, 24)}`);
  return cached(folder, 'known', async () => {
    // poppler believes the /Count of a page tree: a file has fewer pages than bytes.
    const credible = (count: number): number => (count > bytes.length ? 0 : count);
    const longest = await longestSide(path, MEASURED_PAGES);
    return {
      folder,
      bytes: bytes.length,
      hash,
      check: (await qpdfCheck(path)).status,
      qpdfPages: credible(await qpdfPages(path)),
      popplerPages: credible(await popplerPages(path)),
      needsPassword: await needsPassword(path),
      dpi: longest === 0 ? DPI : Math.max(1, Math.min(DPI, Math.floor((72 * MAX_SIDE_PIXELS) / longest))),
    };
  });
}

/** Returns the words of an input; null if poppler did not finish. */
export function knowWords(path: string, { folder }: Known): Promise<string[] | null> {
  return cached(folder, 'words', () => wordsOf(path));
}

/** Returns the document features of an input; null if qpdf cannot read its pages. */
export async function knowFeatures(path: string, known: Known): Promise<Features | null> {
  return known.qpdfPages === 0 ? null : cached(known.folder, 'features', () => featuresOf(path));
}

/** Returns the renders of the first pages of an input. */
export function knowRenders(
  path: string,
  { folder, dpi }: Known,
  { renderer, pages }: { renderer: Renderer; pages: number },
): Promise<KeptRenders> {
  const name = `${renderer}-${pages}`;
  return cached(folder, name, () => keepRenders(path, { renderer, pages, dpi }, join(folder, `${name}-pages`)));
}

/** Returns a value kept as JSON in a folder, or computes and keeps it. */
async function cached<T>(folder: string, name: string, compute: () => Promise<T>): Promise<T> {
  const place = join(folder, `${name}.json`);
  const kept = await readFile(place, 'utf8').catch(() => undefined);
  if (kept !== undefined) return JSON.parse(kept) as T;
  await mkdir(folder, { recursive: true });
  const value = await compute();
  await writeWhole(place, JSON.stringify(value));
  return value;
}

/** Returns the SHA-256 of some bytes in hexadecimal digits. */
export function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Returns all PDF files below a folder in the order of their names. */
export async function listPdfs(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && /\.pdf$/i.test(entry.name));
  return files.map((entry) => join(entry.parentPath, entry.name)).sort();
}
