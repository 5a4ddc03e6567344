import { describe, expect, it } from '@jest/globals';
import { everything } from '@pdf-tools/harness/documents/everything';
import { openBytes, writtenBytes } from '@pdf-tools/harness/documents/pdf-folder';
import { textPdf, textStream } from '@pdf-tools/harness/documents/text-pdf';
import { rewriteDocument } from '../copying/rewrite-document.js';
import { pageDict, readPageTree } from '../document/page-tree.js';
import { createEncryption } from '../encryption/create.js';
import type { Encryptor } from '../encryption/create.js';
import type { PdfFile } from '../file/pdf-file.js';
import { PdfDict, PdfRef, PdfStream, PdfString, isName } from '../syntax/objects.js';
import { linearize } from './linearize.js';

/** The linearized form of a document, as our writer writes it. */
function linearized(document: Buffer, encryption?: Encryptor): Buffer {
  return writtenBytes((path) => {
    const from = `${path}.plain`;
    rewriteDocument(openBytes(document), from);
    expect(linearize(from, path, { bodyPath: `${path}.body`, encryption })).toBeUndefined();
  });
}

/** A document with two pages. Their node has the attributes that they inherit. */
const INHERITING = textPdf({
  1: '<< /Type /Catalog /Pages 2 0 R >>',
  2: '<< /Type /Pages /Count 2 /Kids [3 0 R 5 0 R] /MediaBox [0 0 70 80] /Resources << /ExtGState << /G << /LW 3 >> >> >> >>',
  3: '<< /Type /Page /Parent 2 0 R /Contents 4 0 R >>',
  4: textStream('0 0 m 9 9 l S'),
  5: '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 7 8] /Contents 4 0 R >>',
});

/** The value of a key of the linearization dictionary, which is the first object. */
function parameter(bytes: Buffer, key: string): number {
  const dict = /obj\n(<<.*?>>)/.exec(bytes.toString('latin1', 0, 1024))?.[1] ?? '';
  return Number(new RegExp(`/${key} (\\d+)`).exec(dict)?.[1]);
}

function contentsOf(file: PdfFile): string[] {
  return readPageTree(file).pages.map((page) => {
    const stream = file.resolve(pageDict(file, page).get('Contents'));
    return stream instanceof PdfStream ? file.decoded(stream).bytes.toString('latin1') : '';
  });
}

describe('linearize', () => {
  it('writes the length of the file, its pages and the first page into the first object', () => {
    const bytes = linearized(INHERITING);
    const file = openBytes(bytes);
    const [first] = readPageTree(file).pages;
    expect(bytes.subarray(0, 40).toString('latin1')).toMatch(/^%PDF-1.7\n.*\n\d+ 0 obj\n<<\/Linearized 1/);
    expect(parameter(bytes, 'L')).toBe(bytes.length);
    expect(parameter(bytes, 'N')).toBe(2);
    expect(parameter(bytes, 'O')).toBe(first?.num);
    expect(file.wasRepaired).toBe(false);
  });

  it('ends the first page before the second one and begins the main cross-reference at /T', () => {
    const bytes = linearized(INHERITING);
    const text = bytes.toString('latin1');
    const [first = NaN, second = NaN] = readPageTree(openBytes(bytes)).pages.map(({ num }) =>
      text.indexOf(`\n${num} 0 obj`),
    );
    expect(first).toBeLessThan(parameter(bytes, 'E'));
    expect(second).toBeGreaterThanOrEqual(parameter(bytes, 'E') - 1);
    expect(text.slice(parameter(bytes, 'T'))).toMatch(/^\d+ 0 obj\n<<\/Type\/XRef/);
  });

  it('gives each page the attributes that it inherits', () => {
    const file = openBytes(linearized(INHERITING));
    const { pages } = readPageTree(file);
    expect(pages.map(({ inherited }) => inherited.size)).toEqual([0, 0]);
    const dicts = pages.map((page) => pageDict(file, page));
    expect(dicts.map((dict) => dict.get('MediaBox'))).toEqual([
      [0, 0, 70, 80],
      [0, 0, 7, 8],
    ]);
    const resources = dicts.map((dict) => dict.get('Resources'));
    expect(resources[0]).toBeInstanceOf(PdfRef);
    expect(resources[1]).toEqual(resources[0]);
  });

  it('makes direct pages and repeated pages objects of their own', () => {
    const document = textPdf({
      1: '<< /Type /Catalog /Pages 2 0 R >>',
      2: '<< /Type /Pages /Count 3 /Kids [3 0 R << /Type /Page /MediaBox [0 0 7 8] /Contents 4 0 R >> 3 0 R] >>',
      3: '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 70 80] /Contents 4 0 R >>',
      4: textStream('0 0 m 9 9 l S'),
    });
    const { pages } = readPageTree(openBytes(linearized(document)));
    expect(new Set(pages.map(({ num }) => num)).size).toBe(3);
    expect(pages.every(({ num }) => num !== undefined)).toBe(true);
  });

  it('makes a direct outline dictionary an object', () => {
    const document = textPdf({
      1: '<< /Type /Catalog /Pages 2 0 R /Outlines << /Type /Outlines /Count 0 >> >>',
      2: '<< /Type /Pages /Count 1 /Kids [3 0 R] >>',
      3: '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 70 80] >>',
    });
    expect(openBytes(linearized(document)).catalog.get('Outlines')).toBeInstanceOf(PdfRef);
  });

  it('keeps a page that is not in the page tree', () => {
    const document = textPdf({
      1: '<< /Type /Catalog /Pages 2 0 R /Names 5 0 R >>',
      2: '<< /Type /Pages /Count 1 /Kids [3 0 R] >>',
      3: '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 70 80] >>',
      5: '<< /Pages 6 0 R >>',
      6: '<< /Type /Page /MediaBox [0 0 70 80] /Annots [7 0 R] >>',
      7: '<< /Type /Annot /Contents (stray) >>',
    });
    const file = openBytes(linearized(document));
    const names = file.catalogEntry('Names');
    const stray = file.resolve(names instanceof PdfDict ? names.get('Pages') : null);
    const annotations = stray instanceof PdfDict ? stray.get('Annots') : null;
    const note = file.resolve(Array.isArray(annotations) ? annotations[0] : null);
    expect(note instanceof PdfDict && note.get('Contents')).toEqual(PdfString.latin1('stray'));
  });

  it('keeps the contents of all pages, and the same document gives the same bytes', async () => {
    const document = await everything({ label: 'A', pages: 30 });
    const bytes = linearized(document);
    expect(contentsOf(openBytes(bytes))).toEqual(contentsOf(openBytes(document)));
    expect(linearized(document).equals(bytes)).toBe(true);
  });

  it('encrypts strings, streams and the hint stream', async () => {
    const document = await everything({ label: 'SECRET', pages: 5 });
    const bytes = linearized(document, createEncryption({ userPassword: 'x' }));
    expect(bytes.includes('SECRET page')).toBe(false);
    const file = openBytes(bytes, 'x');
    expect(contentsOf(file)).toEqual(contentsOf(openBytes(document)));
    const hints = [...file.numbers()].map((num) => file.load(num)).filter(isHintStream);
    expect(hints.map((stream) => file.decoded(stream).bytes.readUInt32BE(0))).toHaveLength(1);
  });
});

function isHintStream(value: unknown): value is PdfStream {
  return (
    value instanceof PdfStream &&
    value.dict.has('S') &&
    isName(value.dict.get('Filter'), 'FlateDecode') &&
    !value.dict.has('Type') &&
    typeof value.dict.get('S') === 'number'
  );
}
