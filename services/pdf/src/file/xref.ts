import { PdfError } from '../errors.js';
import { MAX_OBJECTS } from '../limits.js';
import type { PdfDict } from '../syntax/objects.js';
import type { SourceObjectNumber } from '../syntax/object-numbers.js';

/**
 * The location of an object (ISO 32000-2, tables 15 and 18): an offset in the file, or an index in an object stream.
 */
export type XrefEntry =
  | { readonly kind: 'offset'; readonly offset: number; readonly gen: number }
  | { readonly kind: 'compressed'; readonly container: SourceObjectNumber; readonly index: number }
  | { readonly kind: 'free' };

/** The cross-reference of a file, and its trailer (7.5.4, 7.5.5, 7.5.8). */
export interface Xref {
  readonly entries: Map<SourceObjectNumber, XrefEntry>;
  readonly trailer: PdfDict;
}

/** Returns the error for a cross-reference with more objects than the limit. */
export function tooManyObjects(): PdfError {
  return new PdfError('upload_too_large', `lists more than the limit of ${MAX_OBJECTS} objects`);
}
