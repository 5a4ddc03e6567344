import type { CmapSubtable } from './cmap.js';

const HEADER_BYTES = 4;
const RECORD_BYTES = 8;
const MAX_CODE = 0xfffe;

/** A code and its glyph. */
type Entry = readonly [code: number, glyph: number];

/**
 * Writes a table `cmap` with the same subtables, restricted to these codes (OpenType 1.9, "cmap"). Returns undefined if a
 * subtable has a format that is not written. Leaves out variation sequences (format 14), which PDF does not use.
 */
export function subsetCmap(subtables: readonly CmapSubtable[], codes: ReadonlySet<number>): Uint8Array | undefined {
  const sorted = [...codes].sort((one, other) => one - other);
  const written: WrittenSubtable[] = [];
  for (const subtable of subtables) {
    if (subtable.format === 14) continue;
    const body = WRITERS.get(subtable.format)?.(entriesOf(subtable, sorted));
    if (!body) return undefined;
    written.push({ ...subtable, body });
  }
  const records: Buffer[] = [];
  const offsets = new Map<string, number>();
  const bodies: Buffer[] = [];
  let offset = HEADER_BYTES + RECORD_BYTES * written.length;
  for (const { platform, encoding, body } of written) {
    const key = body.toString('latin1');
    const known = offsets.get(key);
    const record = Buffer.alloc(RECORD_BYTES);
    record.writeUInt16BE(platform);
    record.writeUInt16BE(encoding, 2);
    record.writeUInt32BE(known ?? offset, 4);
    records.push(record);
    if (known !== undefined) continue;
    offsets.set(key, offset);
    bodies.push(body);
    offset += body.length;
  }
  return Buffer.concat([uint16s([0, written.length]), ...records, ...bodies]);
}

interface WrittenSubtable {
  readonly platform: number;
  readonly encoding: number;
  readonly body: Buffer;
}

const WRITERS = new Map([
  [0, format0],
  [4, format4],
  [6, format6],
  [12, format12],
]);

function entriesOf({ glyphs }: CmapSubtable, codes: readonly number[]): Entry[] {
  return codes.flatMap((code): Entry[] => {
    const glyph = glyphs?.get(code);
    return glyph === undefined ? [] : [[code, glyph]];
  });
}

function format0(entries: readonly Entry[]): Buffer {
  const body = Buffer.alloc(262);
  body.writeUInt16BE(body.length, 2);
  for (const [code, glyph] of entries) body[6 + code] = glyph;
  return body;
}

interface Segment {
  readonly start: number;
  end: number;
  readonly glyph: number;
}

/** Runs of successive codes with successive glyphs. */
function segmentsOf(entries: readonly Entry[]): Segment[] {
  const segments: Segment[] = [];
  for (const [code, glyph] of entries) {
    const last = segments.at(-1);
    if (last && code === last.end + 1 && glyph === last.glyph + code - last.start) last.end = code;
    else segments.push({ start: code, end: code, glyph });
  }
  return segments;
}

function format4(entries: readonly Entry[]): Buffer {
  const segments = segmentsOf(entries.filter(([code]) => code <= MAX_CODE));
  segments.push({ start: 0xffff, end: 0xffff, glyph: 0 });
  const count = segments.length;
  const log = 31 - Math.clz32(count);
  return uint16s([
    ...[4, 16 + 8 * count, 0, 2 * count],
    ...[2 * 2 ** log, log, 2 * (count - 2 ** log)],
    ...segments.map(({ end }) => end),
    0,
    ...segments.map(({ start }) => start),
    ...segments.map(({ start, glyph }) => (glyph - start) & 0xffff),
    ...segments.map(() => 0),
  ]);
}

function format6(entries: readonly Entry[]): Buffer {
  const first = entries[0]?.[0] ?? 0;
  const count = (entries.at(-1)?.[0] ?? first - 1) - first + 1;
  const glyphs = new Array<number>(count).fill(0);
  for (const [code, glyph] of entries) glyphs[code - first] = glyph;
  return uint16s([6, 10 + 2 * count, 0, first, count, ...glyphs]);
}

function format12(entries: readonly Entry[]): Buffer {
  const segments = segmentsOf(entries);
  const body = Buffer.alloc(16 + 12 * segments.length);
  body.writeUInt16BE(12);
  body.writeUInt32BE(body.length, 4);
  body.writeUInt32BE(segments.length, 12);
  for (const [index, { start, end, glyph }] of segments.entries()) {
    body.writeUInt32BE(start, 16 + 12 * index);
    body.writeUInt32BE(end, 20 + 12 * index);
    body.writeUInt32BE(glyph, 24 + 12 * index);
  }
  return body;
}

function uint16s(values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(2 * values.length);
  for (const [index, value] of values.entries()) bytes.writeUInt16BE(value, 2 * index);
  return bytes;
}
