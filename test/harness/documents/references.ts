import { PdfRef, sourceNumber } from '@pdf-tools/pdf';

/** A reference to an object of the file under test. */
export function sourceRef(num: number, gen = 0): PdfRef {
  return new PdfRef(sourceNumber(num), gen);
}
