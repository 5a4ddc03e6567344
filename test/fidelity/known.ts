import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { COLUMNS } from './columns/columns.js';
import type { Column } from './columns/columns.js';
import { readFacts } from './facts/facts.js';
import type { Facts } from './facts/facts.js';
import { seeWithPdfJs } from './second-reader.js';
import type { Seen } from './second-reader.js';
import type { Source } from './source.js';

/** A document and what both readers find in it. */
export interface Known {
  readonly bytes: Buffer;
  readonly facts: Facts;
  readonly seen: Seen;
}

/** Faults by column. */
export type Missing = Readonly<Record<Column, readonly string[]>>;

/**
 * Reads documents with both readers, in their order. pdf.js reads all in one process, because its start takes most of
 * the time.
 */
export async function know(documents: readonly Buffer[]): Promise<Known[]> {
  return withFiles(documents, async (paths) => {
    const seen = await seeWithPdfJs(paths);
    const facts = await readEach(paths);
    return documents.flatMap((bytes, index): Known[] => {
      const [ofGraph, ofPdfJs] = [facts[index], seen[index]];
      return ofGraph && ofPdfJs ? [{ bytes, facts: ofGraph, seen: ofPdfJs }] : [];
    });
  });
}

/** Returns what qpdf finds in a document, without pdf.js. */
export async function factsOf(bytes: Buffer): Promise<Facts> {
  const [facts] = await withFiles([bytes], readEach);
  if (!facts) throw new Error('qpdf said nothing');
  return facts;
}

async function readEach(paths: readonly string[]): Promise<Facts[]> {
  const facts: Facts[] = [];
  for (const path of paths) facts.push(await readFacts(path));
  return facts;
}

async function withFiles<T>(documents: readonly Buffer[], work: (paths: readonly string[]) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'pdf-tools-fidelity-'));
  try {
    const paths = documents.map((_, index) => join(folder, `${index}.pdf`));
    for (const [index, path] of paths.entries()) await writeFile(path, documents[index] ?? '');
    return await work(paths);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Returns what a result lacks of its sources, by column. */
export function missingIn(sources: readonly (Source & { readonly seen: Seen })[], found: Known): Missing {
  const columns = Object.entries(COLUMNS).map(([column, check]) => [column, check(sources, found)]);
  return Object.fromEntries(columns) as Missing;
}
