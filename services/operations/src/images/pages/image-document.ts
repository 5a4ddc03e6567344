import { AppError } from '@pdf-tools/runtime/errors';
import { MAX_PAGES, PageTreeWriter, PdfDict, PdfName, TargetRef } from '@pdf-tools/pdf';
import type { PdfWriter, TargetObjectNumber } from '@pdf-tools/pdf';
import type { Placement } from './placement.js';
import type { Box } from './turn.js';

/** Red, green and blue, each from 0 to 255. */
export type Rgb = readonly [number, number, number];

/** A PDF with one image on each page. The caller writes the images, so that none waits in memory for the next. */
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

  /** Adds a page that shows `image`. Throws `too_many_pages` above the limit of a document. */
  addPage(placement: Placement, image: TargetRef, background?: Rgb): void {
    if (this.pages >= MAX_PAGES) {
      throw new AppError('too_many_pages', `The result would have more than ${MAX_PAGES} pages.`);
    }
    const { width, height, userUnit } = placement;
    const drawing = Buffer.from(drawingOf(placement, background), 'latin1');
    const content = new TargetRef(this.#writer.putStream(new PdfDict(), drawing));
    const page = this.#writer.allocate();
    const dict = PdfDict.of({
      Type: new PdfName('Page'),
      Parent: this.#tree.add(page),
      MediaBox: [0, 0, width, height],
      UserUnit: userUnit === 1 ? undefined : userUnit,
      Contents: content,
      Resources: PdfDict.of({ XObject: PdfDict.of({ Im0: image }) }),
    });
    this.#writer.put(dict, page);
  }

  /** Writes page tree, catalog and trailer, and closes the file. `metadata` is an XMP stream. */
  finish({ info, metadata }: { info?: TargetObjectNumber | undefined; metadata?: TargetRef | undefined } = {}): void {
    const pages = new TargetRef(this.#tree.end());
    const catalog = PdfDict.of({ Type: new PdfName('Catalog'), Pages: pages, Metadata: metadata });
    this.#writer.end(this.#writer.put(catalog), info);
  }
}

/** The content stream: the background, a clipping path, and the image. */
function drawingOf({ width, height, matrix, clip }: Placement, background: Rgb | undefined): string {
  const page = { x: 0, y: 0, width, height };
  const paint = background ? `${background.map(component).join(' ')} rg ${rectangle(page)} f ` : '';
  const path = clip ? `${rectangle(clip)} W n ` : '';
  return `${paint}q ${path}${matrix.join(' ')} cm /Im0 Do Q`;
}

function rectangle({ x, y, width, height }: Box): string {
  return `${x} ${y} ${width} ${height} re`;
}

/** A colour component from 0 to 1, in as few digits as represent 8 bits. */
function component(value: number): number {
  return Math.round((value / 255) * 1000) / 1000;
}
