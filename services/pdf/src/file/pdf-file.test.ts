import { deflateSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { documentOf, encrypt } from '@pdf-tools/harness/documents/documents';
import { ONE_PAGE, latin1, objectsText, pdfText, row, streamText } from '@pdf-tools/harness/documents/pdf-text';
import { sourceRef } from '@pdf-tools/harness/documents/references';
import { PdfDict, PdfStream, PdfString } from '../syntax/objects.js';
import { serialize } from '../syntax/serializer.js';
import { MemorySource } from './byte-source.js';
import { PdfFile } from './pdf-file.js';
import { sourceNumber } from '../syntax/object-numbers.js';

const open = (bytes: Buffer | string, password?: string): PdfFile =>
  new PdfFile(new MemorySource(Buffer.isBuffer(bytes) ? bytes : latin1(bytes)), { password });
const textOf = (file: PdfFile, num: number): string => serialize(file.load(sourceNumber(num)));
function dataOf(file: PdfFile, num: number): string {
  const stream = file.load(sourceNumber(num));
  return stream instanceof PdfStream ? file.decoded(stream).bytes.toString('latin1') : 'none';
}
/** The body of an object stream. */
function objStm(header: string, body: string, more = ''): string {
  const entries = `/Type/ObjStm/N ${header.trim().split(/\s+/).length / 2}/First ${header.length}${more}`;
  return streamText(`${entries}/Filter/FlateDecode`, deflateSync(latin1(header + body)));
}

describe('PdfFile', () => {
  it('reads an intact file by its cross-reference', () => {
    const file = open(pdfText([...ONE_PAGE, streamText('', 'data')]).bytes);
    expect(file.wasRepaired).toBe(false);
    expect(file.catalog.get('Pages')).toEqual(sourceRef(2));
    expect([...file.numbers()]).toEqual([1, 2, 3, 4]);
    expect(dataOf(file, 4)).toBe('data');
    expect(file.load(sourceNumber(99))).toBeNull();
  });

  it('follows references and stops at a cycle', () => {
    const file = open(pdfText([...ONE_PAGE, '5 0 R', '6 0 R', '(end)', '8 0 R', '7 0 R']).bytes);
    expect(file.resolve(sourceRef(4))).toEqual(PdfString.latin1('end'));
    expect(file.resolve(sourceRef(7))).toBeNull();
    expect(file.resolve(sourceRef(99))).toBeNull();
    expect(file.resolve(undefined)).toBeNull();
  });

  it.each([
    ['right', '4'],
    ['too short', '1'],
    ['too long', '400'],
    ['missing', 'null'],
    ['of another type', '/Four'],
    ['a reference to it', '5 0 R'],
    ['a reference to a reference', '6 0 R'],
    ['a reference to nothing', '99 0 R'],
    ['a reference to the stream itself', '4 0 R'],
    ['a reference to a stream that refers back', '7 0 R'],
  ])('reads a stream whose /Length is %s', (_, length) => {
    const bodies = [...ONE_PAGE, streamText('', 'data', length), '4', '5 0 R', streamText('', '1234', '4 0 R')];
    expect(dataOf(open(pdfText(bodies).bytes), 4)).toBe('data');
  });

  it("reads thousands of streams whose /Length is in another stream's object", () => {
    const bodies = [...ONE_PAGE];
    while (bodies.length < 20_000) bodies.push(streamText('', 'data', `${bodies.length + 2} 0 R`));
    const file = open(pdfText(bodies).bytes);
    for (const num of [4, 10_000, 20_000]) expect(dataOf(file, num)).toBe('data');
  });

  it('opens object streams that depend on each other up to the limit', () => {
    const bodies = [...ONE_PAGE];
    const count = 5000;
    for (let num = 4; num < count; num++)
      bodies.push(objStm(`${num + 10_000} 0 `, '5', `/DecodeParms ${num + 10_001} 0 R`));
    const { bytes, offsets } = pdfText(bodies);
    const places = Buffer.alloc(7 * (count + 10_000));
    for (let num = 1; num < count; num++) places.set([1], num * 7);
    for (const [at, offset] of offsets.entries()) places.writeUInt32BE(offset, (at + 1) * 7 + 1);
    for (let num = 4; num < count; num++) {
      places.set([2], (num + 10_000) * 7);
      places.writeUInt32BE(num, (num + 10_000) * 7 + 1);
    }
    const xref = streamText(`/Type/XRef/W[1 4 2]/Size ${count + 10_000}/Root 1 0 R`, places);
    const file = open(`${bytes.toString('latin1')}9999 0 obj\n${xref}\nendobj\nstartxref\n${bytes.length}\n%%EOF`);
    expect(file.load(sourceNumber(10_004))).toBe(5);
    expect(file.load(sourceNumber(10_000 + count - 1))).toBe(5);
  });
});

describe('PdfFile with a damaged file', () => {
  const intact = pdfText([...ONE_PAGE, streamText('', 'data')]);
  const whole = intact.bytes.toString('latin1');

  it.each([
    ['no startxref', whole.replace('startxref', 'startxxxx')],
    ['a wrong startxref', whole.replace(/startxref\n\d+/, 'startxref\n17')],
    ['no cross-reference', whole.slice(0, intact.start)],
    ['its end cut off within the trailer', whole.slice(0, whole.indexOf('trailer') + 20)],
    ['offsets that all are wrong', whole.replace(/\d{10} 00000 n/g, '0000000005 00000 n')],
    [
      'offsets that are one too high',
      whole.replace(/(\d{10}) 00000 n/g, (_, at: string) => row(Number(at) + 1).trim()),
    ],
    ['bytes that were lost before the objects', whole.replace('%PDF-1.7\n', '')],
    ['line ends that were changed', whole.replaceAll('\n', '\r\n')],
  ])('finds the objects of a file with %s', (_, text) => {
    const file = open(text);
    expect(file.wasRepaired).toBe(true);
    for (const num of [1, 2, 3]) expect(textOf(file, num)).toBe(textOf(open(whole), num));
    expect(dataOf(file, 4)).toBe('data');
  });

  it('uses the last of two objects with one number, and the last trailer', () => {
    const text = `${objectsText(ONE_PAGE)}trailer<</Root 9 0 R/Info 3 0 R>>3 0 obj<</New true>>endobj trailer<</Root 1 0 R>>`;
    const file = open(text);
    expect(textOf(file, 3)).toBe('<</New true>>');
    expect(file.trailer.get('Info')).toEqual(sourceRef(3));
    expect(file.catalog.has('Pages')).toBe(true);
  });

  it('finds objects in object streams and uses the last of two', () => {
    const first = `20 0 obj\n${objStm('4 0 5 4 ', '(a) (b)')}\nendobj\n`;
    const second = `21 0 obj\n${objStm('5 0 6 4 ', '(c) (d)')}\nendobj\n`;
    const plain = '6 0 obj (e) endobj\n';
    const file = open(`${objectsText(ONE_PAGE)}${first}${second}${plain}`);
    expect([4, 5, 6].map((num) => textOf(file, num))).toEqual(['(a)', '(c)', '(e)']);
    const turned = open(`${objectsText(ONE_PAGE)}${plain}${second}${first}`);
    expect([4, 5, 6].map((num) => textOf(turned, num))).toEqual(['(a)', '(b)', '(d)']);
  });

  it('finds the catalog if no trailer names it, also in an object stream', () => {
    expect(open(objectsText(ONE_PAGE)).trailer.get('Root')).toEqual(sourceRef(1));
    const hidden = `9 0 obj\n${objStm('1 0 2 30 ', '<</Type/Catalog/Pages 2 0 R>> <</Kids[]>>')}\nendobj\n`;
    expect(open(hidden).catalog.get('Pages')).toEqual(sourceRef(2));
  });

  it('scans for an object with a wrong offset and keeps the cross-reference for the others', () => {
    const bytes = latin1(whole.replace(row(intact.offsets[2] ?? 0), row((intact.offsets[2] ?? 0) - 3)));
    const file = open(Buffer.concat([bytes, latin1('1 0 obj<</Stray true>>endobj')]));
    expect(file.wasRepaired).toBe(false);
    expect(file.load(sourceNumber(3))).toBeInstanceOf(PdfDict);
    expect(file.wasRepaired).toBe(true);
    expect(file.catalog.has('Stray')).toBe(false);
  });

  it('does not read objects of an embedded file as its own', () => {
    const inner = pdfText(['<</Type/Catalog/Pages 2 0 R/Inner true>>', '<</Kids[]>>'], {
      trailer: '/Root 1 0 R/Info 2 0 R',
    });
    const outer = objectsText([...ONE_PAGE, streamText('/Type/EmbeddedFile', inner.bytes)]);
    const file = open(outer);
    expect(file.catalog.has('Inner')).toBe(false);
    expect(file.trailer.has('Info')).toBe(false);
    expect(dataOf(file, 4)).toBe(inner.bytes.toString('latin1'));
  });

  it.each(['', '%PDF-1.7', 'no PDF at all', '1 0 obj<</Type/Catalog>>endobj', '1 0 obj<<', 'trailer<</Root 1 0 R>>'])(
    'refuses what has no catalog: %j',
    (text) => {
      expect(() => open(text)).toThrow(expect.objectContaining({ code: 'corrupt_pdf' }));
    },
  );
});

describe('PdfFile with an encrypted file', () => {
  /** Longer than an AES block, because shorter strings are not decrypted. */
  const WORDS = 'words in the dictionary of a stream, encrypted';
  it('decrypts strings and streams, in and outside object streams, with and without a cross-reference', async () => {
    const plain = pdfText([...ONE_PAGE, '[(secret)]', streamText(`/S(${WORDS})`, 'data')], {
      trailer: '/Root 1 0 R/Info<</Title(title)>>',
    }).bytes.toString('latin1');
    const linked = plain.replace('/Parent 2 0 R', '/Parent 2 0 R/X[4 0 R 5 0 R]');
    const locked = await encrypt(latin1(linked), 'user');
    expect(locked.includes('secret')).toBe(false);
    const cut = locked.subarray(0, locked.lastIndexOf('startxref'));
    for (const bytes of [locked, cut]) {
      for (const password of ['user', 'owner']) {
        const file = open(bytes, password);
        expect(file.encryption?.openedAs).toBe(password);
        const all = [...file.numbers()].map((num) => textOf(file, num));
        expect(all).toContain('[(secret)]');
        expect(all.filter((text) => text.includes(`/S(${WORDS})`))).toHaveLength(1);
        expect([...file.numbers()].map((num) => dataOf(file, num))).toContain('data');
      }
      expect(() => open(bytes)).toThrow(expect.objectContaining({ code: 'password_required' }));
      expect(() => open(bytes, 'wrong')).toThrow(expect.objectContaining({ code: 'password_wrong' }));
    }
  });

  it('opens a file with an empty user password without a password', async () => {
    const file = open(await encrypt(await documentOf(200), ''));
    expect(file.encryption?.openedAs).toBe('user');
    expect(file.isEncrypted).toBe(true);
  });
});
