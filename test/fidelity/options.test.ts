import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mergePdf from '@pdf-tools/operations/merge-pdf/definition';
import { everything } from '@pdf-tools/harness/documents/everything';
import { produce } from '@pdf-tools/harness/documents/workshop';
import { ask } from '../corpus/readers.js';
import type { Facts } from './facts/facts.js';
import { factsOf } from './known.js';

const documents: Record<string, Buffer> = {};

jest.setTimeout(240_000);

beforeAll(async () => {
  for (const label of ['A', 'B']) documents[label] = await everything({ label });
});

/** Merges A and B and reads the result. */
async function merged(params: Readonly<Record<string, unknown>>): Promise<Facts> {
  const files = ['A.pdf', 'B.pdf'].map((name) => [name, documents[name.charAt(0)] ?? Buffer.alloc(0)] as const);
  const { bytes } = await produce(mergePdf, files, { params });
  return factsOf(bytes);
}

async function textOfFirstPage(bytes: Buffer): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'pdf-tools-toc-'));
  try {
    const path = join(folder, 'merged.pdf');
    await writeFile(path, bytes);
    return (await ask('pdftotext', ['-l', '1', path, '-'])).text;
  } finally {
    await rm(folder, { recursive: true });
  }
}

const items = (...list: readonly object[]): { items: string } => ({ items: JSON.stringify(list) });
const marks = ({ pages }: Facts): string[] => pages.map(({ mark }) => mark);
const titles = ({ outline }: Facts): string[] => outline.map(({ title }) => title);

describe('bookmarks', () => {
  it('none makes no outline', async () => {
    expect(titles(await merged({ bookmarks: 'none' }))).toEqual([]);
  });

  it('preserve joins the outlines and keeps their targets', async () => {
    const facts = await merged({ bookmarks: 'preserve' });
    expect(facts.outline.map(({ title, page }) => [title, page])).toEqual([
      ['A part one', 0],
      ['A part two', 2],
      ['B part one', 4],
      ['B part two', 6],
    ]);
    expect(facts.outline.map((item) => item.items.length)).toEqual([2, 2, 2, 2]);
  });

  it('filenames makes only one item for each file', async () => {
    const facts = await merged({ bookmarks: 'filenames' });
    expect(facts.outline.map(({ title, page }) => [title.replace('.pdf', ''), page])).toEqual([
      ['A', 0],
      ['B', 4],
    ]);
    expect(facts.outline.flatMap((item) => item.items)).toEqual([]);
  });
});

describe('items', () => {
  it('take pages from the end, to the end and more than once', async () => {
    const found = await merged(items({ file: 1, pages: 'r1,3-' }, { file: 0, pages: '2,2' }));
    expect(marks(found)).toEqual(['B page 4', 'B page 3', 'B page 4', 'A page 2', 'A page 2']);
    expect(found.danglers).toEqual([]);
  });

  it('rotate in addition to the rotation of the page', async () => {
    const facts = await merged(items({ file: 0, pages: '2-3', rotate: 90 }));
    expect(facts.pages.map(({ geometry }) => (JSON.parse(geometry) as unknown[])[2])).toEqual([90, 180]);
  });

  it.each([
    ['a page that is not there', items({ file: 0, pages: '5' }), 'invalid_range'],
    ['a range that is none', items({ file: 0, pages: '2-x' }), 'invalid_range'],
    ['a file that is not there', items({ file: 2 }), 'invalid_params'],
  ])('refuse %s', async (_, params, code) => {
    await expect(merged(params)).rejects.toMatchObject({ code });
  });
});

describe('the order of pages', () => {
  it('pad_to_even adds a blank page of the neighbour’s size after an odd file', async () => {
    const facts = await merged({ ...items({ file: 0, pages: '1-3' }, { file: 1 }), pad_to_even: true });
    expect(facts.pages.map(({ mark }) => mark)).toEqual([
      ...['A page 1', 'A page 2', 'A page 3', ''],
      ...['B page 1', 'B page 2', 'B page 3', 'B page 4'],
    ]);
    expect(facts.pages[3]?.geometry).toBe(facts.pages[2]?.geometry);
  });

  it('collate takes a page of each file in turn', async () => {
    const found = await merged({ ...items({ file: 0 }, { file: 1, pages: '1-2' }), collate: true });
    expect(marks(found)).toEqual(['A page 1', 'B page 1', 'A page 2', 'B page 2', 'A page 3', 'A page 4']);
  });
});

describe('toc', () => {
  it('is a page before the others that links to the first page of each file', async () => {
    const facts = await merged({ toc: true });
    expect(facts.pages.map(({ mark }) => mark).slice(0, 2)).toEqual(['', 'A page 1']);
    const targets = facts.links.filter(({ page }) => page === 0).map(({ target }) => target);
    expect(targets).toEqual([1, 5]);
    expect(facts.labels.slice(1, 3)).toEqual(['iii', 'iv']);
  });

  it.each([
    ['Übersicht', 'Übersicht'],
    ['Żółć 2026', 'Żółć 2026'],
    ['Отчёт за май', 'Отчёт за май'],
    ['Έκθεση', 'Έκθεση'],
    ['報告 5', '?? 5'],
  ])('names %s as %s', async (name, shown) => {
    const files = [`${name}.pdf`, 'B.pdf'].map((each) => [each, documents.B ?? Buffer.alloc(0)] as const);
    const { bytes } = await produce(mergePdf, files, { params: { toc: true } });
    expect(await textOfFirstPage(bytes)).toContain(shown);
  });
});
