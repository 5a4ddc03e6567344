import { beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mergePdf from '@pdf-tools/operations/merge-pdf/definition';
import type { JsonObject } from '@pdf-tools/operations/operation';
import { everything } from '@pdf-tools/operations/testing/everything';
import { produce } from '@pdf-tools/operations/testing/workshop';
import { COLUMNS } from './columns/columns.js';
import type { Column } from './columns/columns.js';
import { readFacts } from './facts/facts.js';
import type { Facts } from './facts/facts.js';
import { seeWithPdfJs } from './second-reader.js';
import type { Seen } from './second-reader.js';
import { table } from './table.js';

/** A file of a merge by the name of its document, and the pages taken of it, from 0, as `items` writes them. */
interface Part {
  readonly document: 'A' | 'B' | 'C';
  readonly take?: { readonly pages: string; readonly kept: readonly number[] };
  readonly title?: string;
}

/** B has five pages and gives three names another meaning; A and C differ in their label alone. */
const DOCUMENTS = {
  A: { label: 'A' },
  B: { label: 'B', pages: 5, otherMeanings: true },
  C: { label: 'C' },
} as const;

const MERGES: Readonly<Record<string, readonly Part[]>> = {
  'one alone': [{ document: 'A' }],
  'one with itself': [{ document: 'A' }, { document: 'A' }],
  'two that collide': [{ document: 'A' }, { document: 'B' }],
  'pages of three': [
    { document: 'A', take: { pages: '1-2', kept: [0, 1] }, title: 'The first part' },
    { document: 'B', take: { pages: '2-4', kept: [1, 2, 3] } },
    { document: 'C', take: { pages: 'r1,1', kept: [3, 0] } },
  ],
};

interface Known {
  readonly bytes: Buffer;
  readonly facts: Facts;
  readonly seen: Seen;
}

type Missing = Readonly<Record<Column, readonly string[]>>;

const missing = new Map<string, Missing>();
const reports = new Map<string, JsonObject>();

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'pdf-tools-fidelity-'));
  try {
    const known = new Map<string, Known>();
    for (const [name, options] of Object.entries(DOCUMENTS))
      known.set(name, await know(folder, await everything(options)));
    for (const [name, parts] of Object.entries(MERGES)) missing.set(name, await merge(folder, { name, parts, known }));
  } finally {
    await rm(folder, { recursive: true });
  }
  process.stderr.write(`\n${table(missing)}\n\n`);
});

async function know(folder: string, bytes: Buffer): Promise<Known> {
  const path = join(folder, 'file.pdf');
  await writeFile(path, bytes);
  const [facts, [seen]] = await Promise.all([readFacts(path), seeWithPdfJs([path])]);
  if (!seen) throw new Error('pdf.js saw nothing');
  return { bytes, facts, seen };
}

async function merge(
  folder: string,
  { name, parts, known }: { name: string; parts: readonly Part[]; known: ReadonlyMap<string, Known> },
): Promise<Missing> {
  let offset = 0;
  const files: [string, Buffer][] = [];
  const sources = parts.map(({ document, take, title }) => {
    const { bytes, facts, seen } = known.get(document) ?? fail(document);
    files.push([`${document}.pdf`, bytes]);
    const kept = take?.kept ?? facts.pages.map((_, page) => page);
    const source = { facts, seen, kept, offset, name: `${document}.pdf`, title };
    offset += kept.length;
    return source;
  });
  const items = parts.map(({ take, title }, file) => ({ file, title, pages: take?.pages }));
  const params = parts.some(({ take }) => take) ? { items: JSON.stringify(items) } : {};
  const { bytes, result } = await produce(mergePdf, files, { params });
  reports.set(name, result.report);
  const found = await know(folder, bytes);
  const columns = Object.entries(COLUMNS).map(([column, check]) => [column, check(sources, found)]);
  return Object.fromEntries(columns) as Missing;
}

function fail(document: string): never {
  throw new Error(`there is no document ${document}`);
}

describe.each(Object.keys(MERGES))('merging %s', (name) => {
  it.each(Object.keys(COLUMNS))('loses nothing of %s', (column) => {
    expect(missing.get(name)?.[column as Column]).toEqual([]);
  });
});

describe('the report of a merge', () => {
  it('names what was renamed', () => {
    const report = JSON.stringify(reports.get('two that collide'));
    for (const name of ['total', 'address', 'chapter', 'section', 'head']) expect(report).toContain(name);
  });

  it('says that signatures lost their values', () => {
    expect(JSON.stringify(reports.get('one alone'))).toMatch(/signature/i);
  });
});
