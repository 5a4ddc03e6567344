import { NamedGlyphs } from './named-glyphs.js';
import { lookupsOf } from './simple-codes.js';
import type { SimpleCode } from './simple-codes.js';

/** A CFF or Type 1 font program of a simple font. */
export interface NamedFont {
  readonly glyphCount: number;
  glyphName(glyph: number): string | undefined;
  /** The glyph of a character code by the built-in encoding. */
  glyphOfCode(code: number): number | undefined;
}

/**
 * Selects the glyphs that readers may show for character codes of a simple font with named glyphs (ISO 32000-2, 9.6.5.2),
 * through names and through the built-in encoding.
 */
export function selectNamedGlyphs(font: NamedFont, codes: readonly SimpleCode[]): Set<number> {
  const named = new NamedGlyphs(Array.from({ length: font.glyphCount }, (_, glyph) => font.glyphName(glyph)));
  const glyphs = new Set<number>();
  for (const code of codes) {
    for (const glyph of named.find(lookupsOf(code))) glyphs.add(glyph);
    const encoded = font.glyphOfCode(code.code);
    if (encoded !== undefined) glyphs.add(encoded);
  }
  return glyphs;
}
