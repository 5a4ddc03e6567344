import type { CffOutlines } from './cff-outlines.js';
import { NamedGlyphs } from './named-glyphs.js';
import { lookupsOf } from './simple-codes.js';
import type { SimpleCode } from './simple-codes.js';

/**
 * Selects the glyphs that readers may show for character codes of a simple font with a CFF program (ISO 32000-2,
 * 9.6.5.2), through names and through the built-in encoding.
 */
export function selectSimpleCffGlyphs(font: CffOutlines, codes: readonly SimpleCode[]): Set<number> {
  const named = new NamedGlyphs(Array.from({ length: font.glyphCount }, (_, glyph) => font.glyphName(glyph)));
  const glyphs = new Set<number>();
  for (const code of codes) {
    for (const glyph of named.find(lookupsOf(code))) glyphs.add(glyph);
    const encoded = font.encoding.get(code.code);
    if (encoded !== undefined) glyphs.add(encoded);
  }
  return glyphs;
}
