import { PDFName, PDFNumber, PDFRawStream } from 'pdf-lib';
import type { PDFContext } from 'pdf-lib';
import { Fault } from '../fault.js';
import { filterNames, filterParms } from './filters.js';
import { InflationBudget } from './inflation.js';
import { MAX_CARRIED_PIXELS, MAX_FILTERS, MAX_STREAM_BYTES } from '../pdf/limits.js';
import { resolve } from './page-tree.js';

/** Deflate makes at most about 1,032 bytes of one: a single layer of this size stays within the limit of a stream. */
const HARMLESS_BYTES = 65_000;

/**
 * Refuses what would burst in the hands of whoever opens the result: streams that inflate without bound, and images of
 * absurd size. Images are judged by the pixels of their header alone, all else by inflating what could be too large.
 * Throws a `Fault`: `upload_too_large`, `too_many_pixels`, `corrupt_pdf`.
 */
export function checkStreams(context: PDFContext): void {
  const budget = new InflationBudget();
  for (const [, object] of context.enumerateIndirectObjects()) {
    if (!(object instanceof PDFRawStream)) continue;
    if (object.dict.get(PDFName.of('Subtype')) === PDFName.of('Image')) checkImage(context, object);
    else checkData(context, object, budget);
  }
}

function checkImage(context: PDFContext, { dict }: PDFRawStream): void {
  const [width, height] = ['Width', 'Height'].map((key) => {
    const side = resolve(context, dict.get(PDFName.of(key)));
    return side instanceof PDFNumber ? side.asNumber() : 0;
  });
  if ((width ?? 0) * (height ?? 0) <= MAX_CARRIED_PIXELS) return;
  const limit = `${MAX_CARRIED_PIXELS / 1_000_000} megapixels`;
  throw new Fault('too_many_pixels', `has an image of ${width} x ${height} pixels, more than the limit of ${limit}`);
}

/** A predictor works on whole rows: one that no stream could fill only costs memory (ISO 32000-2, table 8). */
function checkPredictor(context: PDFContext, stream: PDFRawStream): void {
  const parms = filterParms(context, stream);
  const [colors = 1, bits = 8, columns = 1] = ['Colors', 'BitsPerComponent', 'Columns'].map((key) => {
    const value = resolve(context, parms?.get(PDFName.of(key)));
    return value instanceof PDFNumber ? value.asNumber() : undefined;
  });
  if ((colors * bits * columns) / 8 > MAX_STREAM_BYTES)
    throw new Fault('corrupt_pdf', `has a predictor with rows of more than ${MAX_STREAM_BYTES} bytes`);
}

function checkData(context: PDFContext, stream: PDFRawStream, budget: InflationBudget): void {
  checkPredictor(context, stream);
  const filters = filterNames(context, stream) ?? [];
  if (filters.length === 0 || (filters.length === 1 && stream.contents.length <= HARMLESS_BYTES)) return;
  budget.spend(stream.contents, filters.slice(0, MAX_FILTERS + 1));
}
