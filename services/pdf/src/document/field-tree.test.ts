import { describe, expect, it } from '@jest/globals';
import { ONE_PAGE, pdfText } from '@pdf-tools/harness/documents/pdf-text';
import { sourceRef } from '@pdf-tools/harness/documents/references';
import { MemorySource } from '../file/byte-source.js';
import { PdfFile } from '../file/pdf-file.js';
import { PdfDict } from '../syntax/objects.js';
import { annotationsOf, readFields } from './field-tree.js';
import type { FieldNode } from './field-tree.js';
import { sourceNumber } from '../syntax/object-numbers.js';

/** The nodes of a form. Object 4 is the form, and its fields follow. */
function fieldsOf(...bodies: string[]): FieldNode[] {
  const file = new PdfFile(new MemorySource(pdfText([...ONE_PAGE, ...bodies]).bytes));
  const form = file.load(sourceNumber(4));
  return readFields(file, form instanceof PdfDict ? form : new PdfDict());
}

describe('readFields', () => {
  it('reads fields and widgets, parents before their kids, with the type that they inherit', () => {
    const nodes = fieldsOf(
      '<</Fields[5 0 R 8 0 R]>>',
      '<</T(a)/FT/Tx/Kids[6 0 R 7 0 R]>>',
      '<</T(b)>>',
      '<</T(c)/FT/Btn/Kids[9 0 R]>>',
      '<</T(d)>>',
      '<</Subtype/Widget>>',
    );
    expect(nodes.map(({ num, type, parent, kids }) => [num, type, parent?.num, kids.map((kid) => kid.num)])).toEqual([
      [5, 'Tx', undefined, [6, 7]],
      [6, 'Tx', 5, []],
      [7, 'Btn', 5, [9]],
      [9, 'Btn', 7, []],
      [8, undefined, undefined, []],
    ]);
  });

  it.each([
    ['a field that is its own kid', ['<</Fields[5 0 R]>>', '<</Kids[5 0 R 6 0 R]>>', '<<>>'], [5, 6]],
    ['a field that comes twice', ['<</Fields[5 0 R 6 0 R 5 0 R]>>', '<</Kids[6 0 R]>>', '<<>>'], [5, 6]],
    ['lists and types in objects of their own', ['<</Fields 5 0 R>>', '[6 0 R]', '<</FT 7 0 R>>', '/Tx'], [6]],
    ['fields that are none', ['<</Fields[null 5 0 R 99 0 R <</T(x)>> 6 0 R]>>', '[1]', '<<>>'], [6]],
    ['no list', ['<</Fields 1>>'], []],
    ['no fields', ['<<>>'], []],
  ])('reads a form with %s', (_, bodies, expected) => {
    expect(fieldsOf(...bodies).map(({ num }) => num)).toEqual(expected);
  });

  it('reads fields of any depth', () => {
    const chain = Array.from({ length: 20_000 }, (_none, at) => `<</Kids[${at + 6} 0 R]>>`);
    const nodes = fieldsOf('<</Fields[5 0 R]>>', '<</FT/Sig/Kids[6 0 R]>>', ...chain.slice(1), '<<>>');
    expect(nodes).toHaveLength(20_001);
    expect(nodes.at(-1)?.type).toBe('Sig');
  });
});

describe('annotationsOf', () => {
  it('returns the numbers of indirect annotations', () => {
    const file = new PdfFile(new MemorySource(pdfText([...ONE_PAGE, '[5 0 R<<>>null 6 0 R]']).bytes));
    expect(annotationsOf(file, PdfDict.of({ Annots: sourceRef(4) }))).toEqual([5, 6]);
    expect(annotationsOf(file, PdfDict.of({ Annots: 7 }))).toEqual([]);
  });
});
