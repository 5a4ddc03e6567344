import { outputEncryption } from '../output-password.js';
import { ImageWriter, PdfWriter, ObjectDeduplicator } from '@pdf-tools/pdf';
import type { PdfaPart } from '@pdf-tools/pdf';
import type { MergeParams } from './options.js';

/** The result file. It is created for the first image, or when the claims of the result are known. */
export class MergeOutput {
  /** Finds objects that several files share. */
  readonly deduplicator = new ObjectDeduplicator();
  readonly #path: string;
  readonly #params: MergeParams;
  #writer: PdfWriter | undefined;
  #images: ImageWriter | undefined;

  constructor(path: string, params: MergeParams) {
    this.#path = path;
    this.#params = params;
  }

  /** Writes images into the result before anything else. A result with an image never claims PDF/A. */
  get images(): ImageWriter {
    this.#images ??= new ImageWriter(this.writer(undefined), this.deduplicator);
    return this.#images;
  }

  /** Returns the writer of the result. `pdfaPart` is the part of PDF/A that the result claims. */
  writer(pdfaPart: PdfaPart | undefined): PdfWriter {
    this.#writer ??= new PdfWriter(this.#path, { pdfaPart, encryption: outputEncryption(this.#params) });
    return this.#writer;
  }

  /** Closes the file of an unfinished result. */
  discard(): void {
    this.#writer?.discard();
  }
}
