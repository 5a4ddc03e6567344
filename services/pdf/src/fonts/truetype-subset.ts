import { FontBytes } from './font-bytes.js';
import { FontError } from './font-error.js';
import { readSfntTables, writeSfnt } from './sfnt.js';
import { TrueTypeGlyphs } from './truetype-glyphs.js';
import { subsetMetrics } from './truetype-metrics.js';

/** Tables that viewers of a PDF use (ISO 32000-2, 9.9.1). The others are left out of a subset. */
const KEPT_TABLES = ['head', 'hhea', 'maxp', 'cvt ', 'fpgm', 'prep'] as const;
const REQUIRED_TABLES = ['head', 'hhea', 'maxp', 'hmtx', 'loca', 'glyf'] as const;
const GLYPH_COUNT_AT = 4;
const LOCA_FORMAT_AT = 50;
const ASCENDER_AT = 4;
/** The largest offset that a `loca` with 16-bit entries can have. */
const MAX_SHORT_OFFSET = 2 * 0xffff;

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
  const { version, tables } = readSfntTables(bytes);
  const required = new Map(REQUIRED_TABLES.map((tag) => [tag, tables.get(tag)]));
  const table = (tag: (typeof REQUIRED_TABLES)[number]): Uint8Array => {
    const data = required.get(tag);
    if (!data) throw new FontError(`has no table "${tag}"`);
    return data;
  };
  const glyphCount = new FontBytes(table('maxp'), GLYPH_COUNT_AT).uint16();
  const isLong = new FontBytes(table('head'), LOCA_FORMAT_AT).int16() !== 0;
  const source = { glyf: table('glyf'), loca: table('loca'), glyphCount, isLong };
  const glyphs = withComponents(source, selection.glyphs);
  const { glyf, loca, isLongLoca } = subsetGlyphs(source, glyphs);
  const kept = new Map<string, Uint8Array>();
  for (const tag of KEPT_TABLES) {
    const data = tables.get(tag);
    if (data) kept.set(tag, data);
  }
  const os2 = tables.get('OS/2');
  // FreeType takes the height of a line from there if `hhea` has none.
  if (os2 && new FontBytes(table('hhea'), ASCENDER_AT).uint32() === 0) kept.set('OS/2', os2);
  const head = Uint8Array.from(table('head'));
  new DataView(head.buffer).setInt16(LOCA_FORMAT_AT, isLongLoca ? 1 : 0);
  kept.set('head', head).set('glyf', glyf).set('loca', loca);
  kept.set('hmtx', subsetMetrics(table('hhea'), table('hmtx'), glyphs));
  if (selection.cmap) kept.set('cmap', selection.cmap);
  if (selection.post) kept.set('post', selection.post);
  return { bytes: writeSfnt({ version, tables: kept }), glyphs, glyphCount };
}

interface GlyphSource {
  readonly glyf: Uint8Array;
  readonly loca: Uint8Array;
  readonly glyphCount: number;
  readonly isLong: boolean;
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

interface GlyphTables {
  readonly glyf: Uint8Array;
  readonly loca: Uint8Array;
  readonly isLongLoca: boolean;
}

function subsetGlyphs(source: GlyphSource, glyphs: ReadonlySet<number>): GlyphTables {
  const parts: Uint8Array[] = [];
  const offsets = new Uint32Array(source.glyphCount + 1);
  let size = 0;
  for (let glyph = 0; glyph < source.glyphCount; glyph++) {
    offsets[glyph] = size;
    if (!glyphs.has(glyph)) continue;
    const data = glyphData(source, glyph);
    parts.push(data);
    size += data.length;
    if (size % 2 === 1) {
      parts.push(new Uint8Array(1));
      size += 1;
    }
  }
  offsets[source.glyphCount] = size;
  const isLongLoca = size > MAX_SHORT_OFFSET;
  // Some readers refuse an empty table.
  if (size === 0) parts.push(new Uint8Array(2));
  return { glyf: Buffer.concat(parts), loca: locaOf(offsets, isLongLoca), isLongLoca };
}

/** The data of a glyph. Throws a `FontError` if `loca` is not sorted or leads out of the table. */
function glyphData({ glyf, loca, isLong }: GlyphSource, glyph: number): Uint8Array {
  const reader = new FontBytes(loca, glyph * (isLong ? 4 : 2));
  const start = isLong ? reader.uint32() : 2 * reader.uint16();
  const end = isLong ? reader.uint32() : 2 * reader.uint16();
  if (end < start || end > glyf.length) throw new FontError(`has a glyph ${glyph} outside of its table`);
  return glyf.subarray(start, end);
}

function locaOf(offsets: Uint32Array, isLong: boolean): Uint8Array {
  const bytes = new Uint8Array(offsets.length * (isLong ? 4 : 2));
  const view = new DataView(bytes.buffer);
  for (const [index, offset] of offsets.entries()) {
    if (isLong) view.setUint32(4 * index, offset);
    else view.setUint16(2 * index, offset / 2);
  }
  return bytes;
}
