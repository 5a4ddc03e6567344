import { FontBytes } from './font-bytes.js';

const MAX_RANGE_8 = 0x100;

/** Returns a charset in the smallest format (TN 5176, 13). `ids` are the SIDs or CIDs of all glyphs. */
export function encodeSubsetCharset(ids: readonly number[]): Uint8Array {
  const rest = ids.slice(1);
  const list = [0, ...rest.flatMap(word)];
  const short = [1, ...rangesOf(rest, MAX_RANGE_8).flatMap(([first, count]) => [...word(first), count - 1])];
  const long = [2, ...rangesOf(rest, 0x1_0000).flatMap(([first, count]) => [...word(first), ...word(count - 1)])];
  const [smallest = list] = [list, short, long].sort((one, other) => one.length - other.length);
  return Uint8Array.from(smallest);
}

/** Returns the Font DICTs of the glyphs (TN 5176, 19, format 3). Emptied glyphs have the one of the glyph before. */
export function encodeSubsetFdSelect(
  order: readonly number[],
  glyphs: ReadonlySet<number>,
  fdSelect: Uint8Array,
): Uint8Array {
  const ranges: number[] = [];
  let last = -1;
  for (const [index, glyph] of order.entries()) {
    const selected = glyphs.has(glyph) || last < 0 ? (fdSelect[glyph] ?? 0) : last;
    if (selected !== last) ranges.push(...word(index), selected);
    last = selected;
  }
  return Uint8Array.from([3, ...word(ranges.length / 3), ...ranges, ...word(order.length)]);
}

/** The bytes of the encoding at an offset (TN 5176, 12). */
export function rawEncoding(bytes: Uint8Array, offset: number): Uint8Array {
  const reader = new FontBytes(bytes, offset);
  const format = reader.uint8();
  const count = reader.uint8();
  reader.take((format & 0x7f) === 0 ? count : 2 * count);
  if (format & 0x80) reader.take(3 * reader.uint8());
  return bytes.subarray(offset, reader.at);
}

function rangesOf(ids: readonly number[], most: number): [first: number, count: number][] {
  const ranges: [number, number][] = [];
  for (const id of ids) {
    const last = ranges.at(-1);
    if (last && last[1] < most && id === last[0] + last[1]) last[1]++;
    else ranges.push([id, 1]);
  }
  return ranges;
}

function word(value: number): [number, number] {
  return [value >> 8, value & 0xff];
}
