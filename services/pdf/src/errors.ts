/** Codes of what is wrong with a document. They are the names that the HTTP contract uses. */
export type PdfErrorCode =
  'corrupt_pdf' | 'password_required' | 'password_wrong' | 'too_many_pages' | 'too_many_pixels' | 'upload_too_large';

/**
 * A document that cannot be read or exceeds a limit. `message` is a predicate without a subject ("is cut off"). The
 * caller adds the name of the file.
 */
export class PdfError extends Error {
  readonly code: PdfErrorCode;

  constructor(code: PdfErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'PdfError';
    this.code = code;
  }
}
