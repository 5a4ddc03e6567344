import { describe, expect, it } from '@jest/globals';
import { type1 } from '@pdf-tools/harness/documents/charstrings';
import { outlineText } from '@pdf-tools/harness/documents/outline-text';
import { SeededRandom } from '@pdf-tools/harness/documents/random';
import { buildType1 } from '@pdf-tools/harness/documents/type1-font';
import type { Type1Source } from '@pdf-tools/harness/documents/type1-font';
import { CffOperator } from './cff-dict.js';
import { readCffFont } from './cff-font.js';
import { readCffOutlines } from './cff-outlines.js';
import type { CffOutlines } from './cff-outlines.js';
import { convertType1 } from './convert-type1.js';
import { sameOutline } from './outline.js';
import { FontError } from './font-error.js';
import { readType1Font } from './type1-font.js';
import { readType1Outlines } from './type1-outlines.js';

const SUBROUTINES = ['return', 'return', 'return', 'return', '1 3 callothersubr pop callsubr return'].map(type1);
const NOTDEF = type1('0 250 hsbw endchar');

/** The bytes of the converted font. */
function converted(source: Type1Source, names = Object.keys(source.glyphs)): Uint8Array {
  return convertType1(readType1Font(buildType1(source)), names);
}

/** The charstring of glyph A as hexadecimal digits. The font has the default width 500. */
function charStringOf(charString: string, subroutines: readonly string[] = []): string | undefined {
  const glyphs = { '.notdef': type1('0 500 hsbw endchar'), A: type1(charString) };
  const cff = converted({ glyphs, subroutines: [...SUBROUTINES, ...subroutines.map(type1)] });
  return Buffer.from(readCffFont(cff).charStrings[1] ?? []).toString('hex');
}

/** Converts a font, or returns the reason why it cannot be converted. */
function reasonFor(bytes: Uint8Array, names: readonly string[]): string | undefined {
  try {
    convertType1(readType1Font(bytes), names);
    return undefined;
  } catch (thrown) {
    if (thrown instanceof FontError) return thrown.message;
    throw thrown;
  }
}

function numberedNames(font: CffOutlines): (string | undefined)[] {
  return Array.from({ length: font.glyphCount }, (_, glyph) => font.glyphName(glyph));
}

describe('convertType1', () => {
  it('keeps outlines, widths, names and codes of random glyphs', () => {
    const random = new SeededRandom(19);
    for (let count = 0; count < 40; count++) {
      const glyphs = Object.fromEntries(
        Array.from({ length: 1 + random.below(40) }, (_, at) => [`g${at}`, type1(randomCharString(random))]),
      );
      const dups = Object.keys(glyphs).map((name) => `dup ${random.below(256)} /${name} put`);
      const encoding = `256 array 0 1 255 {1 index exch /.notdef put} for ${dups.join(' ')} readonly`;
      const source = { glyphs: { '.notdef': NOTDEF, ...glyphs }, encoding, subroutines: SUBROUTINES };
      const original = readType1Outlines(readType1Font(buildType1(source)));
      const font = readCffOutlines(converted(source));
      for (const name of Object.keys(source.glyphs)) {
        const [before, after] = [original.glyphOfName(name) ?? -1, font.glyphOfName(name) ?? -1];
        expect(sameOutline(original.outline(before) ?? [NaN], font.outline(after) ?? [])).toBe(true);
        expect(font.advance(after)).toBe(original.advance(before));
      }
      expect(new Map([...font.encoding].map(([code, glyph]) => [code, font.glyphName(glyph)]))).toEqual(
        original.encoding,
      );
    }
  });

  it('keeps only the glyphs of the given names and .notdef', () => {
    const glyph = type1('0 500 hsbw 1 hmoveto 1 hlineto endchar');
    const glyphs = { A: glyph, B: glyph, C: glyph, own: glyph, '.notdef': NOTDEF };
    expect(numberedNames(readCffOutlines(converted({ glyphs }, ['own', 'B', 'absent', 'B'])))).toEqual([
      '.notdef',
      'B',
      'own',
    ]);
    expect(numberedNames(readCffOutlines(converted({ glyphs: { A: glyph } }, [])))).toEqual(['.notdef']);
  });

  it('writes a code that is in StandardEncoding without an encoding of its own', () => {
    const source = { glyphs: { A: NOTDEF, B: NOTDEF } };
    const other = { ...source, encoding: '[/A /B /A]' };
    expect(readCffFont(converted(source)).top.has(CffOperator.Encoding)).toBe(false);
    expect(readCffFont(converted(other)).top.has(CffOperator.Encoding)).toBe(true);
    expect([...readCffOutlines(converted(other)).encoding]).toEqual([
      [0, 1],
      [1, 2],
      [2, 1],
    ]);
    // Only A is kept, so the code of B does not count.
    expect(
      readCffFont(converted({ ...source, encoding: '256 array dup 65 /A put dup 67 /B put' }, ['A'])).top.has(
        CffOperator.Encoding,
      ),
    ).toBe(false);
  });

  it.each([
    [
      'alternating lines as one operator',
      '0 500 hsbw 1 hmoveto 2 hlineto 3 vlineto 4 hlineto endchar',
      '8c16 8d 8e 8f 06 0e',
    ],
    [
      'a line along an axis among others as rlineto',
      '0 500 hsbw 1 2 rmoveto 1 1 rlineto 2 hlineto 3 3 rlineto endchar',
      '8c8d15 8c8c8d8b8e8e05 0e',
    ],
    [
      'curves along the axes as one operator',
      '0 500 hsbw 1 vmoveto 1 2 3 4 hvcurveto 1 2 3 4 vhcurveto 1 2 3 4 5 0 rrcurveto endchar',
      '8c04 8c8d8e8f 8c8d8e8f 1f 8d8c8e8f901b 0e',
    ],
    [
      'curves before a line as rcurveline',
      '0 500 hsbw 0 hmoveto 1 2 3 4 5 6 rrcurveto 7 8 rlineto endchar',
      '8b16 8c8d8e8f9091 9293 18 0e',
    ],
    [
      'lines before a curve as rlinecurve',
      '0 500 hsbw 0 hmoveto 7 8 rlineto 1 2 3 4 5 6 rrcurveto endchar',
      '8b16 9293 8c8d8e8f9091 19 0e',
    ],
    ['moves without a segment as none', '0 500 hsbw 1 hmoveto 2 vmoveto closepath 3 hmoveto endchar', '0e'],
    [
      'a contour that goes on after closepath with a move',
      '0 500 hsbw 1 hmoveto 1 hlineto closepath 1 vlineto endchar',
      '8c16 8c06 8b16 8c07 0e',
    ],
    ['fractions as fixed-point numbers', '0 500 hsbw 1 2 div hmoveto 1 hlineto endchar', 'ff00008000 16 8c06 0e'],
  ])('writes %s', (_case, charString, expected) => {
    expect(charStringOf(charString)).toBe(expected.replaceAll(' ', ''));
  });

  it('keeps stems, sorted and moved by the side bearing', () => {
    // hstem 10 20 and 50 5, vstem 3 + 100 and 4.
    const charString = '100 500 hsbw 50 5 hstem 10 20 hstem 3 4 vstem 0 hmoveto 1 hlineto endchar';
    expect(charStringOf(charString)).toBe('959f9f9001f28f03ef168c060e');
  });

  it('writes replaced hints as masks', () => {
    const charString = '0 500 hsbw 10 20 hstem 3 4 vstem 0 hmoveto 1 hlineto 5 4 callsubr 1 vlineto endchar';
    // hstemhm 10 20, and 3 4 50 5 with the mask of the first two stems, then that of the first and the third.
    const expected = '959f12 8e8fbd90 13c0 8b16 8c06 13a0 8c07 0e';
    expect(charStringOf(charString, ['10 20 hstem 57 5 vstem return'])).toBe(expected.replaceAll(' ', ''));
  });

  it('draws the parts of an accented character as one glyph', () => {
    const glyphs = {
      '.notdef': NOTDEF,
      A: type1('10 500 hsbw 1 hlineto endchar'),
      grave: type1('20 300 hsbw 2 vlineto endchar'),
      Agrave: type1('12 600 hsbw 20 100 200 65 193 seac'),
    };
    const font = readCffOutlines(converted({ glyphs }, ['Agrave']));
    expect(font.glyphCount).toBe(2);
    expect(outlineText(font.outline(1))).toBe('M 10 0 L 11 0 M 112 200 L 112 202');
    expect(font.advance(1)).toBe(600);
  });

  it('keeps the Private dictionary, the bounding box, the matrix and the name', () => {
    const entries = `/BlueValues [-15 0 700 715] def /StdHW [30] def /StemSnapV [80 90] def /BlueScale 0.04 def
      /BlueShift 7 def /ForceBold true def /UniqueID 5 def`;
    const cff = converted({
      glyphs: { '.notdef': NOTDEF, A: NOTDEF },
      private: entries,
      fontMatrix: '[0.0005 0 0.0001 0.0005 0 -0.25]',
    });
    const font = readCffFont(cff);
    expect(font.name).toBe('Test');
    expect(font.top.get(CffOperator.FontBBox)).toEqual([-10, -20, 1000, 900]);
    expect(font.top.get(CffOperator.FontMatrix)).toEqual([0.0005, 0, 0.0001, 0.0005, 0, -0.25]);
    expect([...(font.fontDicts[0]?.private.dict ?? [])]).toEqual([
      [CffOperator.BlueValues, [-15, 15, 700, 15]],
      [CffOperator.BlueScale, [0.04]],
      [CffOperator.StdHW, [30]],
      [CffOperator.StemSnapV, [80, 10]],
      [CffOperator.ForceBold, [1]],
      [CffOperator.DefaultWidthX, [250]],
    ]);
  });

  it('writes the most frequent width once and the others near a nominal width', () => {
    const widths = [600, 600, 600, 700, 720, 1000];
    const glyphs = Object.fromEntries(widths.map((width, at) => [`g${at}`, type1(`0 ${width} hsbw endchar`)]));
    const { charStrings } = readCffFont(converted({ glyphs: { '.notdef': type1('0 600 hsbw endchar'), ...glyphs } }));
    expect(charStrings.map((bytes) => bytes.length)).toEqual([1, 1, 1, 1, 2, 2, 3]);
  });

  it.each([
    [
      'is damaged',
      { glyphs: { A: type1('0 500 hsbw 1 hlineto #0f endchar') } },
      'has a charstring with an unknown operator',
    ],
    ['is stroked', { glyphs: { A: NOTDEF }, font: '/PaintType 2 def' }, 'has outlines that are stroked'],
    [
      'is too large',
      { glyphs: { A: type1('0 500 hsbw 40000 hmoveto 1 hlineto endchar') } },
      'has a glyph with numbers that are too large',
    ],
    [
      'has too many hints',
      {
        glyphs: {
          A: type1(`0 500 hsbw ${Array.from({ length: 97 }, (_, at) => `${at} 1 hstem`).join(' ')} 1 hlineto endchar`),
        },
      },
      'has a glyph with too many hints',
    ],
    ['has no glyphs', { glyphs: {} }, 'has no glyphs'],
  ])('gives a reason for a font that %s', (_case, source, reason) => {
    expect(reasonFor(buildType1(source), Object.keys(source.glyphs))).toBe(reason);
  });

  it('returns a font or a reason for damaged fonts', () => {
    const random = new SeededRandom(20);
    const glyphs = { A: type1('0 500 hsbw 1 2 hstem 5 4 callsubr 1 hmoveto 2 hlineto endchar'), '.notdef': NOTDEF };
    const original = buildType1({
      glyphs,
      lenIV: -1,
      subroutines: [...SUBROUTINES, type1('3 4 vstem return')],
      form: 'hex',
    });
    for (let count = 0; count < 1500; count++) {
      const bytes = original.slice(0, original.length - (count % 3 === 0 ? random.below(original.length) : 0));
      for (let at = random.below(4); at >= 0; at--) bytes[random.below(bytes.length + 1)] = random.below(256);
      expect(reasonFor(bytes, ['A', 'B'])).not.toBe('');
    }
  });
});

/** A charstring of random moves, lines, curves, stems and closed contours. */
function randomCharString(random: SeededRandom): string {
  const number = (): number => random.below(3) * (random.below(500) - 250) * (random.below(20) === 0 ? 7 : 1);
  const numbers = (count: number): string => Array.from({ length: count }, number).join(' ');
  const makers: readonly (() => string)[] = [
    () => `${numbers(2)} rmoveto`,
    () => `${numbers(1)} hmoveto`,
    () => `${numbers(2)} rlineto`,
    () => `${numbers(1)} hlineto`,
    () => `${numbers(1)} vlineto`,
    () => `${numbers(6)} rrcurveto`,
    () => `${numbers(4)} vhcurveto`,
    () => `${numbers(4)} hvcurveto`,
    () => `${random.below(900)} ${random.below(90)} hstem`,
    () => `${random.below(900)} ${random.below(90)} vstem`,
    () => `3 4 callsubr`,
    () => `${random.below(1000)} ${1 + random.below(9)} div hlineto`,
    () => 'closepath',
  ];
  const parts = Array.from({ length: random.below(40) }, () => makers[random.below(makers.length)]?.() ?? '');
  return `${random.below(100)} ${random.below(1000)} hsbw ${parts.join(' ')} endchar`;
}
