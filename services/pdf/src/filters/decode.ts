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

/** A filter of a stream with its canonical name and its parameters, which contain only direct objects. */
export interface Filter {
  readonly name: string;
  readonly parms: PdfDict | undefined;
}

type Decoder = (data: Buffer, budget: DecodingBudget, parms: PdfDict | undefined) => Buffer;

/**
 * The filters of ISO 32000-2, table 6, that are decoded here. Image filters (DCTDecode, CCITTFaxDecode, JBIG2Decode,
 * JPXDecode) stay encoded, and Crypt belongs to the security handler.
 */
const DECODERS = new Map<string, Decoder>([
  ['FlateDecode', (data, budget, parms) => undoPredictor(decodeFlate(data, budget), parms)],
  ['LZWDecode', (data, budget, parms) => undoPredictor(decodeLzw(data, earlyChange(parms), budget), parms)],
  ['ASCII85Decode', decodeAscii85],
  ['ASCIIHexDecode', decodeAsciiHex],
  ['RunLengthDecode', decodeRunLength],
]);

/** Abbreviated names of inline images (ISO 32000-2, table 92). Readers accept them in all streams. */
const ABBREVIATIONS = new Map([
  ['AHx', 'ASCIIHexDecode'],
  ['A85', 'ASCII85Decode'],
  ['LZW', 'LZWDecode'],
  ['Fl', 'FlateDecode'],
  ['RL', 'RunLengthDecode'],
  ['CCF', 'CCITTFaxDecode'],
  ['DCT', 'DCTDecode'],
]);

/** The full name of a filter. Unknown names are returned unchanged. */
export function canonicalFilter(name: string): string {
  return ABBREVIATIONS.get(name) ?? name;
}

/**
 * Decodes filters in order, up to the first that stays encoded or is unknown (7.4). `left` contains that filter and the
 * rest. Does not change `data`, and returns it if nothing was decoded. Charges the output of each filter to the budget.
 * Damaged data are decoded as far as possible. Throws `upload_too_large` for too much output and `corrupt_pdf` for too
 * many filters or invalid parameters.
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

/** 1 unless the parameters contain 0 (ISO 32000-2, table 8). */
export function earlyChange(parms: PdfDict | undefined): 0 | 1 {
  return parms?.get('EarlyChange') === 0 ? 0 : 1;
}

/** Throws `corrupt_pdf` for more filters than the limit. */
export function checkFilterCount(filters: readonly Filter[]): void {
  if (filters.length <= MAX_FILTERS) return;
  throw new PdfError('corrupt_pdf', `has a stream with more than the limit of ${MAX_FILTERS} filters`);
}
