import { PdfError } from '../errors.js';
import { isInteger } from '../syntax/objects.js';
import type { PdfDict } from '../syntax/objects.js';

/** How the rows of predicted data are laid out (ISO 32000-2, table 8). */
export interface Rows {
  /** Samples of one pixel. */
  readonly colors: number;
  readonly bitsPerComponent: number;
  /** Bytes of one row, filled up to a whole one. */
  readonly bytes: number;
}

/** The most colourants of a DeviceN colour space, and the highest integer, that ISO 32000-2 promises (annex C). */
const MAX_COLORS = 32;
const MAX_COLUMNS = 2 ** 31 - 1;
const BIT_DEPTHS = [1, 2, 4, 8, 16];

/** Reads Colors, BitsPerComponent and Columns. Throws the `PdfError` `corrupt_pdf` for what makes no sense. */
export function readRows(parms: PdfDict): Rows {
  const colors = integerParm(parms, 'Colors', 1, { least: 1, most: MAX_COLORS });
  const bitsPerComponent = integerParm(parms, 'BitsPerComponent', 8, { least: 1, most: 16 });
  if (!BIT_DEPTHS.includes(bitsPerComponent)) throw invalidEntry('BitsPerComponent');
  const columns = integerParm(parms, 'Columns', 1, { least: 1, most: MAX_COLUMNS });
  return { colors, bitsPerComponent, bytes: Math.ceil((columns * colors * bitsPerComponent) / 8) };
}

/** A parameter within its bounds, or what stands for it where it is absent. Throws the `PdfError` `corrupt_pdf`. */
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

/** The `PdfError` for a parameter that makes no sense. */
export function invalidEntry(key: string): PdfError {
  return new PdfError('corrupt_pdf', `has a stream with a ${key} that makes no sense`);
}
