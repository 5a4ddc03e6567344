import { infoWithoutClaims, withoutClaims } from '../document/conformance.js';
import type { Standard } from '../document/conformance.js';
import type { PdfFile } from '../file/pdf-file.js';
import { PdfDict, PdfRef, PdfStream } from '../syntax/objects.js';
import type { Copier } from './copier.js';

/**
 * Removes claims of conformance to the given standards, or to all, from a file's metadata and document information.
 * Call it before either is copied.
 */
export function dropClaims(file: PdfFile, copier: Copier, standards?: readonly Standard[]): void {
  const reference = file.catalog.get('Metadata');
  const metadata = file.resolve(reference);
  if (reference instanceof PdfRef && metadata instanceof PdfStream) {
    const dict = new PdfDict(metadata.dict);
    for (const key of ['Filter', 'DecodeParms', 'Length']) dict.delete(key);
    copier.override(reference.num, new PdfStream(dict, withoutClaims(file.decoded(metadata).bytes, standards)));
  }
  const infoReference = file.trailer.get('Info');
  const info = file.resolve(infoReference);
  const dropsInfo = !standards || standards.includes('PDF/X');
  if (dropsInfo && infoReference instanceof PdfRef && info instanceof PdfDict)
    copier.override(infoReference.num, infoWithoutClaims(info));
}
