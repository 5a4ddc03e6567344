import { PdfDict, PdfName, PdfStream } from '@pdf-tools/pdf';
import type { PdfObject } from '@pdf-tools/pdf';
import type { Size } from './pixels.js';

/** The kinds of encodings in the report. */
export type EncodingName = 'jpeg' | 'flate' | 'palette' | 'jbig2' | 'ccitt';

/** An encoded image with the dictionary entries that describe its data. */
export interface Encoding extends Size {
  readonly name: EncodingName;
  readonly data: Uint8Array;
  readonly filter: string;
  readonly parms?: PdfDict;
  readonly bits: number;
  /** If the colour space changes. /Decode is removed then. */
  readonly colorSpace?: PdfObject;
}

/** Returns an image stream with the encoding's data and the original's other entries. */
export function encodedStream(original: PdfDict, encoding: Encoding): PdfStream {
  const dict = new PdfDict(original);
  dict.set('Width', encoding.width);
  dict.set('Height', encoding.height);
  dict.set('BitsPerComponent', encoding.bits);
  dict.set('Filter', new PdfName(encoding.filter));
  if (encoding.parms) dict.set('DecodeParms', encoding.parms);
  else dict.delete('DecodeParms');
  if (encoding.colorSpace !== undefined) {
    dict.set('ColorSpace', encoding.colorSpace);
    dict.delete('Decode');
  }
  const { data } = encoding;
  return new PdfStream(dict, Buffer.from(data.buffer, data.byteOffset, data.byteLength));
}

/** Returns the smallest encoding. */
export function smallest(encodings: readonly Encoding[]): Encoding | undefined {
  return encodings.reduce<Encoding | undefined>(
    (best, next) => (best && best.data.length <= next.data.length ? best : next),
    undefined,
  );
}
