import { describe, expect, it } from '@jest/globals';
import { type1 } from '@pdf-tools/harness/documents/charstrings';
import { outlineText } from '@pdf-tools/harness/documents/outline-text';
import { SeededRandom } from '@pdf-tools/harness/documents/random';
import { buildType1 } from '@pdf-tools/harness/documents/type1-font';
import type { Type1Source } from '@pdf-tools/harness/documents/type1-font';
import { FontError } from './font-error.js';
import { readType1Font } from './type1-font.js';
import { readType1Outlines } from './type1-outlines.js';

/** The subroutines that every font has: the end, start and points of a flex, and the replacement of hints. */
const STANDARD_SUBROUTINES = [
  '3 0 callothersubr pop pop setcurrentpoint return',
  '0 1 callothersubr return',
  '0 2 callothersubr return',
  'return',
  '1 3 callothersubr pop callsubr return',
].map(type1);

/** The path of glyph A of a font with this charstring. */
function pathOf(charString: string, more: Partial<Type1Source> = {}): string | undefined {
  const bytes = buildType1({ glyphs: { A: type1(charString) }, subroutines: STANDARD_SUBROUTINES, ...more });
  return outlineText(readType1Outlines(readType1Font(bytes)).outline(0));
}

describe('readType1Outlines', () => {
  it.each([
    ['rlineto', '0 500 hsbw 10 20 rmoveto 1 2 rlineto closepath endchar', 'M 10 20 L 11 22'],
    ['hlineto and vlineto', '0 500 hsbw 10 hmoveto 1 hlineto 2 vlineto endchar', 'M 10 0 L 11 0 L 11 2'],
    ['rrcurveto', '0 500 hsbw 10 vmoveto 1 2 3 4 5 6 rrcurveto endchar', 'M 0 10 C 1 12 4 16 9 22'],
    ['vhcurveto', '0 500 hsbw 0 hmoveto 1 2 3 4 vhcurveto endchar', 'M 0 0 C 0 1 2 4 6 4'],
    ['hvcurveto', '0 500 hsbw 0 hmoveto 1 2 3 4 hvcurveto endchar', 'M 0 0 C 1 0 3 3 3 7'],
    ['the side bearing', '30 500 hsbw 1 hmoveto 2 hlineto endchar', 'M 31 0 L 33 0'],
    ['both side bearings', '30 40 500 0 sbw 1 hmoveto 2 hlineto endchar', 'M 31 40 L 33 40'],
    ['a quotient', '0 500 hsbw 1 2 div hmoveto 100000 400 div hlineto endchar', 'M 0.5 0 L 250.5 0'],
    [
      'hints',
      '0 1 hsbw 1 2 hstem 3 4 vstem 1 2 3 4 5 6 hstem3 1 2 3 4 5 6 vstem3 dotsection 7 hlineto endchar',
      'M 0 0 L 7 0',
    ],
    ['replaced hints', '0 500 hsbw 5 hmoveto 1 hlineto 3 4 callsubr 2 vlineto endchar', 'M 5 0 L 6 0 L 6 2'],
    ['a closed contour', '0 500 hsbw 5 hmoveto 1 hlineto closepath 2 vlineto endchar', 'M 5 0 L 6 0 M 6 0 L 6 2'],
    [
      'a flex',
      '0 500 hsbw 5 hmoveto 1 callsubr 10 9 rmoveto 2 callsubr -5 -9 rmoveto 2 callsubr 1 2 rmoveto 2 callsubr ' +
        '3 4 rmoveto 2 callsubr 5 vmoveto 2 callsubr 6 hmoveto 2 callsubr 7 8 rmoveto 2 callsubr 50 27 19 0 callsubr endchar',
      'M 5 0 C 10 0 11 2 14 6 C 14 11 20 11 27 19',
    ],
  ])('draws %s', (_name, charString, path) => {
    expect(pathOf(charString)).toBe(path);
  });

  it('draws an accented character of two glyphs of StandardEncoding', () => {
    const glyphs = {
      A: type1('10 500 hsbw 1 hlineto endchar'),
      grave: type1('20 300 hsbw 2 vlineto endchar'),
      Agrave: type1('12 600 hsbw 20 100 200 65 193 seac'),
    };
    const { outline, advance, glyphOfName } = readType1Outlines(readType1Font(buildType1({ glyphs })));
    // The accent moves by 100 - 20 + 12, and starts at its own side bearing.
    expect(outlineText(outline(2))).toBe('M 10 0 L 11 0 M 112 200 L 112 202');
    expect([advance(2), glyphOfName('Agrave')]).toEqual([600, 2]);
    const incomplete = readType1Outlines(readType1Font(buildType1({ glyphs: { Agrave: glyphs.Agrave } })));
    expect(incomplete.outline(0)).toBeUndefined();
  });

  it.each([
    ['calls itself', '0 500 hsbw 5 callsubr'],
    ['calls an unknown subroutine', '0 500 hsbw 9 callsubr'],
    ['has no width', '5 hmoveto 1 hlineto endchar'],
    ['is for vertical writing', '0 0 0 1000 sbw endchar'],
    ['has too few operands', '0 500 hsbw 1 rmoveto endchar'],
    ['has too many operands', '0 500 hsbw 1 2 hmoveto endchar'],
    ['has an unknown operator', '0 500 hsbw #0f endchar'],
    ['divides by zero', '0 500 hsbw 1 0 div hmoveto endchar'],
    ['uses a procedure of multiple master fonts', '0 500 hsbw 1 2 2 14 callothersubr pop hmoveto endchar'],
    ['ends a flex that has no points', '0 500 hsbw 1 callsubr 50 0 0 0 callsubr endchar'],
  ])('does not understand a charstring that %s', (_case, charString) => {
    expect(pathOf(charString, { subroutines: [...STANDARD_SUBROUTINES, type1('5 callsubr')] })).toBeUndefined();
  });

  it.each(['binary', 'hex', 'pfb'] as const)('reads a font whose encrypted portion is %s', (form) => {
    expect(pathOf('0 500 hsbw 10 hmoveto 1 hlineto endchar', { form })).toBe('M 10 0 L 11 0');
  });

  it.each([-1, 0, 1, 4])('reads charstrings with a lenIV of %d', (lenIV) => {
    expect(pathOf('0 500 hsbw 3 4 callsubr 10 hmoveto 1 hlineto endchar', { lenIV })).toBe('M 10 0 L 11 0');
  });

  it.each([
    [
      'StandardEncoding',
      [
        [65, 'A'],
        [66, 'B'],
      ],
      2,
    ],
    [
      '256 array 0 1 255 {1 index exch /.notdef put} for dup 8#101 /A put\ndup 16#1F/B put dup 7 /.notdef put readonly',
      [
        [65, 'A'],
        [31, 'B'],
      ],
      2,
    ],
    [
      '[/.notdef /A /B]',
      [
        [1, 'A'],
        [2, 'B'],
      ],
      2,
    ],
  ])('reads the encoding %s', (encoding, expected) => {
    const read = readType1Outlines(
      readType1Font(buildType1({ glyphs: { A: type1('0 500 hsbw endchar') }, encoding })),
    ).encoding;
    expect([...read].filter(([, name]) => name === 'A' || name === 'B')).toEqual(expected);
  });

  it('reads names and the font matrix, and ignores comments and strings', () => {
    const glyphs = { '.notdef': type1('0 250 hsbw endchar'), 'a.b-c': type1('0 500 hsbw endchar') };
    const font = readType1Outlines(readType1Font(buildType1({ glyphs, fontMatrix: '[0.0005 0 0.0001 0.0005 0 0]' })));
    expect([font.fontName, font.glyphCount, font.glyphName(1), font.glyphName(2)]).toEqual([
      'Test',
      2,
      'a.b-c',
      undefined,
    ]);
    expect(font.fontMatrix).toEqual([0.0005, 0, 0.0001, 0.0005, 0, 0]);
    expect([font.advance(0), font.advance(1), font.advance(2)]).toEqual([250, 500, undefined]);
  });

  it('rejects a font without an encrypted portion or without glyphs', () => {
    expect(() => readType1Outlines(readType1Font(Buffer.from('%!PS-AdobeFont-1.0')))).toThrow(
      new FontError('has no encrypted portion'),
    );
    expect(() => readType1Outlines(readType1Font(buildType1({ glyphs: {} })))).toThrow(new FontError('has no glyphs'));
  });

  it('throws only a FontError for damaged fonts', () => {
    const random = new SeededRandom(19);
    const glyphs = {
      A: type1('0 500 hsbw 3 4 callsubr 1 hmoveto 2 hlineto endchar'),
      B: type1('0 1 hsbw 0 1 2 65 66 seac'),
    };
    const original = buildType1({
      glyphs,
      subroutines: STANDARD_SUBROUTINES,
      lenIV: 0,
      private: '/BlueValues [-1 0] def',
    });
    const errors = new Set<string>();
    for (let count = 0; count < 3000; count++) {
      const bytes = original.slice(0, original.length - (count % 3 === 0 ? random.below(original.length) : 0));
      for (let at = random.below(4); at >= 0; at--) bytes[random.below(bytes.length + 1)] = random.below(256);
      try {
        const { outline, advance } = readType1Outlines(readType1Font(bytes));
        for (let glyph = 0; glyph < 3; glyph++) [outline, advance].forEach((read) => read(glyph));
      } catch (error) {
        errors.add((error as Error).name);
      }
    }
    expect([...errors]).toEqual(['FontError']);
  });
});
