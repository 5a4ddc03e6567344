import { PdfError } from '../errors.js';
import { MAX_DOCUMENT_STREAM_BYTES, MAX_STREAM_BYTES } from '../limits.js';

const MEBIBYTE = 2 ** 20;

/** What the streams of one document may decode to, one by one and together: a small file can hold terabytes of nothing. */
export class DecodingBudget {
  #left = MAX_DOCUMENT_STREAM_BYTES;

  /** Most bytes that the next stream may decode to. */
  get limit(): number {
    return Math.max(1, Math.min(MAX_STREAM_BYTES, this.#left));
  }

  /** Counts decoded bytes. Throws the `PdfError` `upload_too_large` where they are more than what is left. */
  spend(bytes: number): void {
    if (bytes > this.limit) throw this.exceeded();
    this.#left -= bytes;
  }

  /** The `PdfError` for a stream that would go over the limit. */
  exceeded(cause?: unknown): PdfError {
    const [what, limit] =
      this.limit === MAX_STREAM_BYTES
        ? ['a stream that decodes', MAX_STREAM_BYTES]
        : ['streams that together decode', MAX_DOCUMENT_STREAM_BYTES];
    return new PdfError('upload_too_large', `has ${what} to more than the limit of ${limit / MEBIBYTE} MiB`, cause);
  }
}
