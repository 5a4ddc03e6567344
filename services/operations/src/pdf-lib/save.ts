import { PDFStreamWriter } from 'pdf-lib';
import type { PDFContext } from 'pdf-lib';

const OBJECTS_PER_STREAM = 100;

/** The document as bytes, with object streams and a cross-reference stream (ISO 32000-2, 7.5.7 and 7.5.8). */
export function saveObjects(context: PDFContext): Promise<Uint8Array> {
  return PDFStreamWriter.forContext(context, Infinity, true, OBJECTS_PER_STREAM).serializeToBuffer();
}
