import { PdfError } from '../errors.js';
import { MAX_DOCUMENT_STREAM_BYTES, MAX_STREAM_BYTES } from '../limits.js';

const MEBIBYTE = 2 ** 20;

/** Limits the decoded size of each stream of a document and of all together. A small file can decode to terabytes. */
export class DecodingBudget {
  #left = MAX_DOCUMENT_STREAM_BYTES;

  /** Maximum number of bytes that the next stream may decode to. */
  get limit(): number {
    return Math.max(1, Math.min(MAX_STREAM_BYTES, this.#left));
  }

  /** Charges decoded bytes. Throws `upload_too_large` if they exceed the remaining budget. */
  spend(bytes: number): void {
    if (bytes > this.limit) throw this.exceeded();
    this.#left -= bytes;
  }

  /** Returns the error for a stream that would exceed the limit. */
  exceeded(cause?: unknown): PdfError {
    const [what, limit] =
      this.limit === MAX_STREAM_BYTES
        ? ['a stream that decodes', MAX_STREAM_BYTES]
        : ['streams that together decode', MAX_DOCUMENT_STREAM_BYTES];
    return new PdfError('upload_too_large', `has ${what} to more than the limit of ${limit / MEBIBYTE} MiB`, cause);
  }
}
