import { PdfDict, PdfName, bilevelStreamEntries, encodeCcittG4, encodeJbig2, serialize } from '@pdf-tools/pdf';
import type { BilevelFilter, BilevelImage } from '@pdf-tools/pdf';
import { textPdf, textStream } from './text-pdf.js';

const ENCODERS = { JBIG2Decode: encodeJbig2, CCITTFaxDecode: encodeCcittG4 } satisfies Record<
  BilevelFilter,
  (image: BilevelImage) => Uint8Array
>;

/** Returns the object number of the image on a page, counted from 0. */
export function imageNumber(page: number): number {
  return 5 + 2 * page;
}

/** A document with a page for each image, encoded for the filter. For tests. */
export function bilevelPdf(images: readonly BilevelImage[], filter: BilevelFilter): Buffer {
  const pages = images.map((_image, page) => imageNumber(page) - 1);
  const objects: Record<number, string> = {
    1: '<< /Type /Catalog /Pages 2 0 R >>',
    2: `<< /Type /Pages /Count ${pages.length} /Kids [${pages.map((num) => `${num} 0 R`).join(' ')}] >>`,
    3: textStream('100 0 0 100 0 0 cm /Im0 Do'),
  };
  for (const [page, image] of images.entries()) {
    const num = imageNumber(page);
    const resources = `/Resources << /XObject << /Im0 ${num} 0 R >> >>`;
    objects[num - 1] = `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 100 100] /Contents 3 0 R ${resources} >>`;
    objects[num] = imageObject(image, filter);
  }
  return textPdf(objects);
}

function imageObject(image: BilevelImage, filter: BilevelFilter): string {
  const bytes = ENCODERS[filter](image);
  const dict = PdfDict.of({
    Type: new PdfName('XObject'),
    Subtype: new PdfName('Image'),
    ColorSpace: new PdfName('DeviceGray'),
    ...bilevelStreamEntries(image, filter),
    Length: bytes.length,
  });
  return `${serialize(dict)}\nstream\n${Buffer.from(bytes).toString('latin1')}\nendstream`;
}
