import { PdfDict, PdfName } from '../syntax/objects.js';
import type { PdfObject } from '../syntax/objects.js';

/** The filters for which bilevel images are encoded. */
export type BilevelFilter = 'JBIG2Decode' | 'CCITTFaxDecode';

/**
 * Returns the dictionary entries of an image stream that holds the bytes of `encodeJbig2` or `encodeCcittG4` (ISO
 * 32000-2, tables 87 and 11). Both filters decode a black pixel of the `BilevelImage` to the sample 0, so /DeviceGray
 * shows it black without /Decode. The caller adds /ColorSpace, or /ImageMask and /Decode.
 */
export function bilevelStreamEntries(
  { width, height }: { readonly width: number; readonly height: number },
  filter: BilevelFilter,
): Record<string, PdfObject> {
  const entries = { Width: width, Height: height, BitsPerComponent: 1, Filter: new PdfName(filter) };
  if (filter === 'JBIG2Decode') return entries;
  return { ...entries, DecodeParms: PdfDict.of({ K: -1, Columns: width, Rows: height }) };
}
