import { PdfError } from '../errors.js';
import { MAX_FILTERS } from '../limits.js';
import type { PdfDict } from '../syntax/objects.js';
import { decodeAscii85 } from './ascii85.js';
import { decodeAsciiHex } from './ascii-hex.js';
import type { DecodingBudget } from './budget.js';
import { decodeFlate } from './flate.js';
import { decodeLzw } from './lzw.js';
import { undoPredictor } from './predictor.js';
import { decodeRunLength } from './run-length.js';

/** One filter of a stream: its name as `canonicalFilter` gives it, and its parameters, which hold direct objects alone. */
export interface Filter {
  readonly name: string;
  readonly parms: PdfDict | undefined;
}

type Decoder = (data: Buffer, budget: DecodingBudget, parms: PdfDict | undefined) => Buffer;

/**
 * The filters of ISO 32000-2, table 6, that are undone here. Left encoded are those of images (DCTDecode, CCITTFaxDecode,
 * JBIG2Decode, JPXDecode) and Crypt, which belongs to the security handler.
 */
const DECODERS = new Map<string, Decoder>([
  ['FlateDecode', (data, budget, parms) => undoPredictor(decodeFlate(data, budget), parms)],
  ['LZWDecode', (data, budget, parms) => undoPredictor(decodeLzw(data, earlyChange(parms), budget), parms)],
  ['ASCII85Decode', decodeAscii85],
  ['ASCIIHexDecode', decodeAsciiHex],
  ['RunLengthDecode', decodeRunLength],
]);

/** ISO 32000-2, table 92: names that inline images may use; readers take them in any stream. */
const ABBREVIATIONS = new Map([
  ['AHx', 'ASCIIHexDecode'],
  ['A85', 'ASCII85Decode'],
  ['LZW', 'LZWDecode'],
  ['Fl', 'FlateDecode'],
  ['RL', 'RunLengthDecode'],
  ['CCF', 'CCITTFaxDecode'],
  ['DCT', 'DCTDecode'],
]);

/** The filter's full name; a name that is none stays as it is. */
export function canonicalFilter(name: string): string {
  return ABBREVIATIONS.get(name) ?? name;
}

/**
 * 7.4: undoes the filters in their order, up to the first that is left encoded or not known; `left` begins with that one.
 * `data` is not altered, and is what is returned where nothing is undone. What each filter gives is spent from the budget.
 * Damaged data give what can be had of them. Throws a `PdfError`: `upload_too_large` for too much output, `corrupt_pdf` for
 * more than `MAX_FILTERS` filters and for parameters that make no sense.
 */
export function decode(
  data: Buffer,
  filters: readonly Filter[],
  budget: DecodingBudget,
): { bytes: Buffer; left: readonly Filter[] } {
  checkFilterCount(filters);
  let bytes = data;
  for (const [index, { name, parms }] of filters.entries()) {
    const decoder = DECODERS.get(name);
    if (!decoder) return { bytes, left: filters.slice(index) };
    bytes = decoder(bytes, budget, parms);
    budget.spend(bytes.length);
  }
  return { bytes, left: [] };
}

/** ISO 32000-2, table 8: 1 unless the parameters say 0. */
export function earlyChange(parms: PdfDict | undefined): 0 | 1 {
  return parms?.get('EarlyChange') === 0 ? 0 : 1;
}

/** Throws a `PdfError` `corrupt_pdf` for more filters than any writer uses. */
export function checkFilterCount(filters: readonly Filter[]): void {
  if (filters.length <= MAX_FILTERS) return;
  throw new PdfError('corrupt_pdf', `has a stream with more than the limit of ${MAX_FILTERS} filters`);
}
