import { describe, expect, it } from '@jest/globals';
import { PDFArray, PDFDict, PDFDocument, PDFHexString, PDFName, PDFString } from 'pdf-lib';
import type { PDFObject, PDFPage } from 'pdf-lib';
import { documentOf } from '@pdf-tools/harness/documents/documents';
import { produce } from '@pdf-tools/harness/documents/workshop';
import operation from './definition.js';

type Files = readonly (readonly [name: string, bytes: Uint8Array])[];

const merge = async (files: Files, params: Readonly<Record<string, unknown>>): Promise<PDFDocument> =>
  PDFDocument.load((await produce(operation, files, { params })).bytes);
const widths = (document: PDFDocument): number[] => document.getPages().map((page) => page.getWidth());
const pages = async (...sizes: number[]): Promise<Buffer> => documentOf(...sizes);

/** The outline as text: titles with nested items in brackets, and the width of each target page. */
function outline(document: PDFDocument): string {
  const root = document.catalog.lookupMaybe(PDFName.of('Outlines'), PDFDict);
  return root ? list(document, root) : 'none';
}

function list(document: PDFDocument, parent: PDFDict): string {
  const titles: string[] = [];
  for (let item = parent.lookupMaybe(PDFName.of('First'), PDFDict); item;) {
    const below = item.has(PDFName.of('First')) ? ` [${list(document, item)}]` : '';
    const target = item.lookup(PDFName.of('Dest'), PDFArray).get(0);
    titles.push(`${text(item.lookup(PDFName.of('Title')))} -> ${pageAt(document, target).getWidth()}${below}`);
    item = item.lookupMaybe(PDFName.of('Next'), PDFDict);
  }
  return titles.join(', ');
}

const text = (title: PDFObject | undefined): string =>
  title instanceof PDFString || title instanceof PDFHexString ? title.decodeText() : '?';

function pageAt(document: PDFDocument, ref: PDFObject | undefined): PDFPage {
  const page = document.getPages().find((each) => each.ref === ref);
  if (!page) throw new Error(`${String(ref)} is no page of the result`);
  return page;
}

async function withOutline(...sizes: number[]): Promise<Buffer> {
  const document = await PDFDocument.load(await pages(...sizes));
  const { context } = document;
  const root = context.nextRef();
  const refs = sizes.map(() => context.nextRef());
  for (const [at, ref] of refs.entries()) {
    const item = { Title: PDFString.of(`to ${sizes[at] ?? 0}`), Parent: root, Dest: [document.getPage(at).ref, 'Fit'] };
    const [Prev, Next] = [refs[at - 1], refs[at + 1]];
    context.assign(ref, context.obj({ ...item, ...(Prev && { Prev }), ...(Next && { Next }) }));
  }
  const [First, Last] = [refs[0] ?? root, refs.at(-1) ?? root];
  context.assign(root, context.obj({ Type: 'Outlines', First, Last, Count: refs.length }));
  document.catalog.set(PDFName.of('Outlines'), root);
  return Buffer.from(await document.save());
}

describe('items', () => {
  it('take pages of files in any order, repeatedly and rotated', async () => {
    const files: Files = [
      ['a.pdf', await pages(200, 202, 204)],
      ['b.pdf', await pages(300)],
    ];
    const items = [{ file: 1 }, { file: 0, pages: 'r1,1-2', rotate: 90 }, { file: 0, pages: '1' }];
    const document = await merge(files, { items: JSON.stringify(items) });
    expect(widths(document)).toEqual([300, 204, 200, 202, 200]);
    expect(document.getPages().map((page) => page.getRotation().angle)).toEqual([0, 90, 90, 90, 0]);
    const refs = document.getPages().map(({ ref }) => ref);
    expect(new Set(refs).size).toBe(5);
  });

  it('add the rotation to that of the page', async () => {
    const items = [
      { file: 0, rotate: 270 },
      { file: 0, rotate: -90 },
      { file: 0, rotate: 180 },
    ];
    const document = await merge([['a.pdf', await pages(201)]], { items });
    expect(document.getPages().map((page) => page.getRotation().angle)).toEqual([0, 0, 270]);
  });

  it('reject a range outside the file and name it', async () => {
    const files: Files = [
      ['a.pdf', await pages(200)],
      ['b.pdf', await pages(300, 302)],
    ];
    await expect(produce(operation, files, { params: { items: '[{"file":1,"pages":"2-3"}]' } })).rejects.toMatchObject({
      code: 'invalid_range',
      errors: [{ file: 'b.pdf', index: 1, message: 'has 2 pages; page 3 does not exist' }],
    });
  });

  it('reject a file that was not sent and name it', async () => {
    const files: Files = [['a.pdf', await pages(200)]];
    await expect(produce(operation, files, { params: { items: [{ file: 1 }] } })).rejects.toMatchObject({
      code: 'invalid_params',
      errors: [{ param: 'items' }],
    });
  });

  it.each(['{', '{}', '[{"file":-1}]', '[{"file":0,"rotate":45}]', '[{"file":0,"page":"1"}]'])(
    'are refused as %s',
    (items) => {
      expect(operation.params.safeParse({ items }).success).toBe(false);
    },
  );
});

describe('bookmarks', () => {
  const both = async (): Promise<Files> => [
    ['one.pdf', await withOutline(200, 202)],
    ['two.pdf', await withOutline(300)],
  ];

  it('are nested under one bookmark for each file', async () => {
    expect(outline(await merge(await both(), {}))).toBe(
      'one -> 200 [to 200 -> 200, to 202 -> 202], two -> 300 [to 300 -> 300]',
    );
  });

  it('are preserved', async () => {
    expect(outline(await merge(await both(), { bookmarks: 'preserve' }))).toBe(
      'to 200 -> 200, to 202 -> 202, to 300 -> 300',
    );
  });

  it('have one entry for each file with filenames', async () => {
    expect(outline(await merge(await both(), { bookmarks: 'filenames' }))).toBe('one -> 200, two -> 300');
  });

  it('are omitted with none', async () => {
    expect(outline(await merge(await both(), { bookmarks: 'none' }))).toBe('none');
  });

  it('follow the parts of a file, each under its title', async () => {
    const items = [
      { file: 0, pages: '2', title: 'Später' },
      { file: 0, pages: '1', title: 'Früher' },
    ];
    const files: Files = [['one.pdf', await withOutline(200, 202, 204)]];
    expect(outline(await merge(files, { items }))).toBe('Später -> 202 [to 202 -> 202], Früher -> 200 [to 200 -> 200]');
  });
});

describe('order of pages', () => {
  it('follows file names with natural sorting', async () => {
    const files: Files = [
      ['scan 10.pdf', await pages(210)],
      ['scan 9.pdf', await pages(208)],
      ['Scan 1.pdf', await pages(200)],
    ];
    expect(widths(await merge(files, { order: 'natural' }))).toEqual([200, 208, 210]);
    expect(widths(await merge(files, {}))).toEqual([210, 208, 200]);
  });

  it('alternates between files with collate', async () => {
    const files: Files = [
      ['fronts.pdf', await pages(200, 202, 204)],
      ['backs.pdf', await pages(300, 302)],
    ];
    expect(widths(await merge(files, { collate: true }))).toEqual([200, 300, 202, 302, 204]);
  });

  it('starts each file on an odd page after a blank page of the same size', async () => {
    const files: Files = [
      ['a.pdf', await pages(201)],
      ['b.pdf', await pages(300, 302)],
      ['c.pdf', await pages(400)],
    ];
    const document = await merge(files, { pad_to_even: true });
    expect(widths(document)).toEqual([201, 201, 300, 302, 400, 400]);
    expect(document.getPage(1).getRotation().angle).toBe(90);
    expect(document.getPage(1).node.Contents()).toBeUndefined();
  });
});

describe('toc', () => {
  it('links each file to its first page and counts its own pages', async () => {
    const files: Files = [
      ['first.pdf', await pages(595, 595)],
      ['second.pdf', await pages(300)],
    ];
    const { bytes, result } = await produce(operation, files, { params: { toc: true } });
    const document = await PDFDocument.load(bytes);
    expect(result.pages).toBe(4);
    expect(document.getPageCount()).toBe(4);
    const links = document.getPage(0).node.Annots()?.asArray() ?? [];
    const targets = links.map((link) =>
      document.context.lookup(link, PDFDict).lookup(PDFName.of('Dest'), PDFArray).get(0),
    );
    expect(targets.map((ref) => document.getPages().findIndex((page) => page.ref === ref))).toEqual([1, 3]);
  });

  it('takes as many pages as it needs', async () => {
    const file = await pages(595);
    const files = Array.from({ length: 90 }, (_none, at) => [`file ${at}.pdf`, file] as const);
    const document = await merge(files, { toc: true });
    const contents = document.getPages().filter((page) => (page.node.Annots()?.size() ?? 0) > 0);
    expect(contents.map((page) => page.node.Annots()?.size())).toEqual([34, 36, 20]);
    expect(document.getPageCount()).toBe(93);
  });
});
