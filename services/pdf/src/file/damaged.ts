import { PdfError } from '../errors.js';

/** A file that is no document any more as it lies there: another program may still find one in it. */
export class DamagedPdf extends PdfError {
  constructor(message: string) {
    super('corrupt_pdf', message);
    this.name = 'DamagedPdf';
  }
}
