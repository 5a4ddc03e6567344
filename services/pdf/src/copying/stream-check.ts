import { PdfError } from '../errors.js';
import type { PdfFile } from '../file/pdf-file.js';
import type { DecodingBudget } from '../filters/budget.js';
import { checkFilterCount, decode } from '../filters/decode.js';
import { MAX_CARRIED_PIXELS, MAX_STREAM_BYTES } from '../limits.js';
import { isName } from '../syntax/objects.js';
import type { PdfDict, PdfStream } from '../syntax/objects.js';

/** Flate expands at most 1,032 times. Shorter data stay below the limit of a stream. */
const HARMLESS_BYTES = 65_000;

/**
 * Checks what a stream's dictionary declares, without decoding the stream. Throws `too_many_pixels` or `corrupt_pdf`.
 */
export function checkDeclared(file: PdfFile, { dict }: PdfStream): void {
  if (isName(file.resolve(dict.get('Subtype')), 'Image')) checkImage(file, dict);
  checkFilterCount(file.filters(dict));
}

/**
 * Rejects a stream that is copied unchanged but would exhaust a reader's memory. Throws `upload_too_large`,
 * `too_many_pixels` or `corrupt_pdf`.
 */
export function checkStream(file: PdfFile, stream: PdfStream, budget: DecodingBudget): void {
  if (isName(file.resolve(stream.dict.get('Subtype')), 'Image')) {
    checkImage(file, stream.dict);
    return;
  }
  const filters = file.filters(stream.dict);
  checkPredictor(filters[0]?.parms);
  if (filters.length === 0 || (filters.length === 1 && stream.data.length <= HARMLESS_BYTES)) return;
  decode(file.encoded(stream), filters, budget);
}

function checkImage(file: PdfFile, dict: PdfDict): void {
  const [width, height] = ['Width', 'Height'].map((key) => Number(file.resolve(dict.get(key))));
  if (!((width ?? 0) * (height ?? 0) > MAX_CARRIED_PIXELS)) return;
  const limit = `${MAX_CARRIED_PIXELS / 1_000_000} megapixels`;
  throw new PdfError('too_many_pixels', `has an image of ${width} x ${height} pixels, more than the limit of ${limit}`);
}

/** A predictor works on whole rows. A declared row longer than any stream only costs memory (ISO 32000-2, table 8). */
function checkPredictor(parms: PdfDict | undefined): void {
  const [colors, bits, columns] = ['Colors', 'BitsPerComponent', 'Columns'].map((key) => parms?.get(key));
  const row = (numberOr(colors, 1) * numberOr(bits, 8) * numberOr(columns, 1)) / 8;
  if (row > MAX_STREAM_BYTES)
    throw new PdfError('corrupt_pdf', `has a predictor with rows of more than ${MAX_STREAM_BYTES} bytes`);
}

function numberOr(value: unknown, missing: number): number {
  return typeof value === 'number' ? value : missing;
}
