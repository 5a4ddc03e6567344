import type { RawObject } from '../file/indirect-object.js';
import type { PdfObject } from '../syntax/objects.js';
import type { SourceObjectNumber } from '../syntax/object-numbers.js';

/** An object on the way: what it refers to is copied before it, so that equal objects are found equal. */
export interface Visit {
  readonly num: SourceObjectNumber;
  /** Its value, if it is not copied as its bytes lie in the file. */
  readonly value: PdfObject | undefined;
  readonly raw: RawObject | undefined;
  readonly references: readonly SourceObjectNumber[];
  next: number;
}
