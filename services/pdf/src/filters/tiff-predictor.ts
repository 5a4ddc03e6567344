import type { Rows } from './rows.js';

/**
 * Undoes TIFF's horizontal differencing (TIFF 6.0, section 14) in place. Each sample is a difference to the previous
 * one.
 */
export function undoTiff(data: Buffer, rows: Rows): Buffer {
  const undo = rows.bitsPerComponent === 8 ? undoBytes : rows.bitsPerComponent === 16 ? undoPairs : undoBits;
  const previous = new Uint16Array(rows.colors);
  for (let start = 0; start < data.length; start += rows.bytes) {
    undo(data, start, Math.min(start + rows.bytes, data.length), rows, previous);
  }
  return data;
}

function undoBytes(data: Buffer, start: number, end: number, { colors }: Rows): void {
  for (let at = start + colors; at < end; at += 1) data[at] = (data[at] ?? 0) + (data[at - colors] ?? 0);
}

/** Samples of two bytes, most significant byte first. */
function undoPairs(data: Buffer, start: number, end: number, { colors }: Rows): void {
  const pixel = 2 * colors;
  for (let at = start + pixel + 1; at < end; at += 2) {
    const low = (data[at] ?? 0) + (data[at - pixel] ?? 0);
    data[at - 1] = (data[at - 1] ?? 0) + (data[at - 1 - pixel] ?? 0) + (low >> 8);
    data[at] = low;
  }
}

/** Samples of 1, 2 or 4 bits. `previous` has space for the samples of a pixel. */
function undoBits(
  data: Buffer,
  start: number,
  end: number,
  { colors, bitsPerComponent }: Rows,
  previous: Uint16Array,
): void {
  const mask = (1 << bitsPerComponent) - 1;
  previous.fill(0);
  let color = 0;
  for (let at = start; at < end; at += 1) {
    const differences = data[at] ?? 0;
    let samples = 0;
    for (let shift = 8 - bitsPerComponent; shift >= 0; shift -= bitsPerComponent) {
      const sample = ((differences >> shift) + (previous[color] ?? 0)) & mask;
      previous[color] = sample;
      samples |= sample << shift;
      color = color + 1 === colors ? 0 : color + 1;
    }
    data[at] = samples;
  }
}
