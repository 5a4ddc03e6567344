import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { needsPassword, popplerPages, qpdfCheck, qpdfPages, render } from './readers.js';

/** Pages of each file that are rendered. */
export const RENDERED = 3;

/** What independent readers say of an input. Page counts are 0 where the reader cannot tell. */
export interface Known {
  readonly check: number;
  readonly qpdfPages: number;
  readonly popplerPages: number;
  readonly needsPassword: boolean;
  /** Renders of the first pages; none where poppler cannot. */
  readonly renders: readonly string[];
}

/** What readers say of a file, from the cache where they were asked before. */
export async function knowInput(path: string, cache: string): Promise<Known> {
  const bytes = await readFile(path);
  const hash = createHash('sha256').update(bytes).digest('hex');
  const folder = join(cache, hash.slice(0, 24));
  const place = join(folder, 'known.json');
  const cached = await readFile(place, 'utf8').catch(() => undefined);
  if (cached !== undefined) return JSON.parse(cached) as Known;
  // poppler believes a tree's /Count: more pages than the file has bytes are none that anybody counted.
  const credible = (count: number): number => (count > bytes.length ? 0 : count);
  await mkdir(folder, { recursive: true });
  const known: Known = {
    check: (await qpdfCheck(path)).status,
    qpdfPages: credible(await qpdfPages(path)),
    popplerPages: credible(await popplerPages(path)),
    needsPassword: await needsPassword(path),
    renders: await render(path, folder, RENDERED),
  };
  await writeFile(place, JSON.stringify(known));
  return known;
}

/** All PDF files below a folder in the order of their names. */
export async function listPdfs(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && /\.pdf$/i.test(entry.name));
  return files.map((entry) => join(entry.parentPath, entry.name)).sort();
}
