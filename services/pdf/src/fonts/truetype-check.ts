import { readCmap } from './cmap.js';
import type { CmapSubtable } from './cmap.js';
import { readPostNames } from './post-names.js';
import { haveSameGlyphs } from './same-glyphs.js';
import { readSfntTables } from './sfnt.js';
import { lookupsOf } from './simple-codes.js';
import type { SimpleCode } from './simple-codes.js';
import { readTrueTypeOutlines } from './truetype-outlines.js';

/** What a subset is compared by. */
interface Compared {
  /** All glyphs of the subset. */
  readonly glyphs: ReadonlySet<number>;
  /** The glyphs that `codes` lead to. Only these keep their names. */
  readonly selected: ReadonlySet<number>;
  readonly codes: readonly SimpleCode[];
}

/**
 * Whether a subset of a TrueType font shows the same glyphs as its original: the outlines, widths and names of its
 * glyphs, and the glyphs that each character map has for the codes. Throws a `FontError` if a font is not understood.
 */
export function isSameTrueType(
  original: Uint8Array,
  subset: Uint8Array,
  { glyphs, selected, codes }: Compared,
): boolean {
  const [one, other] = [readTrueTypeOutlines(original), readTrueTypeOutlines(subset)];
  if (one.glyphCount !== other.glyphCount || !haveSameGlyphs(one, other, glyphs)) return false;
  for (const glyph of glyphs) if (one.leftSideBearing(glyph) !== other.leftSideBearing(glyph)) return false;
  return codes.length === 0 || (haveSameMaps(original, subset, codes) && haveSameNames(original, subset, selected));
}

/** Whether each character map has the same glyphs for the codes. */
export function haveSameMaps(original: Uint8Array, subset: Uint8Array, codes: readonly SimpleCode[]): boolean {
  const [ones, others] = [cmapOf(original), cmapOf(subset)];
  if (ones.length !== others.length) return false;
  const lookups = new Set(codes.flatMap((code) => [...lookupsOf(code).codes]));
  return ones.every(({ platform, encoding, glyphs }, index) => {
    const other = others[index];
    if (other?.platform !== platform || other.encoding !== encoding) return false;
    for (const code of lookups) if (glyphs?.get(code) !== other.glyphs?.get(code)) return false;
    return true;
  });
}

function cmapOf(bytes: Uint8Array): CmapSubtable[] {
  const table = readSfntTables(bytes).tables.get('cmap');
  return table ? readCmap(table).filter(({ format }) => format !== 14) : [];
}

function haveSameNames(original: Uint8Array, subset: Uint8Array, glyphs: ReadonlySet<number>): boolean {
  const [ones, others] = [namesOf(original), namesOf(subset)];
  for (const glyph of glyphs) if (ones?.[glyph] !== others?.[glyph]) return false;
  return true;
}

function namesOf(bytes: Uint8Array): readonly (string | undefined)[] | undefined {
  const table = readSfntTables(bytes).tables.get('post');
  return table && readPostNames(table);
}
