import { AppError } from '@pdf-tools/shared/errors';
import { MAX_PAGES } from '../pdf/limits.js';
import { PdfDict, PdfName, WrittenRef } from '../pdf/syntax/objects.js';
import { ImageWriter } from '../pdf/writing/image-writer.js';
import { PageTreeWriter } from '../pdf/writing/page-tree-writer.js';
import { PdfWriter } from '../pdf/writing/pdf-writer.js';
import type { ImageFrame } from './pdf-image.js';
import { placeFrame } from './placement.js';

/** A PDF with one image a page, written as the images come: it needs the memory of one image. */
export class ImageDocument {
  readonly #writer: PdfWriter;
  readonly #images: ImageWriter;
  readonly #tree: PageTreeWriter;

  /** Starts a document in the file at `path`. */
  constructor(path: string) {
    this.#writer = new PdfWriter(path);
    this.#images = new ImageWriter(this.#writer);
    this.#tree = new PageTreeWriter(this.#writer);
  }

  get pages(): number {
    return this.#tree.pages;
  }

  /** Adds a page of the image's size. Throws `too_many_pages` above the limit of a document. */
  addPage(frame: ImageFrame): void {
    if (this.pages >= MAX_PAGES) {
      throw new AppError('too_many_pages', `The result would have more than ${MAX_PAGES} pages.`);
    }
    const { width, height, matrix } = placeFrame(frame);
    const image = this.#images.write(frame.image);
    const drawing = Buffer.from(`q ${matrix.join(' ')} cm /Im0 Do Q`, 'latin1');
    const content = new WrittenRef(this.#writer.putStream(new PdfDict(), drawing));
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
    const pages = new WrittenRef(this.#tree.end());
    this.#writer.end(this.#writer.put(PdfDict.of({ Type: new PdfName('Catalog'), Pages: pages })), undefined);
  }

  /** Closes the file of a document that will not be finished. */
  abandon(): void {
    this.#writer.abandon();
  }
}
