import { PdfError } from '../errors.js';
import { isInteger } from '../syntax/objects.js';
import type { PdfDict } from '../syntax/objects.js';

/** The layout of the rows of predicted data (ISO 32000-2, table 8). */
export interface Rows {
  /** Samples per pixel. */
  readonly colors: number;
  readonly bitsPerComponent: number;
  /** Bytes per row, rounded up. */
  readonly bytes: number;
}

/** Maximum colourants of a DeviceN colour space and maximum integer in ISO 32000-2 (annex C). */
const MAX_COLORS = 32;
const MAX_COLUMNS = 2 ** 31 - 1;
const BIT_DEPTHS = [1, 2, 4, 8, 16];

/** Reads Colors, BitsPerComponent and Columns. Throws `corrupt_pdf` for invalid values. */
export function readRows(parms: PdfDict): Rows {
  const colors = integerParm(parms, 'Colors', 1, { least: 1, most: MAX_COLORS });
  const bitsPerComponent = integerParm(parms, 'BitsPerComponent', 8, { least: 1, most: 16 });
  if (!BIT_DEPTHS.includes(bitsPerComponent)) throw invalidEntry('BitsPerComponent');
  const columns = integerParm(parms, 'Columns', 1, { least: 1, most: MAX_COLUMNS });
  return { colors, bitsPerComponent, bytes: Math.ceil((columns * colors * bitsPerComponent) / 8) };
}

/** Reads a parameter with a default. Throws `corrupt_pdf` if it is outside its range. */
export function integerParm(
  parms: PdfDict,
  key: string,
  absent: number,
  { least, most }: { least: number; most: number },
): number {
  const value = parms.get(key) ?? absent;
  if (!isInteger(value) || value < least || value > most) throw invalidEntry(key);
  return value;
}

/** Returns the error for an invalid parameter. */
export function invalidEntry(key: string): PdfError {
  return new PdfError('corrupt_pdf', `has a stream whose ${key} is invalid`);
}
