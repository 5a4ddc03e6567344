import { describe, expect, it } from '@jest/globals';
import { SeededRandom } from '@pdf-tools/harness/documents/random';
import { sourceRef } from '@pdf-tools/harness/documents/references';
import { Lexer } from './lexer.js';
import { PdfDict, PdfName, PdfStream, PdfString, TargetRef } from './objects.js';
import type { PdfObject } from './objects.js';
import { parseObject } from './parser.js';
import { scanObject } from './scanner.js';
import { numberToken, serialize } from './serializer.js';
import { targetNumber } from './object-numbers.js';

const parse = (text: string): PdfObject => parseObject(new Lexer(Buffer.from(text, 'latin1'), 0));

/** A random object, nested up to a depth. */
function objectOf(random: SeededRandom, depth: number): PdfObject {
  const many = <T>(make: () => T): T[] => Array.from({ length: random.below(6) }, make);
  const text = (): string => random.bytes(random.below(6)).toString('latin1');
  const makers: (() => PdfObject)[] = [
    () => null,
    () => random.below(2) === 1,
    () => random.below(2 ** 31) - 2 ** 30,
    () => (random.below(2 ** 31) - 2 ** 30) / 2 ** 10,
    () => new PdfName(text()),
    () => new PdfString(random.bytes(random.below(12))),
    () => sourceRef(1 + random.below(8_000_000)),
    () => many(() => objectOf(random, depth - 1)),
    () => new PdfDict(many(() => [text(), objectOf(random, depth - 1) ?? false])),
  ];
  return makers[random.below(depth > 0 ? makers.length : 7)]?.() ?? null;
}

describe('serialize', () => {
  it('produces text that parses to the same object', () => {
    const random = new SeededRandom(1);
    for (let nth = 0; nth < 2000; nth++) {
      const object = objectOf(random, 4);
      const text = serialize(object);
      expect(parse(`${text} endobj`)).toEqual(object);
      expect(scanObject(new Lexer(Buffer.from(text, 'latin1'), 0))?.end).toBe(text.length);
    }
  });

  it.each<[object: PdfObject, text: string]>([
    [[1, -2, true, null, new PdfName('A'), new PdfName('B')], '[1 -2 true null/A/B]'],
    [[PdfString.latin1('a'), 1, sourceRef(5), [], 2], '[(a)1 5 0 R[]2]'],
    [[new PdfName(''), 1, new PdfName(''), new PdfName('')], '[/ 1//]'],
    [PdfDict.of({ A: 1, B: new PdfName('C'), D: PdfDict.of({ E: [] }) }), '<</A 1/B/C/D<</E[]>>>>'],
    [PdfDict.of({ A: null, B: undefined, C: [null] }), '<</C[null]>>'],
    [new PdfStream(PdfDict.of({ Length: 3 }), Buffer.from('abc')), '<</Length 3>>'],
  ])('writes %p in its shortest form', (object, text) => {
    expect(serialize(object)).toBe(text);
  });

  it('renumbers source references and parent tree keys, and keeps target references', () => {
    const object = PdfDict.of({
      A: [sourceRef(1, 5), sourceRef(2), new TargetRef(targetNumber(3))],
      StructParent: 4,
      StructParents: 5,
      Other: 6,
    });
    const renumbering = {
      object: (num: number) => targetNumber(num === 2 ? 0 : num + 10),
      structParent: (key: number) => key * 2,
    };
    expect(serialize(object, renumbering)).toBe('<</A[11 0 R null 3 0 R]/StructParent 8/StructParents 10/Other 6>>');
  });

  it('takes linear time and no deep recursion', () => {
    const wide = Array.from({ length: 500_000 }, (_none, nth) => nth);
    expect(serialize(wide)).toHaveLength(JSON.stringify(wide).length);
    let deep: PdfObject = 1;
    for (let depth = 0; depth < 100_000; depth++) deep = [deep];
    expect(serialize(deep)).toHaveLength(200_001);
  });
});

describe('numberToken', () => {
  it.each([
    [0, '0'],
    [-0, '0'],
    [-17, '-17'],
    [0.1, '0.1'],
    [-0.5, '-0.5'],
    [100.25, '100.25'],
    [1e-7, '0.0000001'],
    [1e-11, '0'],
    [2 ** 53, '9007199254740992'],
    [1e15, '1000000000000000'],
    [1e21, '1000000000000000000000'],
    [-1e21, '-1000000000000000000000'],
    [NaN, '0'],
    [Infinity, '0'],
  ])('writes %p without an exponent', (value, token) => {
    expect(numberToken(value)).toBe(token);
  });
});
