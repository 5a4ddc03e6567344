import { deflateSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { PDFDocument } from 'pdf-lib';
import type { PDFContext, PDFDict } from 'pdf-lib';
import { Fault } from '../fault.js';
import { findCatalog, loadObjects } from './load.js';
import { mendReferences } from './mend-references.js';
import { mendTree } from './mend-tree.js';
import { readPageTree } from './page-tree.js';
import { screenPdf } from './screen.js';
import { isSound } from './sound.js';

const MEBIBYTE = 2 ** 20;

/** Objects by number as a file with a table; `trailer` is added to its trailer. */
function file(objects: Readonly<Record<number, string>>, trailer = '/Root 1 0 R'): Buffer {
  let body = '%PDF-1.7\n';
  const rows = ['0000000000 65535 f '];
  for (const [number, text] of Object.entries(objects)) {
    rows[Number(number)] = `${String(body.length).padStart(10, '0')} 00000 n `;
    body += `${number} 0 obj\n${text}\nendobj\n`;
  }
  const table = `xref\n0 ${rows.length}\n${rows.join('\n')}\ntrailer\n<</Size ${rows.length}${trailer}>>\n`;
  return Buffer.from(`${body}${table}startxref\n${body.length}\n%%EOF\n`, 'latin1');
}

const PAGE = '<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>';
const BASE = { 1: '<</Type/Catalog/Pages 2 0 R>>', 2: '<</Type/Pages/Kids[3 0 R]/Count 1>>', 3: PAGE };

const stream = (dict: string, data: Buffer): string =>
  `<<${dict}/Length ${data.length}>>\nstream\n${data.toString('latin1')}\nendstream`;

async function open(bytes: Buffer): Promise<{ context: PDFContext; catalog: PDFDict }> {
  const context = await loadObjects(bytes);
  return { context, catalog: findCatalog(context) };
}

async function treeOf(bytes: Buffer) {
  const { context, catalog } = await open(bytes);
  return readPageTree(context, catalog);
}

/** Code of the fault that `screenPdf` finds. */
function codeOf(bytes: Buffer): string | undefined {
  try {
    screenPdf(bytes);
    return undefined;
  } catch (thrown) {
    return thrown instanceof Fault ? thrown.code : String(thrown);
  }
}

describe('the look at the raw bytes', () => {
  const zeros = deflateSync(Buffer.alloc(65 * MEBIBYTE));

  it('lets an honest file pass', async () => {
    expect(codeOf(file(BASE))).toBeUndefined();
    const document = await PDFDocument.create();
    document.addPage();
    const bytes = Buffer.from(await document.save());
    expect(codeOf(bytes)).toBeUndefined();
  });

  it.each([
    ['an object stream of 65 MiB', stream('/Type/ObjStm/N 1/First 4/Filter/FlateDecode', zeros), 'upload_too_large'],
    ['its name spelled with an escape', stream('/Type/Obj#53tm/N 1/Filter[/Fl]', zeros), 'upload_too_large'],
    ['two layers', stream('/Type/ObjStm/Filter[/Fl/FlateDecode]', deflateSync(zeros)), 'upload_too_large'],
    ['fields of 9 bytes', stream('/Type/XRef/W[1 9 1]/Size 4', Buffer.alloc(11)), 'corrupt_pdf'],
    ['fields of no bytes', stream('/Type/XRef/W[0 0 0]/Size 4', Buffer.alloc(1)), 'corrupt_pdf'],
    ['too many rows', stream('/Type/XRef/W[1 2 1]/Index[0 9000000]/Size 4', Buffer.alloc(4)), 'corrupt_pdf'],
    ['rows that are not there', stream('/Type/XRef/W[1 2 1]/Size 200000', Buffer.alloc(40)), 'corrupt_pdf'],
    ['a huge page', '<</Type/Page/MediaBox[0 0 1e9 10]>>', 'too_many_pixels'],
  ])('refuses %s', (_what, object, code) => {
    expect(codeOf(file({ ...BASE, 4: object }))).toBe(code);
  });

  it('bounds all streams together', () => {
    const big = deflateSync(Buffer.alloc(60 * MEBIBYTE));
    const streams = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, i) => [4 + i, stream('/Type/ObjStm/Filter/Fl', big)]));
    expect(codeOf(file({ ...BASE, ...streams(4) }))).toBeUndefined();
    expect(codeOf(file({ ...BASE, ...streams(5) }))).toBe('upload_too_large');
  });

  it('refuses a trailer without a catalog, and mends a lost one', async () => {
    await expect(open(file(BASE, ''))).rejects.toMatchObject({ code: 'corrupt_pdf' });
    const whole = file(BASE);
    expect((await treeOf(whole.subarray(0, whole.indexOf('xref')))).pages).toHaveLength(1);
  });
});

describe('the look at parsed streams', () => {
  it.each([
    ['data of 65 MiB', stream('/Filter/FlateDecode', deflateSync(Buffer.alloc(65 * MEBIBYTE))), 'upload_too_large'],
    [
      'an image of 1.1 gigapixels',
      stream('/Subtype/Image/Width 33000/Height 33000', Buffer.alloc(9)),
      'too_many_pixels',
    ],
    ['a chain of filters', stream(`/Filter[${'/AHx'.repeat(11)}]`, Buffer.alloc(9)), 'corrupt_pdf'],
    ['a huge predictor', stream('/Filter/Fl/DecodeParms<</Columns 99999999>>', Buffer.alloc(9)), 'corrupt_pdf'],
  ])('refuses %s', async (_what, object, code) => {
    await expect(open(file({ ...BASE, 4: object }))).rejects.toMatchObject({ code });
  });

  it('leaves an image alone that inflates to much', async () => {
    const image = stream('/Subtype/Image/Width 9/Filter/FlateDecode', deflateSync(Buffer.alloc(65 * MEBIBYTE)));
    expect((await treeOf(file({ ...BASE, 4: image }))).pages).toHaveLength(1);
  });
});

describe('the page tree', () => {
  const node = (kids: string, parent = ''): string => `<</Type/Pages/Kids[${kids}]/Count 1${parent}>>`;

  it('has the pages of a shared node at each of its places', async () => {
    const { pages, damaged } = await treeOf(file({ ...BASE, 2: node('4 0 R 4 0 R'), 4: node('3 0 R 3 0 R') }));
    expect(pages).toHaveLength(4);
    expect(damaged).toBe(false);
  });

  it('counts shared nodes: 10^9 pages in 9 nodes', async () => {
    const laughs = Object.fromEntries(
      Array.from({ length: 9 }, (_, i) => [10 + i, node(`${i === 8 ? 3 : 11 + i} 0 R `.repeat(10))]),
    );
    await expect(treeOf(file({ ...BASE, 2: node('10 0 R'), ...laughs }))).rejects.toMatchObject({
      code: 'too_many_pages',
    });
  });

  it('refuses 501 levels', async () => {
    const levels = (count: number) =>
      Object.fromEntries(
        Array.from({ length: count }, (_, i) => [10 + i, node(`${i === count - 1 ? 3 : 11 + i} 0 R`)]),
      );
    expect((await treeOf(file({ ...BASE, 2: node('10 0 R'), ...levels(499) }))).pages).toHaveLength(1);
    await expect(treeOf(file({ ...BASE, 2: node('10 0 R'), ...levels(500) }))).rejects.toMatchObject({
      code: 'corrupt_pdf',
    });
  });

  it.each([
    ['a node below itself', node('3 0 R 2 0 R')],
    ['a kid that is not there', node('3 0 R 99 0 R')],
    ['a root with a parent', node('3 0 R', '/Parent 2 0 R')],
  ])('is mended where it has %s', async (_what, root) => {
    const { context, catalog } = await open(file({ ...BASE, 2: root }));
    const { pages, damaged } = readPageTree(context, catalog);
    expect(damaged).toBe(true);
    mendTree(context, catalog, pages);
    expect(readPageTree(context, catalog)).toMatchObject({ damaged: false, pages: [expect.anything()] });
  });
});

describe('references', () => {
  it('that lead to themselves become null, chains their end', async () => {
    const { context } = await open(file({ ...BASE, 4: '4 0 R', 5: '6 0 R', 6: '(end)' }));
    expect(mendReferences(context)).toBe(true);
    const values = context.enumerateIndirectObjects().map(([ref, object]) => [ref.objectNumber, String(object)]);
    expect(values).toEqual(
      expect.arrayContaining([
        [4, 'null'],
        [5, '(end)'],
      ]),
    );
    expect(mendReferences(context)).toBe(false);
  });
});

describe('isSound', () => {
  const whole = file(BASE);
  const text = whole.toString('latin1');

  it('takes a whole file, and one with an earlier section', () => {
    expect(isSound(whole)).toBe(true);
    const start = text.indexOf('xref');
    const update = `xref\n0 0\ntrailer\n<</Size 4/Root 1 0 R/Prev ${start}>>\nstartxref\n${text.length}\n%%EOF\n`;
    expect(isSound(Buffer.from(text + update, 'latin1'))).toBe(true);
  });

  it.each([
    ['bytes before its header', ` ${text}`],
    ['no end', text.replace('%%EOF', '')],
    ['a start that is past the end', text.replace(/startxref\n\d+/, 'startxref\n99999')],
    ['a row that leads elsewhere', text.replace('0000000009', '0000000010')],
    ['rows that are not there', text.replace('xref\n0 4', 'xref\n0 999999')],
    ['a section before itself', text.replace('/Root', `/Prev ${text.indexOf('xref')}/Root`)],
    ['a huge size', text.replace('/Size 4', '/Size 2147483647')],
  ])('refuses %s', (_what, damaged) => {
    expect(isSound(Buffer.from(damaged, 'latin1'))).toBe(false);
  });
});
