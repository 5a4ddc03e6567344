import { isSameCff, readCffOutlines, selectNamedGlyphs, subsetCff } from '@pdf-tools/pdf';
import type { CffOutlines, PdfFile } from '@pdf-tools/pdf';
import { nameEntry } from './font-finder.js';
import { codesOfFonts, shownCids } from './font-codes.js';
import type { Kept, ProgramSubset, ShownFont } from './subset-program.js';

/** Makes a subset of a bare CFF font. */
export function subsetCffProgram(file: PdfFile, bytes: Buffer, fonts: readonly ShownFont[]): ProgramSubset | Kept {
  const font = readCffOutlines(bytes);
  const glyphs = new Set<number>();
  for (const shown of fonts) {
    const found = shown.cidFont ? glyphsOfCidFont(file, font, shown) : undefined;
    if (shown.cidFont ? !found : font.isCid) return { reason: 'its map from codes to glyphs is not understood' };
    for (const glyph of found ?? []) glyphs.add(glyph);
  }
  const named = { ...font, glyphOfCode: (code: number) => font.encoding.get(code) };
  for (const glyph of selectNamedGlyphs(named, codesOfFonts(file, fonts))) glyphs.add(glyph);
  const subset = subsetCff(bytes, glyphs, { keepsIndexes: false });
  if (!isSameCff(bytes, subset.bytes, subset.glyphs)) return { reason: 'its subset would show other glyphs' };
  return {
    kind: 'CFF',
    bytes: subset.bytes,
    glyphsBefore: subset.glyphCount,
    glyphsAfter: subset.glyphs.size,
  };
}

/**
 * The glyphs of CIDs in a CIDFont of type 0 (ISO 32000-2, 9.7.4.2). In a font that is not CID-keyed, CIDs are the indexes
 * of glyphs. Undefined if readers differ in what they show.
 */
function glyphsOfCidFont(file: PdfFile, font: CffOutlines, { cidFont, use }: ShownFont): Set<number> | undefined {
  if (!cidFont || nameEntry(file, cidFont, 'Subtype') !== 'CIDFontType0') return undefined;
  const map = file.resolve(cidFont.get('CIDToGIDMap'));
  if (map !== null && nameEntry(file, cidFont, 'CIDToGIDMap') !== 'Identity') return undefined;
  const cids = use ? shownCids(use) : new Set<number>();
  return new Set([...cids].flatMap((cid) => (font.isCid ? (font.glyphOfCid(cid) ?? []) : cid)));
}
