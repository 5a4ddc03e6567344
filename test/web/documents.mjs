// Files for the journeys. Each page has a width of its own, by which a result is checked.
import { readFile } from 'node:fs/promises';
import { encrypt } from '@pdf-tools/harness/documents/documents';
import { jpeg, scan } from '@pdf-tools/harness/samples';
import { PDFDocument, StandardFonts } from 'pdf-lib';

/** A PDF with a page for each width. */
export async function pdfOf(...widths) {
  const document = await PDFDocument.create();
  const font = await document.embedFont(StandardFonts.Helvetica);
  for (const width of widths)
    document.addPage([width, 400]).drawText(`page ${width}`, { x: 20, y: 340, size: 24, font });
  return Buffer.from(await document.save());
}

/** Width and rotation of each page of a file. */
export async function pagesOf(path) {
  const document = await PDFDocument.load(await readFile(path));
  return document.getPages().map((page) => [Math.round(page.getWidth()), page.getRotation().angle]);
}

export { encrypt, jpeg, scan };
