import { AppError } from '@pdf-tools/runtime/errors';
import { MAX_PAGES, PageTreeWriter, PdfDict, PdfName, TargetRef } from '@pdf-tools/pdf';
import type { PdfWriter } from '@pdf-tools/pdf';
import type { ImageFrame } from './pdf-image.js';
import { placeFrame } from './placement.js';

/** A PDF with one image a page. The caller writes the images, so that one need not wait in memory for the next. */
export class ImageDocument {
  readonly #writer: PdfWriter;
  readonly #tree: PageTreeWriter;

  constructor(writer: PdfWriter) {
    this.#writer = writer;
    this.#tree = new PageTreeWriter(this.#writer);
  }

  get pages(): number {
    return this.#tree.pages;
  }

  /** Adds a page of the frame's size that shows `image`. Throws `too_many_pages` above the limit of a document. */
  addPage(frame: ImageFrame, image: TargetRef): void {
    if (this.pages >= MAX_PAGES) {
      throw new AppError('too_many_pages', `The result would have more than ${MAX_PAGES} pages.`);
    }
    const { width, height, matrix } = placeFrame(frame);
    const drawing = Buffer.from(`q ${matrix.join(' ')} cm /Im0 Do Q`, 'latin1');
    const content = new TargetRef(this.#writer.putStream(new PdfDict(), drawing));
    const page = this.#writer.allocate();
    const dict = PdfDict.of({
      Type: new PdfName('Page'),
      Parent: this.#tree.add(page),
      MediaBox: [0, 0, width, height],
      Contents: content,
      Resources: PdfDict.of({ XObject: PdfDict.of({ Im0: image }) }),
    });
    this.#writer.put(dict, page);
  }

  /** Writes page tree, catalog and trailer, and closes the file. */
  finish(): void {
    const pages = new TargetRef(this.#tree.end());
    this.#writer.end(this.#writer.put(PdfDict.of({ Type: new PdfName('Catalog'), Pages: pages })), undefined);
  }
}
