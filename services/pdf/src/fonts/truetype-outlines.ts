import { FontBytes } from './font-bytes.js';
import { FontError, ifUnderstood } from './font-error.js';
import type { GlyphOutlines, Outline } from './outline.js';
import { readSfntTables } from './sfnt.js';
import { TrueTypeGlyphs } from './truetype-glyphs.js';

/** Offset of indexToLocFormat in `head`, and of numberOfHMetrics in `hhea`. */
const LOCA_FORMAT_AT = 50;
const METRICS_COUNT_AT = 34;

export interface TrueTypeOutlines extends GlyphOutlines {
  /** Returns the left side bearing in units of the font. Viewers move the outline so that it starts there. */
  readonly leftSideBearing: (glyph: number) => number | undefined;
  /** Returns the glyphs that a composite glyph consists of, or undefined if the glyph is not understood. */
  readonly components: (glyph: number) => readonly number[] | undefined;
}

interface Metric {
  readonly advance: number;
  readonly leftSideBearing: number;
}

/**
 * Reads the glyphs of a TrueType font. Composite glyphs are flattened. A glyph is not understood if its data are out of
 * bounds, cut off or use matching points. Throws a `FontError` if a required table is absent or cut off.
 */
export function readTrueTypeOutlines(bytes: Uint8Array): TrueTypeOutlines {
  const { tables } = readSfntTables(bytes);
  const table = (tag: string): Uint8Array => {
    const data = tables.get(tag);
    if (!data) throw new FontError(`has no table "${tag}"`);
    return data;
  };
  const glyphCount = new FontBytes(table('maxp'), 4).uint16();
  const isLong = new FontBytes(table('head'), LOCA_FORMAT_AT).int16() !== 0;
  const glyphs = new TrueTypeGlyphs(table('glyf'), table('loca'), { glyphCount, isLong });
  const { hhea, hmtx } = { hhea: tables.get('hhea'), hmtx: tables.get('hmtx') };
  const metric = (glyph: number): Metric | undefined => {
    if (!hhea || !hmtx || !(glyph >= 0 && glyph < glyphCount)) return undefined;
    return ifUnderstood(() => readMetric(hhea, hmtx, glyph));
  };
  return {
    glyphCount,
    outline: (glyph): Outline | undefined => glyphs.outline(glyph),
    advance: (glyph) => metric(glyph)?.advance,
    leftSideBearing: (glyph) => metric(glyph)?.leftSideBearing,
    components: (glyph) => glyphs.components(glyph),
  };
}

/** OpenType 1.9, "hmtx". Glyphs after the last metric have its advance width and a side bearing of their own. */
function readMetric(hhea: Uint8Array, hmtx: Uint8Array, glyph: number): Metric {
  const count = new FontBytes(hhea, METRICS_COUNT_AT).uint16();
  if (count === 0) throw new FontError('has no advance widths');
  const advance = new FontBytes(hmtx, 4 * Math.min(glyph, count - 1)).uint16();
  const bearingAt = glyph < count ? 4 * glyph + 2 : 4 * count + 2 * (glyph - count);
  // Viewers take an absent side bearing as 0.
  const leftSideBearing = bearingAt + 2 <= hmtx.length ? new FontBytes(hmtx, bearingAt).int16() : 0;
  return { advance, leftSideBearing };
}
