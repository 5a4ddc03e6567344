import { PdfError } from '../errors.js';

/** A file that this engine cannot read as a document. Another program may still be able to repair it. */
export class DamagedPdf extends PdfError {
  constructor(message: string) {
    super('corrupt_pdf', message);
    this.name = 'DamagedPdf';
  }
}
