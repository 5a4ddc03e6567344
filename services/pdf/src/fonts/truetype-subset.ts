import { FontBytes } from './font-bytes.js';
import { FontError } from './font-error.js';
import { readSfntTables, writeSfnt } from './sfnt.js';
import { TrueTypeGlyphs } from './truetype-glyphs.js';
import { subsetMetrics } from './truetype-metrics.js';
import { glyphData, glyphSourceOf, requiredTables, writeGlyphs } from './truetype-tables.js';
import type { GlyphSource } from './truetype-tables.js';

/** Tables that viewers of a PDF use (ISO 32000-2, 9.9.1). The others are left out of a subset. */
const KEPT_TABLES = ['head', 'hhea', 'maxp', 'cvt ', 'fpgm', 'prep'] as const;
const ASCENDER_AT = 4;

/** What a subset of a TrueType font keeps. */
export interface TrueTypeSelection {
  readonly glyphs: ReadonlySet<number>;
  /** The tables `cmap` and `post` of the subset. Undefined leaves a table out. */
  readonly cmap: Uint8Array | undefined;
  readonly post: Uint8Array | undefined;
}

/** A subset and the glyphs in it, with the parts of composite glyphs. */
export interface TrueTypeSubset {
  readonly bytes: Uint8Array;
  readonly glyphs: ReadonlySet<number>;
  readonly glyphCount: number;
}

/**
 * Empties all glyphs of a TrueType font but the selected ones and their parts. Glyphs keep their indexes, outlines,
 * instructions and widths. Throws a `FontError` if a glyph to keep or a required table is not understood.
 */
export function subsetTrueType(bytes: Uint8Array, selection: TrueTypeSelection): TrueTypeSubset {
  const font = readSfntTables(bytes);
  const table = requiredTables(font);
  const source = glyphSourceOf(table);
  const { glyphCount } = source;
  const glyphs = withComponents(source, selection.glyphs);
  const { head, glyf, loca } = writeGlyphs(table.head, glyphCount, (glyph) =>
    glyphs.has(glyph) ? glyphData(source, glyph) : undefined,
  );
  const kept = new Map<string, Uint8Array>();
  for (const tag of KEPT_TABLES) {
    const data = font.tables.get(tag);
    if (data) kept.set(tag, data);
  }
  const os2 = font.tables.get('OS/2');
  // FreeType takes the height of a line from there if `hhea` has none.
  if (os2 && new FontBytes(table.hhea, ASCENDER_AT).uint32() === 0) kept.set('OS/2', os2);
  kept.set('head', head).set('glyf', glyf).set('loca', loca);
  kept.set('hmtx', subsetMetrics(table.hhea, table.hmtx, glyphs));
  if (selection.cmap) kept.set('cmap', selection.cmap);
  if (selection.post) kept.set('post', selection.post);
  return { bytes: writeSfnt({ version: font.version, tables: kept }), glyphs, glyphCount };
}

/** The selected glyphs that exist, glyph 0, and the parts of composite glyphs. */
function withComponents({ glyf, loca, glyphCount, isLong }: GlyphSource, selected: ReadonlySet<number>): Set<number> {
  const reader = new TrueTypeGlyphs(glyf, loca, { glyphCount, isLong });
  const glyphs = new Set<number>();
  const left = [0, ...selected];
  for (let glyph = left.pop(); glyph !== undefined; glyph = left.pop()) {
    if (glyphs.has(glyph) || glyph >= glyphCount) continue;
    glyphs.add(glyph);
    const components = reader.components(glyph);
    if (!components) throw new FontError(`has a glyph ${glyph} that is not understood`);
    left.push(...components);
  }
  return glyphs;
}
