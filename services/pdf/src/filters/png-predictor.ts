import type { Rows } from './rows.js';

/** The row that is being decoded: its input and output offsets and the decoded row above. */
interface Row {
  readonly bytes: Buffer;
  from: number;
  to: number;
  count: number;
  above: Buffer;
  /** Offset of the row above in `above`. */
  up: number;
}

/**
 * Undoes the PNG predictors (ISO/IEC 15948, clause 9) in place. The first byte of each row selects its predictor,
 * regardless of the dictionary. Rows with an unknown predictor stay unchanged.
 */
export function undoPng(data: Buffer, rows: Rows): Buffer {
  const pixel = Math.ceil((rows.colors * rows.bitsPerComponent) / 8);
  const row: Row = {
    bytes: data,
    from: 1,
    to: 0,
    count: 0,
    above: Buffer.alloc(Math.min(rows.bytes, data.length)),
    up: 0,
  };
  while (row.from < data.length) {
    row.count = Math.min(rows.bytes, data.length - row.from);
    undoRow(data[row.from - 1] ?? 0, row, pixel);
    row.above = data;
    row.up = row.to;
    row.to += row.count;
    row.from += rows.bytes + 1;
  }
  return data.subarray(0, row.to);
}

function undoRow(type: number, row: Row, pixel: number): void {
  switch (type) {
    case 1:
      undoSub(row, pixel);
      return;
    case 2:
      undoUp(row);
      return;
    case 3:
      undoAverage(row, pixel);
      return;
    case 4:
      undoPaeth(row, pixel);
      return;
    default:
      row.bytes.copyWithin(row.to, row.from, row.from + row.count);
  }
}

function undoSub({ bytes, from, to, count }: Row, pixel: number): void {
  bytes.copyWithin(to, from, from + Math.min(pixel, count));
  for (let at = pixel; at < count; at += 1) {
    bytes[to + at] = (bytes[from + at] ?? 0) + (bytes[to + at - pixel] ?? 0);
  }
}

function undoUp({ bytes, from, to, count, above, up }: Row): void {
  for (let at = 0; at < count; at += 1) bytes[to + at] = (bytes[from + at] ?? 0) + (above[up + at] ?? 0);
}

function undoAverage({ bytes, from, to, count, above, up }: Row, pixel: number): void {
  const first = Math.min(pixel, count);
  for (let at = 0; at < first; at += 1) bytes[to + at] = (bytes[from + at] ?? 0) + ((above[up + at] ?? 0) >> 1);
  for (let at = pixel; at < count; at += 1) {
    const average = ((bytes[to + at - pixel] ?? 0) + (above[up + at] ?? 0)) >> 1;
    bytes[to + at] = (bytes[from + at] ?? 0) + average;
  }
}

function undoPaeth({ bytes, from, to, count, above, up }: Row, pixel: number): void {
  const first = Math.min(pixel, count);
  for (let at = 0; at < first; at += 1) bytes[to + at] = (bytes[from + at] ?? 0) + (above[up + at] ?? 0);
  for (let at = pixel; at < count; at += 1) {
    const a = bytes[to + at - pixel] ?? 0;
    const b = above[up + at] ?? 0;
    const c = above[up + at - pixel] ?? 0;
    const toA = Math.abs(b - c);
    const toB = Math.abs(a - c);
    const toC = Math.abs(a + b - c - c);
    const nearest = toA <= toB && toA <= toC ? a : toB <= toC ? b : c;
    bytes[to + at] = (bytes[from + at] ?? 0) + nearest;
  }
}
