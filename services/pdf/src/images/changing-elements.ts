import { rowBytes } from './bilevel-image.js';
import type { BilevelImage } from './bilevel-image.js';

/** Elements after the last change of a row, so that the coder can look ahead without a check. */
const SENTINELS = 4;

/** Returns room for the changing elements of a row of `width` pixels and its padding, filled as for a white row. */
export function whiteRow(width: number): Int32Array {
  return new Int32Array(8 * rowBytes(width) + SENTINELS).fill(width);
}

/**
 * Fills `changes` with the columns of row `y` whose colour differs from the pixel on their left, in order (T.6, 2.2.1).
 * The pixel before a row is white, so elements at even positions turn black. Elements after the last hold the width.
 */
export function findChanges({ width, data }: BilevelImage, y: number, changes: Int32Array): void {
  const length = rowBytes(width);
  const start = y * length;
  let count = 0;
  let before = 0;
  for (let at = 0; at < length; at += 1) {
    const byte = data[start + at] ?? 0;
    let changed = byte ^ ((byte >> 1) | (before << 7));
    while (changed !== 0) {
      const bit = Math.clz32(changed) - 24;
      changes[count] = 8 * at + bit;
      count += 1;
      changed ^= 0x80 >> bit;
    }
    before = byte & 1;
  }
  while (count > 0 && (changes[count - 1] ?? 0) >= width) count -= 1;
  changes.fill(width, count, count + SENTINELS);
}
