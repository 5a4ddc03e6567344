import type { PdfDict, PdfFile, PdfObject, Rewriter } from '@pdf-tools/pdf';
import { PdfName, isOfType } from '@pdf-tools/pdf';

/** A type that no reader treats as optional content. PDFium treats a dictionary without a type as a layer. */
const PLAIN = new PdfName('Properties');

/**
 * Turns optional content of a document without /OCProperties into plain content, as readers treat it (ISO 32000-2,
 * 8.11.4.2). Next to the layers of another document some readers would hide it.
 */
export class UnlistedLayers implements Rewriter {
  readonly markers = ['/OC'];
  readonly #file: PdfFile;

  constructor(file: PdfFile) {
    this.#file = file;
  }

  rewrite(dict: PdfDict): void {
    if (isLayer(dict)) dict.set('Type', PLAIN);
    if (dict.has('OC') && isLayer(this.#file.resolve(dict.get('OC')))) dict.delete('OC');
  }
}

/** Whether this is an optional content group or a membership dictionary. */
function isLayer(object: PdfObject): object is PdfDict {
  return isOfType(object, 'OCG') || isOfType(object, 'OCMD');
}
