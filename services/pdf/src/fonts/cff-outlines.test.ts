import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { buildCff } from '@pdf-tools/harness/documents/cff-font';
import type { CffSource } from '@pdf-tools/harness/documents/cff-font';
import { type2 } from '@pdf-tools/harness/documents/charstrings';
import { readFont } from '@pdf-tools/harness/documents/font-reader';
import { outlineText } from '@pdf-tools/harness/documents/outline-text';
import { SeededRandom } from '@pdf-tools/harness/documents/random';
import { readCffOutlines } from './cff-outlines.js';
import { FontError } from './font-error.js';
import { sameOutline } from './outline.js';
import { OPENTYPE_CFF_VERSION, writeSfnt } from './sfnt.js';

/** The standard fonts of pdf.js are bare CFF fonts. */
const STANDARD_FONTS = join(
  dirname(createRequire(import.meta.url).resolve('pdfjs-dist/package.json')),
  'standard_fonts',
);
const CFF_FILES = readdirSync(STANDARD_FONTS).filter((name) => name.endsWith('.pfb'));

/** The outline of glyph 1 of a font with this charstring. */
function outlineOf(charString: string, more: Partial<CffSource> = {}): readonly number[] | undefined {
  return readCffOutlines(buildCff({ charStrings: [type2('endchar'), type2(charString)], ...more })).outline(1);
}

function pathOf(charString: string, more: Partial<CffSource> = {}): string | undefined {
  return outlineText(outlineOf(charString, more));
}

describe('readCffOutlines', () => {
  it.each(CFF_FILES)('returns the outlines that fontkit reads from %s', (file) => {
    const bytes = readFileSync(join(STANDARD_FONTS, file));
    const font = readCffOutlines(bytes);
    const expected = readFont(asOpenType(bytes, font.glyphCount));
    const glyphs = Array.from({ length: font.glyphCount }, (_, glyph) => glyph);
    expect(glyphs.filter((glyph) => !sameOutline(font.outline(glyph) ?? [NaN], expected.outline(glyph)))).toEqual([]);
    expect(font.glyphCount).toBeGreaterThan(100);
  });

  it.each([
    ['rlineto', '10 20 rmoveto 1 2 3 4 rlineto endchar', 'M 10 20 L 11 22 L 14 26'],
    ['hlineto', '10 hmoveto 1 2 3 hlineto endchar', 'M 10 0 L 11 0 L 11 2 L 14 2'],
    ['vlineto', '10 vmoveto 1 2 vlineto endchar', 'M 0 10 L 0 11 L 2 11'],
    ['rrcurveto', '0 hmoveto 1 2 3 4 5 6 rrcurveto endchar', 'M 0 0 C 1 2 4 6 9 12'],
    ['rcurveline', '0 hmoveto 1 2 3 4 5 6 7 8 rcurveline endchar', 'M 0 0 C 1 2 4 6 9 12 L 16 20'],
    ['rlinecurve', '0 hmoveto 7 8 1 2 3 4 5 6 rlinecurve endchar', 'M 0 0 L 7 8 C 8 10 11 14 16 20'],
    ['vvcurveto', '0 hmoveto 9 1 2 3 4 vvcurveto endchar', 'M 0 0 C 9 1 11 4 11 8'],
    ['hhcurveto', '0 hmoveto 9 1 2 3 4 hhcurveto endchar', 'M 0 0 C 1 9 3 12 7 12'],
    ['vhcurveto', '0 hmoveto 1 2 3 4 5 6 7 8 9 vhcurveto endchar', 'M 0 0 C 0 1 2 4 6 4 C 11 4 17 11 26 19'],
    ['hvcurveto', '0 hmoveto 1 2 3 4 5 hvcurveto endchar', 'M 0 0 C 1 0 3 3 8 7'],
    ['flex', '0 hmoveto 1 2 3 4 5 6 1 2 3 4 5 6 50 flex endchar', 'M 0 0 C 1 2 4 6 9 12 C 10 14 13 18 18 24'],
    ['hflex', '0 hmoveto 1 2 3 4 5 6 7 hflex endchar', 'M 0 0 C 1 0 3 3 7 3 C 12 3 18 0 25 0'],
    ['hflex1', '0 hmoveto 1 2 3 4 5 6 7 8 9 hflex1 endchar', 'M 0 0 C 1 2 4 6 9 6 C 15 6 22 14 31 0'],
    ['flex1', '0 hmoveto 1 2 3 4 5 6 7 8 9 10 11 flex1 endchar', 'M 0 0 C 1 2 4 6 9 12 C 16 20 25 30 0 41'],
    ['arithmetic', '7 3 sub 2 mul 4 div dup rmoveto 1 2 exch rlineto 9 abs neg hlineto endchar', 'M 2 2 L 4 3 L -5 3'],
    ['stack operators', '5 6 7 3 1 roll drop exch rmoveto 1 vlineto endchar', 'M 5 7 L 5 8'],
    ['storage', '8 0 put 0 get hmoveto 1 2 3 4 ifelse hlineto endchar', 'M 8 0 L 9 0'],
    ['fractions', '0.5 hmoveto 0.25 vlineto endchar', 'M 0.5 0 L 0.5 0.25'],
  ])('draws %s', (_name, charString, path) => {
    expect(pathOf(charString)).toBe(path);
  });

  it('skips hints, hint masks with implied stems, and a width', () => {
    const charString = '33 1 2 hstemhm 3 4 5 6 hintmask #e0 10 hmoveto 1 hlineto cntrmask #20 2 vlineto endchar';
    const font = readCffOutlines(
      buildCff({ charStrings: [type2('endchar'), type2(charString)], private: [139 + 50, 20, 139 + 100, 21] }),
    );
    expect(pathOf(charString)).toBe('M 10 0 L 11 0 L 11 2');
    expect([font.advance(0), font.advance(1), font.advance(2)]).toEqual([50, 133, undefined]);
  });

  it('calls local and global subroutines, with a return or without', () => {
    const subroutines = {
      globalSubroutines: [type2('1 vlineto return')],
      localSubroutines: [type2('2 hlineto -107 callgsubr')],
    };
    expect(pathOf('5 hmoveto -107 callsubr endchar', subroutines)).toBe('M 5 0 L 7 0 L 7 1');
  });

  it('leaves out contours that draw nothing and goes on after them', () => {
    expect(pathOf('1 hmoveto 2 vmoveto 3 hlineto 4 hmoveto endchar')).toBe('M 1 2 L 4 2');
  });

  it('draws an accented character of two glyphs of StandardEncoding', () => {
    const [base, accent] = [type2('1 hmoveto 1 hlineto endchar'), type2('2 hmoveto 2 vlineto endchar')];
    // Glyphs 34 and 35 of the ISOAdobe charset are A and B.
    const charStrings = Array.from({ length: 36 }, (_, glyph) =>
      glyph === 34 ? base : glyph === 35 ? accent : type2('endchar'),
    );
    charStrings[1] = type2('100 200 65 66 endchar');
    expect(readCffOutlines(buildCff({ charStrings })).outline(1)).toEqual([0, 1, 0, 1, 2, 0, 0, 102, 200, 1, 102, 202]);
    charStrings[34] = type2('100 200 66 66 endchar');
    expect(readCffOutlines(buildCff({ charStrings })).outline(1)).toBeUndefined();
  });

  it.each([
    ['calls itself', '-107 callsubr'],
    ['calls an unknown subroutine', '5 callsubr'],
    ['has too few operands', '1 2 3 rrcurveto'],
    ['has too many operands', '1 2 3 4 hmoveto'],
    ['has an unknown operator', '#02'],
    ['is cut off', '#ff'],
    ['divides by zero', '1 0 div hmoveto 1 hlineto'],
    ['overflows the stack', Array(200).fill('1').join(' ')],
  ])('does not understand a charstring that %s', (_case, charString) => {
    expect(outlineOf(charString, { localSubroutines: [type2('-107 callsubr')] })).toBeUndefined();
  });

  it('stops charstrings that call subroutines without end', () => {
    const calls = Array.from({ length: 10 }, (_, level) => type2(`${level - 106} callsubr `.repeat(20)));
    expect(outlineOf('-107 callsubr', { localSubroutines: [...calls, type2('1 hlineto')] })).toBeUndefined();
  });

  it('reads names, a charset of ranges and an encoding with supplements', () => {
    const font = readCffOutlines(
      buildCff({
        charStrings: Array<Uint8Array>(4).fill(type2('endchar')),
        strings: ['first', 'second'],
        charset: [1, 1, 135, 1, 0, 34, 0],
        encoding: [0x80, 2, 65, 66, 1, 97, 0, 34],
      }),
    );
    expect([0, 1, 2, 3, 4].map(font.glyphName)).toEqual(['.notdef', 'first', 'second', 'A', undefined]);
    expect(['A', 'second', 'B'].map(font.glyphOfName)).toEqual([3, 2, undefined]);
    expect([...font.encoding]).toEqual([
      [65, 1],
      [66, 2],
      [97, 3],
    ]);
    expect(font.fontMatrix(1)).toEqual([0.001, 0, 0, 0.001, 0, 0]);
  });

  it('reads CIDs, and the matrix of the font', () => {
    const font = readCffOutlines(
      buildCff({
        charStrings: Array<Uint8Array>(3).fill(type2('endchar')),
        charset: [0, 0, 7, 0, 9],
        fdSelect: [3, 0, 2, 0, 0, 0, 0, 1, 1, 0, 3],
        // 0.0005 0 0 0.0005 0 0 FontMatrix.
        top: [30, 0xa0, 0x00, 0x5f, 139, 139, 30, 0xa0, 0x00, 0x5f, 139, 139, 12, 7],
      }),
    );
    expect([font.isCid, font.cid(2), font.glyphOfCid(9), font.glyphOfCid(1)]).toEqual([true, 9, 2, undefined]);
    expect(font.fontMatrix(2)).toEqual([0.0005, 0, 0, 0.0005, 0, 0]);
    expect([font.outline(2), font.outline(3), font.glyphName(1)]).toEqual([[], undefined, undefined]);
  });

  it('rejects a font without glyphs and bytes that are no CFF font', () => {
    expect(() => readCffOutlines(buildCff({ charStrings: [] }))).toThrow(new FontError('has no glyphs'));
    expect(() => readCffOutlines(Buffer.from('OTTO'))).toThrow(FontError);
    expect(() => readCffOutlines(new Uint8Array(0))).toThrow(FontError);
  });

  it('throws only a FontError for damaged fonts', () => {
    const random = new SeededRandom(19);
    const original = buildCff({
      charStrings: [
        type2('endchar'),
        type2('1 2 hstemhm 3 4 hintmask #c0 1 hmoveto -107 callsubr 5 6 7 8 vhcurveto endchar'),
      ],
      localSubroutines: [type2('1 2 rlineto return')],
      charset: [1, 0, 34, 0],
      encoding: [1, 1, 65, 0],
    });
    const errors = new Set<string>();
    for (let count = 0; count < 4000; count++) {
      const bytes = original.slice(0, original.length - (count % 3 === 0 ? random.below(original.length) : 0));
      for (let at = random.below(4); at >= 0; at--) bytes[random.below(bytes.length + 1)] = random.below(256);
      try {
        const font = readCffOutlines(bytes);
        for (let glyph = 0; glyph < 5; glyph++)
          [font.outline, font.advance, font.fontMatrix].forEach((read) => read(glyph));
      } catch (error) {
        errors.add((error as Error).name);
      }
    }
    expect([...errors]).toEqual(['FontError']);
  });
});

/** Wraps a bare CFF font in an OpenType font with the tables that fontkit needs. */
function asOpenType(cff: Uint8Array, glyphCount: number): Uint8Array {
  const table = (length: number, at: number, value: number): Uint8Array => {
    const bytes = Buffer.alloc(length);
    bytes.writeUInt16BE(value, at);
    return bytes;
  };
  const tables: readonly (readonly [string, Uint8Array])[] = [
    ['CFF ', cff],
    ['head', table(54, 18, 1000)],
    ['hhea', table(36, 34, glyphCount)],
    ['hmtx', Buffer.alloc(4 * glyphCount)],
    ['maxp', table(32, 4, glyphCount)],
  ];
  return writeSfnt({ version: OPENTYPE_CFF_VERSION, tables: new Map(tables) });
}
