import { FontError } from './font-error.js';

const FRACTION = 65_536;

/** Returns the bytes of a number of a Type 2 charstring (TN 5177, 3.2). Throws a `FontError` if it is too large. */
export function encodeType2Number(value: number): number[] {
  if (!(Math.abs(value) < 0x8000)) throw new FontError('has a glyph with numbers that are too large');
  if (!Number.isInteger(value)) {
    const fixed = Math.round(value * FRACTION);
    return [255, (fixed >> 24) & 0xff, (fixed >> 16) & 0xff, (fixed >> 8) & 0xff, fixed & 0xff];
  }
  if (value >= -107 && value <= 107) return [value + 139];
  if (value >= 108 && value <= 1131) return [247 + ((value - 108) >> 8), (value - 108) & 0xff];
  if (value >= -1131 && value <= -108) return [251 + ((-value - 108) >> 8), (-value - 108) & 0xff];
  return [28, (value >> 8) & 0xff, value & 0xff];
}

/** Returns the number of these bytes. */
export function type2NumberBytes(value: number): number {
  if (!Number.isInteger(value)) return 5;
  if (Math.abs(value) <= 107) return 1;
  return Math.abs(value) <= 1131 ? 2 : 3;
}
