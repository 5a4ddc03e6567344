import {
  cffTableOf,
  isSameOpenTypeCff,
  readCffOutlines,
  selectNamedGlyphs,
  selectSimpleGlyphs,
  subsetOpenTypeCff,
} from '@pdf-tools/pdf';
import type { CffOutlines, PdfFile } from '@pdf-tools/pdf';
import { codesOfFonts, glyphsOfCids, shownCids } from './font-codes.js';
import type { Kept, ProgramSubset, ShownFont } from './subset-program.js';

/** Makes a subset of an OpenType font with CFF outlines. */
export function subsetOpenTypeProgram(file: PdfFile, bytes: Buffer, fonts: readonly ShownFont[]): ProgramSubset | Kept {
  const font = readCffOutlines(cffTableOf(bytes));
  const codes = codesOfFonts(file, fonts);
  const selection = fonts.some(({ cidFont }) => !cidFont)
    ? selectSimpleGlyphs(bytes, codes)
    : { glyphs: new Set<number>(), cmap: undefined, post: undefined };
  const named = selectNamedGlyphs({ ...font, glyphOfCode: (code: number) => font.encoding.get(code) }, codes);
  const glyphs = new Set([...selection.glyphs, ...named]);
  for (const shown of fonts) {
    const found = glyphsOfCidFont(file, font, shown);
    if (!found) return { reason: 'its map from CIDs to glyphs is not understood' };
    for (const glyph of found) glyphs.add(glyph);
  }
  const subset = subsetOpenTypeCff(bytes, { ...selection, glyphs });
  if (!isSameOpenTypeCff(bytes, subset.bytes, { glyphs: subset.glyphs, codes }))
    return { reason: 'its subset would show other glyphs' };
  return {
    kind: 'OpenType CFF',
    bytes: subset.bytes,
    glyphsBefore: subset.glyphCount,
    glyphsAfter: subset.glyphs.size,
  };
}

/** All glyphs that readers may show for the CIDs: by the charset of the font, by index and by /CIDToGIDMap. */
function glyphsOfCidFont(file: PdfFile, font: CffOutlines, { cidFont, use }: ShownFont): Iterable<number> | undefined {
  if (!cidFont || !use) return [];
  const cids = shownCids(use);
  const mapped = glyphsOfCids(file, cidFont, cids);
  return mapped && [...mapped, ...cids, ...[...cids].flatMap((cid) => font.glyphOfCid(cid) ?? [])];
}
