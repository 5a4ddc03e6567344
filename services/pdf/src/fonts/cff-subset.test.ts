import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { buildCff } from '@pdf-tools/harness/documents/cff-font';
import { type2 } from '@pdf-tools/harness/documents/charstrings';
import { SeededRandom } from '@pdf-tools/harness/documents/random';
import { isSameCff } from './cff-check.js';
import { readCffOutlines } from './cff-outlines.js';
import { subsetCff } from './cff-subset.js';
import { FontError } from './font-error.js';
import { selectNamedGlyphs } from './simple-names.js';

/** The standard fonts of pdf.js are bare CFF fonts. */
const STANDARD_FONTS = join(
  dirname(createRequire(import.meta.url).resolve('pdfjs-dist/package.json')),
  'standard_fonts',
);
const CFF_FILES = readdirSync(STANDARD_FONTS).filter((name) => name.endsWith('.pfb'));
const KEPT = { keepsIndexes: true };

/** A CID-keyed font of three glyphs with the CIDs 0, 7 and 9. Glyph 2 has another Font DICT and uses subroutines. */
const CID_FONT = buildCff({
  charStrings: [type2('endchar'), type2('1 hmoveto 2 vlineto endchar'), type2('-107 callsubr -106 callgsubr endchar')],
  globalSubroutines: [type2('9 vlineto return'), type2('3 vlineto return')],
  localSubroutines: [type2('5 hmoveto 6 hlineto return'), type2('7 hlineto return')],
  charset: [0, 0, 7, 0, 9],
  fdSelect: [3, 0, 2, 0, 0, 0, 0, 2, 1, 0, 3],
});

describe('subsetCff', () => {
  it.each(CFF_FILES)('keeps names, codes and outlines of the glyphs in use of %s', (file) => {
    const bytes = readFileSync(join(STANDARD_FONTS, file));
    const font = readCffOutlines(bytes);
    const glyphs = new Set([5, 7, 40]);
    const subset = subsetCff(bytes, glyphs, KEPT);
    expect([...subset.glyphs.keys()].sort((one, other) => one - other)).toEqual([0, 5, 7, 40]);
    expect(isSameCff(bytes, subset.bytes, subset.glyphs)).toBe(true);
    const kept = readCffOutlines(subset.bytes);
    expect(kept.glyphCount).toBe(font.glyphCount);
    for (const glyph of glyphs) {
      expect(kept.outline(glyph)).toEqual(font.outline(glyph));
      expect(kept.glyphName(glyph)).toBe(font.glyphName(glyph));
    }
    expect(kept.outline(6)).toEqual([]);
    expect(subset.bytes.length).toBeLessThan(bytes.length / 4);
  });

  it('removes the other glyphs of a CID-keyed font, and the subroutines that only they use', () => {
    const font = readCffOutlines(CID_FONT);
    const subset = subsetCff(CID_FONT, new Set([2]), { keepsIndexes: false });
    const kept = readCffOutlines(subset.bytes);
    expect([kept.glyphCount, kept.cid(1), kept.glyphOfCid(7)]).toEqual([2, 9, undefined]);
    expect(kept.outline(1)).toEqual(font.outline(2));
    expect(font.outline(2)).toEqual([0, 5, 0, 1, 11, 0, 1, 11, 3]);
    expect(isSameCff(CID_FONT, subset.bytes, subset.glyphs)).toBe(true);
    const whole = subsetCff(CID_FONT, new Set([1, 2]), { keepsIndexes: true });
    expect(whole.bytes.length).toBeGreaterThan(subset.bytes.length);
    expect(isSameCff(CID_FONT, whole.bytes, whole.glyphs)).toBe(true);
  });

  it('leaves no empty names, which FreeType does not understand', () => {
    const charStrings = Array<Uint8Array>(3).fill(type2('endchar'));
    const font = buildCff({ charStrings, charset: [0, 1, 135, 1, 136], strings: ['first', 'second'] });
    const kept = readCffOutlines(subsetCff(font, new Set([2]), KEPT).bytes);
    expect([kept.glyphName(1), kept.glyphName(2)]).toEqual(['.', 'second']);
  });

  it('keeps the parts of accented characters', () => {
    // Glyphs 34 and 35 of the ISOAdobe charset are A and B.
    const charStrings = Array.from({ length: 36 }, () => type2('1 hmoveto 1 hlineto endchar'));
    charStrings[1] = type2('100 200 65 66 endchar');
    const subset = subsetCff(buildCff({ charStrings }), new Set([1]), KEPT);
    expect([...subset.glyphs.keys()].sort((one, other) => one - other)).toEqual([0, 1, 34, 35]);
  });

  it('refuses a glyph in use that is not understood', () => {
    const charStrings = [type2('endchar'), type2('5 callsubr'), type2('1 hmoveto 1 hlineto endchar')];
    const font = buildCff({ charStrings });
    expect(() => subsetCff(font, new Set([1]), KEPT)).toThrow(FontError);
    expect(subsetCff(font, new Set([2]), KEPT).glyphs.size).toBe(2);
  });

  it('throws only a FontError for damaged fonts', () => {
    const random = new SeededRandom(20);
    const errors = new Set<string>();
    for (let count = 0; count < 2000; count++) {
      const bytes = CID_FONT.slice();
      for (let at = random.below(4); at >= 0; at--) bytes[random.below(bytes.length)] = random.below(256);
      try {
        const subset = subsetCff(bytes, new Set([1, 2]), { keepsIndexes: count % 2 === 0 });
        isSameCff(bytes, subset.bytes, subset.glyphs);
      } catch (error) {
        errors.add((error as Error).name);
      }
    }
    expect([...errors]).toEqual(['FontError']);
  });
});

describe('isSameCff', () => {
  const font = (charString: string, more = {}) =>
    buildCff({ charStrings: [type2('endchar'), type2(charString)], ...more });
  const original = font('1 hmoveto 2 hlineto endchar', { encoding: [0, 1, 65] });

  it.each([
    ['an outline', font('1 hmoveto 3 hlineto endchar', { encoding: [0, 1, 65] })],
    ['a width', font('9 1 hmoveto 2 hlineto endchar', { encoding: [0, 1, 65] })],
    ['a code', font('1 hmoveto 2 hlineto endchar', { encoding: [0, 1, 66] })],
    ['a name', font('1 hmoveto 2 hlineto endchar', { encoding: [0, 1, 65], charset: [0, 0, 5] })],
    ['a hint', font('1 hmoveto 2 hlineto endchar', { encoding: [0, 1, 65], private: [139 + 9, 10] })],
  ])('finds %s that differs', (_, other) => {
    const glyphs = new Map([[1, 1]]);
    expect(isSameCff(original, original, glyphs)).toBe(true);
    expect(isSameCff(original, other, glyphs)).toBe(false);
  });
});

describe('selectNamedGlyphs', () => {
  it('finds glyphs by the names of encodings, by names of the same character and by the built-in encoding', () => {
    const charStrings = Array<Uint8Array>(5).fill(type2('endchar'));
    // The glyphs are A, mu, an own name and B.
    const charset = [0, 0, 34, 0, 152, 1, 135, 0, 35];
    const outlines = readCffOutlines(
      buildCff({ charStrings, charset, strings: ['own'], encoding: [0, 4, 1, 2, 3, 200] }),
    );
    const font = { ...outlines, glyphOfCode: (code: number) => outlines.encoding.get(code) };
    const selected = (code: number, name?: string) => [...selectNamedGlyphs(font, [{ code, name }])];
    expect(selected(65)).toEqual([1]);
    expect(selected(9, 'mu1')).toEqual([2]);
    expect(selected(9, 'own')).toEqual([3]);
    expect(selected(200)).toEqual([4]);
  });
});
