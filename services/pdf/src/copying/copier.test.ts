import { deflateSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { ONE_PAGE, pdfText, streamText } from '@pdf-tools/harness/documents/pdf-text';
import { openBytes, writtenBytes } from '@pdf-tools/harness/documents/pdf-folder';
import { SeededRandom } from '@pdf-tools/harness/documents/random';
import { sourceRef } from '@pdf-tools/harness/documents/references';
import type { PdfFile } from '../file/pdf-file.js';
import { PdfDict, PdfName, PdfStream, PdfString, TargetRef } from '../syntax/objects.js';
import type { PdfObject } from '../syntax/objects.js';
import { serialize } from '../syntax/serializer.js';
import { PdfWriter } from '../writing/pdf-writer.js';
import { Copier } from './copier.js';
import { KeyCounter, StructParentKeys } from './struct-parent-keys.js';
import { ObjectDeduplicator } from '../writing/object-deduplicator.js';
import { sourceNumber } from '../syntax/object-numbers.js';

/** A file with these objects from number 4 on. */
const sourceOf = (...bodies: string[]): PdfFile => openBytes(pdfText([...ONE_PAGE, ...bodies]).bytes);

/** Copies objects into a new document. Its catalog has the results of `copy` under /R. */
function copied(
  file: PdfFile,
  copy: (copier: Copier, writer: PdfWriter) => PdfObject[],
): { file: PdfFile; values: PdfObject[] } {
  const bytes = writtenBytes((path) => {
    const writer = new PdfWriter(path);
    const copier = new Copier(file, writer, new ObjectDeduplicator(), new StructParentKeys(new KeyCounter()));
    const R = copy(copier, writer);
    writer.end(writer.put(PdfDict.of({ Type: new PdfName('Catalog'), Pages: new PdfDict(), R })), undefined);
  });
  const result = openBytes(bytes);
  const values = result.catalog.get('R');
  expect(result.wasRepaired).toBe(false);
  return { file: result, values: Array.isArray(values) ? values : [] };
}
const copiedNumbers = (file: PdfFile, ...numbers: number[]): { file: PdfFile; values: PdfObject[] } =>
  copied(file, (copier) => numbers.map((num) => copier.adopt(sourceRef(num))));
const dictOf = (file: PdfFile, object: PdfObject | undefined): PdfDict => {
  const value = file.resolve(object);
  if (value instanceof PdfStream) return value.dict;
  if (!(value instanceof PdfDict)) throw new TypeError('no dictionary');
  return value;
};
/** The number of distinct objects after copying the objects from number 4 on. */
function distinct(...bodies: string[]): number {
  const { values } = copiedNumbers(sourceOf(...bodies), ...bodies.map((_body, at) => at + 4));
  return new Set(values.map((value) => serialize(value))).size;
}

function renameDest(dict: PdfDict): void {
  if (dict.has('Dest')) dict.set('Dest', 1);
}

describe('Copier', () => {
  it('copies an object once with everything it refers to', () => {
    const source = sourceOf(
      '<</A 5 0 R/B[5 0 R 6 0 R]/C(x)/D 99 0 R>>',
      '(five and a good deal more)',
      '<</Up 4 0 R/N 1.50>>',
    );
    const { file, values } = copiedNumbers(source, 4, 4);
    expect(values[0]).toEqual(values[1]);
    const dict = dictOf(file, values[0]);
    const list = dict.get('B');
    expect(Array.isArray(list) && list[0]).toEqual(dict.get('A'));
    expect(file.resolve(dict.get('A'))).toEqual(PdfString.latin1('five and a good deal more'));
    expect(dictOf(file, Array.isArray(list) ? list[1] : null).get('Up')).toEqual(values[0]);
    expect(dict.has('D')).toBe(true);
    expect(file.resolve(dict.get('D'))).toBeNull();
  });

  it('copies cycles of references and objects that are references', () => {
    const { file, values } = copiedNumbers(
      sourceOf('5 0 R', '6 0 R', '<</A 4 0 R>>', '8 0 R', '7 0 R', '9 0 R'),
      4,
      7,
      9,
    );
    expect(file.resolve(dictOf(file, values[0]).get('A'))).toEqual(file.resolve(values[0]));
    expect(values.slice(1).map((value) => file.resolve(value))).toEqual([null, null]);
  });

  it('copies linked lists of 100,000 objects in both directions without deep recursion', () => {
    const count = 100_000;
    const bodies = Array.from({ length: count }, (_none, at) => `<</N ${at}/Next ${at + 5} 0 R/Prev ${at + 3} 0 R>>`);
    const { file, values } = copiedNumbers(sourceOf(...bodies, 'null'), 4);
    let node = file.resolve(values[0]);
    let length = 0;
    for (; node instanceof PdfDict && node.get('N') === length; length++) node = file.resolve(node.get('Next'));
    expect(length).toBe(count);
  });

  it('replaces pages and page tree nodes that were not placed by null', () => {
    const source = sourceOf('<</P 3 0 R/Tree 2 0 R/Q 5 0 R/F 6 0 R>>', '<</Type/Page>>', '<</Type/Font/Name/Pages>>');
    const { file, values } = copied(source, (copier, writer) => {
      const page = writer.put(PdfDict.of({ Placed: true }));
      copier.place(sourceNumber(3), page);
      return [copier.adopt(sourceRef(4)), copier.adopt(sourceRef(5)), new TargetRef(page)];
    });
    const dict = dictOf(file, values[0]);
    expect(dict.get('P')).toEqual(values[2]);
    expect(['Tree', 'Q'].map((key) => file.resolve(dict.get(key)))).toEqual([null, null]);
    expect(dictOf(file, dict.get('F')).get('Name')).toEqual(new PdfName('Pages'));
    expect(values[1]).toBeNull();
  });

  it('checks each object separately for being a page in a long object stream', () => {
    const count = 30_000;
    const header = Array.from({ length: count }, (_none, at) => `${at + 100} ${at * 2} `).join('');
    const data = deflateSync(Buffer.from(`${header}${'5 '.repeat(count)}${' '.repeat(30 * 2 ** 20)}`));
    const stream = streamText(`/Type/ObjStm/N ${count}/First ${header.length}/Filter/FlateDecode`, data);
    const refs = Array.from({ length: count }, (_none, at) => `${at + 100} 0 R`).join(' ');
    const text = pdfText([...ONE_PAGE, stream, `[${refs}]`]).bytes.toString('latin1');
    const file = openBytes(Buffer.from(text.slice(0, text.lastIndexOf('xref\n0')), 'latin1'));
    const { file: result, values } = copiedNumbers(file, 5);
    const list = result.resolve(values[0]);
    expect(Array.isArray(list) && list.length).toBe(count);
    expect(Array.isArray(list) && result.resolve(list.at(-1))).toBe(5);
  });

  it('maps each parent tree key to one new key', () => {
    const { file, values } = copiedNumbers(
      sourceOf('<</StructParent 7>>', '<</StructParents 9>>', '<</StructParent 7/X 7>>'),
      4,
      5,
      6,
    );
    expect(values.map((value) => serialize(file.resolve(value)))).toEqual([
      '<</StructParent 0>>',
      '<</StructParents 1>>',
      '<</StructParent 0/X 7>>',
    ]);
  });

  it('copies overrides instead of objects and applies rewriters to the others', () => {
    const source = sourceOf(
      '<</A 5 0 R/Dest(old)>>',
      '(five)',
      streamText('/Sub<</Dest(old)>>', 'data'),
      '<</Best(old)>>',
    );
    const { file, values } = copied(source, (copier) => {
      copier.override(sourceNumber(5), PdfDict.of({ Instead: sourceRef(7), Dest: PdfString.latin1('x') }));
      copier.rewriteWith({ markers: ['/Dest'], rewrite: renameDest });
      return [4, 6].map((num) => copier.adopt(sourceRef(num)));
    });
    const dict = dictOf(file, values[0]);
    expect(dict.get('Dest')).toBe(1);
    const instead = dictOf(file, dict.get('A'));
    expect(instead.get('Dest')).toBe(1);
    expect(serialize(file.resolve(instead.get('Instead')))).toBe('<</Best(old)>>');
    expect(serialize(dictOf(file, values[1]).get('Sub') ?? null)).toBe('<</Dest 1>>');
  });
});

describe('deduplication', () => {
  const random = new SeededRandom(1);
  const data = random.bytes(300_000);
  const other = Buffer.from(data);
  other[data.length - 1] = (other[data.length - 1] ?? 0) ^ 1;

  it.each([
    ['small streams', streamText('/N 1', 'some data'), streamText('/N 1', 'some data'), 1],
    ['streams above 256 KiB', streamText('/Filter/DCTDecode', data), streamText('/Filter/DCTDecode', data), 1],
    ['streams whose last byte differs', streamText('/N 1', 'some data'), streamText('/N 1', 'some datb'), 2],
    [
      'large ones whose last byte differs',
      streamText('/Filter/DCTDecode', data),
      streamText('/Filter/DCTDecode', other),
      2,
    ],
    ['streams whose dictionary differs', streamText('/N 1', 'some data'), streamText('/N 2', 'some data'), 2],
    [
      'large ones whose dictionary differs',
      streamText('/Filter/DCTDecode', data),
      streamText('/Filter/JPXDecode', data),
      2,
    ],
    ['fonts', '<</Type/Font/BaseFont/Helvetica>>', '<</Type/Font/BaseFont/Helvetica>>', 1],
    ['fonts that differ', '<</Type/Font/BaseFont/Helvetica>>', '<</Type/Font/BaseFont/HelveticB>>', 2],
    ['arrays', '[/ICCBased 1 2 3 4 5 6 7 8 9]', '[/ICCBased 1 2 3 4 5 6 7 8 9]', 1],
    [
      'layers, which are more than their value',
      '<</Type/OCG/Name(a layer of maps)>>',
      '<</Type/OCG/Name(a layer of maps)>>',
      2,
    ],
    ['annotations', '<</Type/Annot/Subtype/Link/F 4>>', '<</Type/Annot/Subtype/Link/F 4>>', 2],
  ])('merges equal objects only if allowed: %s', (_, one, another, expected) => {
    expect(distinct(one, another)).toBe(expected);
  });

  it('merges objects that refer to equal objects', () => {
    const font = (num: number): string => `<</Type/Font/BaseFont/Helvetica/FontFile ${num} 0 R>>`;
    expect(distinct(font(6), font(7), streamText('', 'program'), streamText('', 'program'))).toBe(2);
    expect(distinct(font(6), font(7), streamText('', 'program'), streamText('', 'another'))).toBe(4);
  });
});
