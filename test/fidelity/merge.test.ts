import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import mergePdf from '@pdf-tools/operations/merge-pdf/definition';
import type { JsonObject } from '@pdf-tools/operations/operation';
import { everything } from '@pdf-tools/harness/documents/everything';
import { produce } from '@pdf-tools/harness/documents/workshop';
import { COLUMNS } from './columns/columns.js';
import type { Column } from './columns/columns.js';
import { know, missingIn } from './known.js';
import type { Known, Missing } from './known.js';
import type { Source } from './source.js';
import { table } from './table.js';

/** A file of a merge by the name of its document, and the pages taken of it, from 0, as `items` writes them. */
interface Part {
  readonly document: 'A' | 'B' | 'C';
  readonly take?: { readonly pages: string; readonly kept: readonly number[] };
  readonly title?: string;
}

/** B has five pages and gives three names another meaning. A and C differ only in their label. */
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

const missing = new Map<string, Missing>();
const reports = new Map<string, JsonObject>();

jest.setTimeout(240_000);

beforeAll(async () => {
  const inputs = await know(await Promise.all(Object.values(DOCUMENTS).map(everything)));
  const known = new Map(Object.keys(DOCUMENTS).map((name, index) => [name, inputs[index]]));
  const merges = Object.entries(MERGES).map(([name, parts]) => ({ name, parts, sources: sourcesOf(parts, known) }));
  const results: Buffer[] = [];
  for (const { name, parts, sources } of merges) {
    const items = parts.map(({ take, title }, file) => ({ file, title, pages: take?.pages }));
    const params = parts.some(({ take }) => take) ? { items: JSON.stringify(items) } : {};
    const { bytes, result } = await produce(
      mergePdf,
      sources.map((source) => [source.name, source.bytes] as const),
      { params },
    );
    reports.set(name, result.report);
    results.push(bytes);
  }
  for (const [index, found] of (await know(results)).entries()) {
    const { name, sources } = merges[index] ?? { name: '', sources: [] };
    missing.set(name, missingIn(sources, found));
  }
  process.stderr.write(`\n${table(missing)}\n\n`);
});

function sourcesOf(parts: readonly Part[], documents: ReadonlyMap<string, Known | undefined>): (Source & Known)[] {
  let offset = 0;
  return parts.map(({ document, take, title }) => {
    const known = documents.get(document);
    if (!known) throw new Error(`there is no document ${document}`);
    const kept = take?.kept ?? known.facts.pages.map((_, page) => page);
    const source = { ...known, kept, offset, name: `${document}.pdf`, title };
    offset += kept.length;
    return source;
  });
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
