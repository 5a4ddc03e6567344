import { describe, expect, it } from '@jest/globals';
import { type1 } from '@pdf-tools/harness/documents/charstrings';
import { buildType1 } from '@pdf-tools/harness/documents/type1-font';
import type { Type1Source } from '@pdf-tools/harness/documents/type1-font';
import { FontError } from './font-error.js';
import { readType1Font } from './type1-font.js';
import type { Type1Font } from './type1-font.js';
import { joinType1Fonts } from './type1-join.js';

const A = type1('0 500 hsbw 9 hmoveto 6 hlineto 7 vlineto closepath endchar');
const B = type1('0 600 hsbw 0 callsubr endchar');
const STUB = type1('return');
const SQUARE = type1('5 hlineto 5 vlineto -5 hlineto closepath return');

function font(source: Type1Source): Type1Font {
  return readType1Font(buildType1(source));
}

describe('joinType1Fonts', () => {
  it('has the glyphs of all subsets, and the subroutines that one of them uses', () => {
    const one = font({ glyphs: { A }, subroutines: [STUB] });
    const other = font({ glyphs: { B }, subroutines: [SQUARE] });
    const joined = joinType1Fonts([one, other]);
    expect([...joined.charStrings.keys()].sort()).toEqual(['A', 'B']);
    expect(joined.subroutines.get(0)).toEqual(other.subroutines.get(0));
  });

  it.each<[string, Type1Source]>([
    ['another glyph of the name', { glyphs: { A: B }, subroutines: [SQUARE] }],
    ['another code for a glyph', { glyphs: { B: A }, encoding: '256 array dup 65 /B put readonly' }],
    ['another matrix', { glyphs: { B: A }, fontMatrix: '[0.002 0 0 0.001 0 0]' }],
    ['other hints', { glyphs: { B: A }, private: '/StdHW [40] def' }],
    ['other subroutines', { glyphs: { B }, subroutines: [type1('6 hlineto 6 vlineto closepath return')] }],
    ['a glyph that uses an empty subroutine', { glyphs: { B }, subroutines: [STUB] }],
  ])('refuses a font with %s', (_what, source) => {
    const one = font({ glyphs: { A }, subroutines: [SQUARE] });
    expect(() => joinType1Fonts([one, font(source)])).toThrow(FontError);
  });
});
