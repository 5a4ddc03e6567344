import { describe, expect, it } from '@jest/globals';
import { PdfDict, PdfRef, pageDict, readPageTree, serialize } from '@pdf-tools/pdf';
import type { PdfFile, PdfObject } from '@pdf-tools/pdf';
import { pagesPdf } from '@pdf-tools/harness/documents/pages-pdf';
import { openBytes } from '@pdf-tools/harness/documents/pdf-folder';
import { produce } from '@pdf-tools/harness/documents/workshop';
import operation from '../definition.js';
import { findDestination, readDestinationNames } from './destination.js';

const PLAIN = pagesPdf('PLAIN', 2);

/** A document with three pages. The first has links with these entries. */
function linked(links: readonly string[], catalog = '', objects: Readonly<Record<number, string>> = {}): Buffer {
  const annots = links.map((_link, at) => `${50 + at} 0 R`).join(' ');
  return pagesPdf('LINKS', 3, {
    catalog,
    page: (at) => (at === 0 ? `/Annots [${annots}]` : ''),
    objects: {
      ...Object.fromEntries(
        links.map((link, at) => [50 + at, `<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] ${link} >>`]),
      ),
      ...objects,
    },
  });
}

async function merge(files: readonly Buffer[], params: Readonly<Record<string, unknown>> = {}): Promise<PdfFile> {
  const named = files.map((bytes, at) => [`${at}.pdf`, bytes] as const);
  return openBytes((await produce(operation, named, { params })).bytes);
}

/** The page, from 0, that a destination, a link or an action leads to, or -1. */
function pageOf(file: PdfFile, value: PdfObject | undefined): number {
  const resolved = file.resolve(value);
  if (resolved instanceof PdfDict) return pageOf(file, resolved.get('Dest') ?? resolved.get('A') ?? resolved.get('D'));
  if (Array.isArray(resolved)) {
    const [page] = resolved;
    return readPageTree(file).pages.findIndex(({ num }) => page instanceof PdfRef && page.num === num);
  }
  const names = readDestinationNames(file);
  const token = serialize(resolved);
  const kind = token.startsWith('/') ? 'name' : 'string';
  const name = token.replace(/^[/(]|\)$/g, '');
  return token === 'null' ? -1 : pageOf(file, findDestination(names, { kind, name })?.value);
}

/** The target pages of the links on a page of the result. */
function linksOf(file: PdfFile, page: number): number[] {
  const entry = readPageTree(file).pages[page];
  const annots = entry ? file.resolve(pageDict(file, entry).get('Annots')) : null;
  return Array.isArray(annots) ? annots.map((annot) => pageOf(file, annot)) : [];
}

describe('destinations with page numbers', () => {
  it('lead to pages of their own file in links, actions and indirect arrays', async () => {
    const links = ['/Dest [1 /Fit]', '/A << /S /GoTo /D [2 /XYZ 0 792 0] >>', '/Dest 60 0 R', '/A 61 0 R'];
    const objects = { 60: '[2 /Fit]', 61: '<< /S /GoTo /D 60 0 R >>' };
    const result = await merge([PLAIN, linked(links, '', objects)]);
    expect(linksOf(result, 2)).toEqual([3, 4, 4, 4]);
  });

  it('lead to pages of their own file in outlines, names and the open action', async () => {
    const catalog =
      '/Outlines 40 0 R /OpenAction [1 /Fit] /Dests << /old [1 /Fit] >> /Names << /Dests << /Names [(array) [1 /Fit] (dict) << /D [2 /Fit] >>] >> >>';
    const objects = {
      40: '<< /First 41 0 R /Last 42 0 R /Count 2 >>',
      41: '<< /Title (two) /Parent 40 0 R /Next 42 0 R /Dest [1 /Fit] >>',
      42: '<< /Title (three) /Parent 40 0 R /Prev 41 0 R /A << /S /GoTo /D [2 /Fit] >> >>',
    };
    const links = ['/Dest (array)', '/Dest (dict)', '/Dest /old'];
    const document = linked(links, catalog, objects);
    const first = await merge([document, PLAIN]);
    expect(linksOf(first, 0)).toEqual([1, 2, 1]);
    expect(pageOf(first, first.catalog.get('OpenAction'))).toBe(1);
    const second = await merge([PLAIN, document], { bookmarks: 'preserve' });
    expect(linksOf(second, 2)).toEqual([3, 4, 3]);
    const outline = second.catalogEntry('Outlines');
    const item = outline instanceof PdfDict ? second.resolve(outline.get('First')) : null;
    const next = item instanceof PdfDict ? item.get('Next') : null;
    expect([pageOf(second, item), pageOf(second, next)]).toEqual([3, 4]);
  });

  it('are unchanged in actions that lead to other files', async () => {
    const remote = '/A << /S /GoToR /F (other.pdf) /D [1 /Fit] >>';
    const embedded = '/A << /S /GoToE /T << /R /C /N (a.pdf) >> /D [1 /Fit] >>';
    const result = await merge([PLAIN, linked([remote, embedded])]);
    const entry = readPageTree(result).pages[2];
    const annots = entry ? result.resolve(pageDict(result, entry).get('Annots')) : null;
    const texts = Array.isArray(annots) ? annots.map((annot) => serialize(result.resolve(annot))) : [];
    expect(texts.map((text) => /\/D\s?\[1\s?\/Fit\]/.test(text))).toEqual([true, true]);
  });

  it('are removed if their page does not exist or is not taken', async () => {
    const document = linked(['/Dest [9 /Fit]', '/Dest [-1 /Fit]', '/Dest [1 /Fit]', '/Dest [2 /Fit]']);
    const whole = await merge([PLAIN, document]);
    expect(linksOf(whole, 2)).toEqual([-1, -1, 3, 4]);
    const items = JSON.stringify([{ file: 0 }, { file: 1, pages: '1,3' }]);
    expect(linksOf(await merge([PLAIN, document], { items }), 2)).toEqual([-1, -1, -1, 3]);
  });

  it('are removed from the open action if their page is not taken', async () => {
    const items = JSON.stringify([{ file: 0, pages: '1' }]);
    const result = await merge([linked([], '/OpenAction [2 /Fit]')], { items });
    expect(result.catalog.has('OpenAction')).toBe(false);
  });
});

describe('named destinations', () => {
  const strings = (page: number): string => `/Names << /Dests << /Names [(same) [${10 + page} 0 R /Fit]] >> >>`;
  const names = (page: number): string => `/Dests << /same [${10 + page} 0 R /Fit] >>`;

  it('are found under a name of the other kind', async () => {
    const asString = linked(['/Dest (same)', '/A << /S /GoTo /D (same) >>'], names(1));
    const asName = linked(['/Dest /same', '/A << /S /GoTo /D /same >>'], strings(2));
    const result = await merge([asString, asName, asString]);
    expect([0, 3, 6].map((page) => linksOf(result, page))).toEqual([
      [1, 1],
      [5, 5],
      [7, 7],
    ]);
  });

  it('do not use a name twice, because readers look in both places', async () => {
    const result = await merge([linked(['/Dest /same'], names(1)), linked(['/Dest (same)'], strings(2))]);
    const found = readDestinationNames(result);
    expect([...found.name.keys()]).toEqual(['same']);
    expect([...found.string.keys()]).toEqual(['same_2']);
    expect([0, 3].flatMap((page) => linksOf(result, page))).toEqual([1, 5]);
  });

  it('share a name within a file only if they lead to the same place', async () => {
    const same = readDestinationNames(await merge([linked([], names(1) + strings(1))]));
    expect([[...same.name.keys()], [...same.string.keys()]]).toEqual([['same'], ['same']]);
    const document = linked(['/Dest /same', '/Dest (same)'], names(1) + strings(2));
    expect(linksOf(await merge([document]), 0)).toEqual([1, 2]);
  });

  it('that do not exist are removed and do not lead into another file', async () => {
    const result = await merge([linked(['/Dest (same)']), linked([], strings(1))]);
    expect(linksOf(result, 0)).toEqual([-1]);
  });
});

describe('named structure destinations', () => {
  it('keep their element and their page', async () => {
    const catalog =
      '/StructTreeRoot 60 0 R /Names << /Dests << /Names [(s) << /D [11 0 R /Fit] /SD [61 0 R /Fit] >>] >> >>';
    const objects = {
      60: '<< /Type /StructTreeRoot /K [61 0 R] >>',
      61: '<< /Type /StructElem /S /P /P 60 0 R /Pg 11 0 R /K [] >>',
    };
    const result = await merge([PLAIN, linked([], catalog, objects)]);
    const value = result.resolve(readDestinationNames(result).string.get('s'));
    if (!(value instanceof PdfDict)) throw new TypeError('no dictionary');
    expect(pageOf(result, value.get('D'))).toBe(3);
    const structure = result.resolve(value.get('SD'));
    const element = Array.isArray(structure) ? result.resolve(structure[0]) : null;
    expect(element instanceof PdfDict && serialize(element.get('S') ?? null)).toBe('/P');
  });
});
