import { FontBytes } from './font-bytes.js';
import { FontError } from './font-error.js';

/** The tables of an OpenType or TrueType font by their tags, in the order of its table directory. */
export interface SfntTables {
  /** 0x00010000 for TrueType, 'OTTO' for CFF, 'true' for TrueType of macOS. */
  readonly version: number;
  readonly tables: ReadonlyMap<string, Uint8Array>;
}

export const TRUETYPE_VERSION = 0x0001_0000;
export const OPENTYPE_CFF_VERSION = 0x4f54_544f;
const APPLE_VERSION = 0x7472_7565;
/** The tag of a font collection, and where the offset of its first font is. */
const COLLECTION = 0x7474_6366;
const FIRST_OFFSET_AT = 12;
const VERSIONS: readonly number[] = [TRUETYPE_VERSION, OPENTYPE_CFF_VERSION, APPLE_VERSION];

const HEADER_BYTES = 12;
const ENTRY_BYTES = 16;
const CHECKSUM_MAGIC = 0xb1b0_afba;
/** Offset of checkSumAdjustment in `head`. */
const ADJUSTMENT_AT = 8;

/**
 * Reads the table directory of a font (OpenType 1.9, "Organization of an OpenType Font"). A table that is cut off ends
 * with the file, and a table outside of the file is left out. Of a collection the first font is read. Throws a `FontError` if the bytes are no such font.
 */
export function readSfntTables(bytes: Uint8Array): SfntTables {
  const reader = new FontBytes(bytes);
  const start = reader.uint32() === COLLECTION ? new FontBytes(bytes, FIRST_OFFSET_AT).uint32() : 0;
  reader.at = start;
  const version = reader.uint32();
  if (!VERSIONS.includes(version)) throw new FontError('has an unknown version of its table directory');
  const count = reader.uint16();
  reader.at = start + HEADER_BYTES;
  const tables = new Map<string, Uint8Array>();
  for (let index = 0; index < count && reader.at + ENTRY_BYTES <= bytes.length; index++) {
    const tag = String.fromCharCode(...reader.take(4));
    reader.uint32();
    const offset = reader.uint32();
    const length = reader.uint32();
    if (offset <= bytes.length && !tables.has(tag)) tables.set(tag, bytes.subarray(offset, offset + length));
  }
  return { version, tables };
}

/** Returns a font file with these tables, sorted by tag, with checksums and an adjusted checksum in `head`. */
export function writeSfnt({ version, tables }: SfntTables): Uint8Array {
  const sorted = [...tables].sort(([one], [other]) => (one < other ? -1 : 1));
  const directoryBytes = HEADER_BYTES + ENTRY_BYTES * sorted.length;
  const size = sorted.reduce((sum, [, data]) => sum + padded(data.length), directoryBytes);
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  writeHeader(view, version, sorted.length);
  let offset = directoryBytes;
  for (const [index, [tag, data]] of sorted.entries()) {
    bytes.set(data, offset);
    if (tag === 'head' && data.length >= ADJUSTMENT_AT + 4) view.setUint32(offset + ADJUSTMENT_AT, 0);
    const entry = HEADER_BYTES + ENTRY_BYTES * index;
    for (let at = 0; at < 4; at++) view.setUint8(entry + at, tag.charCodeAt(at));
    view.setUint32(entry + 4, checksum(view, offset, padded(data.length)));
    view.setUint32(entry + 8, offset);
    view.setUint32(entry + 12, data.length);
    offset += padded(data.length);
  }
  adjustChecksum(view, sorted, directoryBytes);
  return bytes;
}

function writeHeader(view: DataView, version: number, count: number): void {
  const log = Math.max(0, 31 - Math.clz32(count));
  view.setUint32(0, version);
  view.setUint16(4, count);
  view.setUint16(6, 16 * 2 ** log);
  view.setUint16(8, log);
  view.setUint16(10, 16 * (count - 2 ** log));
}

function adjustChecksum(view: DataView, sorted: readonly (readonly [string, Uint8Array])[], start: number): void {
  let offset = start;
  for (const [tag, data] of sorted) {
    if (tag === 'head' && data.length >= ADJUSTMENT_AT + 4)
      view.setUint32(offset + ADJUSTMENT_AT, CHECKSUM_MAGIC - checksum(view, 0, view.byteLength));
    offset += padded(data.length);
  }
}

/** The sum of the bytes as 32-bit integers, modulo 2^32. */
function checksum(view: DataView, start: number, length: number): number {
  let sum = 0;
  for (let at = start; at < start + length; at += 4) sum = (sum + view.getUint32(at)) >>> 0;
  return sum;
}

function padded(length: number): number {
  return Math.ceil(length / 4) * 4;
}
