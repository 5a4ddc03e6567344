import { CffOperator } from './cff-dict.js';
import type { CffDict } from './cff-dict.js';
import { readCffFont } from './cff-font.js';
import type { CffFont } from './cff-font.js';
import { readCffOutlines } from './cff-outlines.js';
import type { CffOutlines } from './cff-outlines.js';
import { sameOutline } from './outline.js';

/**
 * Whether a subset of a CFF font shows the same glyphs as its original: outlines, widths, names, CIDs, matrices, hints and
 * codes. `glyphs` maps the indexes of the original to those of the subset. Throws a `FontError` if a font is not
 * understood.
 */
export function isSameCff(original: Uint8Array, subset: Uint8Array, glyphs: ReadonlyMap<number, number>): boolean {
  const [one, other] = [readCffOutlines(original), readCffOutlines(subset)];
  for (const [before, after] of glyphs) if (!isSameGlyph(one, other, { before, after })) return false;
  for (const [code, glyph] of one.encoding) {
    const after = glyphs.get(glyph);
    if (after !== undefined && other.encoding.get(code) !== after) return false;
  }
  return haveSameHints(readCffFont(original), readCffFont(subset), glyphs);
}

interface Pair {
  readonly before: number;
  readonly after: number;
}

function isSameGlyph(one: CffOutlines, other: CffOutlines, { before, after }: Pair): boolean {
  const [outline, kept] = [one.outline(before), other.outline(after)];
  return (
    outline !== undefined &&
    kept !== undefined &&
    sameOutline(outline, kept) &&
    one.advance(before) === other.advance(after) &&
    one.glyphName(before) === other.glyphName(after) &&
    one.cid(before) === other.cid(after) &&
    one.fontMatrix(before).join() === other.fontMatrix(after).join()
  );
}

/** Whether the glyphs have equal Private DICTs. */
function haveSameHints(one: CffFont, other: CffFont, glyphs: ReadonlyMap<number, number>): boolean {
  const compared = new Map<number | undefined, number | undefined>();
  for (const [before, after] of glyphs) compared.set(one.fdSelect?.[before], other.fdSelect?.[after]);
  return [...compared].every(
    ([before = 0, after = 0]) =>
      hintsOf(one.fontDicts[before]?.private.dict) === hintsOf(other.fontDicts[after]?.private.dict),
  );
}

function hintsOf(dict: CffDict | undefined): string {
  return JSON.stringify([...(dict ?? [])].filter(([operator]) => operator !== CffOperator.Subrs));
}
