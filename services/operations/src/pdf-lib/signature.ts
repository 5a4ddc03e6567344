import { PDFDict, PDFName } from 'pdf-lib';
import type { PDFContext } from 'pdf-lib';

/**
 * True where a document holds a signature (ISO 32000-2, 12.8): a dictionary with a /ByteRange, or a signature field with
 * a value. Any change of bytes would break it.
 */
export function isSigned(context: PDFContext): boolean {
  return context.enumerateIndirectObjects().some(([, object]) => {
    if (!(object instanceof PDFDict)) return false;
    if (object.has(PDFName.of('ByteRange'))) return true;
    return object.get(PDFName.of('FT')) === PDFName.of('Sig') && object.has(PDFName.of('V'));
  });
}
