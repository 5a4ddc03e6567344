import { isSameTrueType, selectSimpleGlyphs, subsetTrueType } from '@pdf-tools/pdf';
import type { PdfFile, TrueTypeSelection } from '@pdf-tools/pdf';
import { codesOfFonts, glyphsOfCids, shownCids } from './font-codes.js';
import type { Kept, ProgramSubset, ShownFont } from './subset-program.js';

/** Makes a subset of a TrueType font, or of an OpenType font with TrueType outlines. */
export function subsetTrueTypeProgram(
  file: PdfFile,
  bytes: Uint8Array,
  fonts: readonly ShownFont[],
): ProgramSubset | Kept {
  const codes = codesOfFonts(file, fonts);
  const selection: TrueTypeSelection = fonts.some(({ cidFont }) => !cidFont)
    ? selectSimpleGlyphs(bytes, codes)
    : { glyphs: new Set(), cmap: undefined, post: undefined };
  const glyphs = new Set(selection.glyphs);
  for (const { cidFont, use } of fonts) {
    if (!cidFont || !use) continue;
    const found = glyphsOfCids(file, cidFont, shownCids(use));
    if (!found) return { reason: 'its map from CIDs to glyphs is not understood' };
    for (const glyph of found) glyphs.add(glyph);
  }
  const subset = subsetTrueType(bytes, { ...selection, glyphs });
  if (!isSameTrueType(bytes, subset.bytes, { glyphs: subset.glyphs, selected: selection.glyphs, codes }))
    return { reason: 'its subset would show other glyphs' };
  return {
    kind: 'TrueType',
    bytes: subset.bytes,
    glyphsBefore: subset.glyphCount,
    glyphsAfter: subset.glyphs.size,
  };
}
