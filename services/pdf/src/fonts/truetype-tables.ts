import { FontBytes } from './font-bytes.js';
import { FontError } from './font-error.js';
import type { SfntTables } from './sfnt.js';

const GLYPH_COUNT_AT = 4;
const LOCA_FORMAT_AT = 50;
/** The largest offset that a `loca` with 16-bit entries can have. */
const MAX_SHORT_OFFSET = 2 * 0xffff;

/** The tables that every TrueType font has. */
export type RequiredTables = Readonly<Record<'head' | 'hhea' | 'maxp' | 'hmtx' | 'loca' | 'glyf', Uint8Array>>;

/** Throws a `FontError` if a table is missing. */
export function requiredTables({ tables }: SfntTables): RequiredTables {
  const table = (tag: keyof RequiredTables): Uint8Array => {
    const data = tables.get(tag);
    if (!data) throw new FontError(`has no table "${tag}"`);
    return data;
  };
  return {
    head: table('head'),
    hhea: table('hhea'),
    maxp: table('maxp'),
    hmtx: table('hmtx'),
    loca: table('loca'),
    glyf: table('glyf'),
  };
}

export interface GlyphSource {
  readonly glyf: Uint8Array;
  readonly loca: Uint8Array;
  readonly glyphCount: number;
  readonly isLong: boolean;
}

export function glyphSourceOf({ glyf, loca, maxp, head }: RequiredTables): GlyphSource {
  const glyphCount = new FontBytes(maxp, GLYPH_COUNT_AT).uint16();
  return { glyf, loca, glyphCount, isLong: new FontBytes(head, LOCA_FORMAT_AT).int16() !== 0 };
}

/** The data of a glyph. Throws a `FontError` if `loca` is not sorted or leads out of the table. */
export function glyphData({ glyf, loca, isLong }: GlyphSource, glyph: number): Uint8Array {
  const reader = new FontBytes(loca, glyph * (isLong ? 4 : 2));
  const start = isLong ? reader.uint32() : 2 * reader.uint16();
  const end = isLong ? reader.uint32() : 2 * reader.uint16();
  if (end < start || end > glyf.length) throw new FontError(`has a glyph ${glyph} outside of its table`);
  return glyf.subarray(start, end);
}

interface GlyphTables {
  readonly glyf: Uint8Array;
  readonly loca: Uint8Array;
  /** The table `head` with the format of `loca`. */
  readonly head: Uint8Array;
}

/** Writes the data of glyphs 0 to `glyphCount - 1`. Glyphs without data are empty. */
export function writeGlyphs(
  head: Uint8Array,
  glyphCount: number,
  dataOf: (glyph: number) => Uint8Array | undefined,
): GlyphTables {
  const parts: Uint8Array[] = [];
  const offsets = new Uint32Array(glyphCount + 1);
  let size = 0;
  for (let glyph = 0; glyph < glyphCount; glyph++) {
    offsets[glyph] = size;
    const data = dataOf(glyph);
    if (!data) continue;
    parts.push(data);
    size += data.length;
    if (size % 2 === 1) {
      parts.push(new Uint8Array(1));
      size += 1;
    }
  }
  offsets[glyphCount] = size;
  const isLong = size > MAX_SHORT_OFFSET;
  // Some readers refuse an empty table.
  if (size === 0) parts.push(new Uint8Array(2));
  const changed = Uint8Array.from(head);
  new DataView(changed.buffer).setInt16(LOCA_FORMAT_AT, isLong ? 1 : 0);
  return { glyf: Buffer.concat(parts), loca: locaOf(offsets, isLong), head: changed };
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
