import { sameOutline } from './outline.js';
import type { GlyphOutlines } from './outline.js';

/**
 * Whether a subset has the same outlines and advance widths as its original for these glyphs. Glyphs that are not
 * understood are different.
 */
export function haveSameGlyphs(original: GlyphOutlines, subset: GlyphOutlines, glyphs: Iterable<number>): boolean {
  for (const glyph of glyphs) {
    const [one, other] = [original.outline(glyph), subset.outline(glyph)];
    if (!one || !other || !sameOutline(one, other)) return false;
    if (original.advance(glyph) !== subset.advance(glyph)) return false;
  }
  return true;
}
