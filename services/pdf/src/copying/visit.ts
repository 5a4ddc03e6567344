import type { RawObject } from '../file/indirect-object.js';
import type { PdfObject } from '../syntax/objects.js';
import type { SourceObjectNumber } from '../syntax/object-numbers.js';

/** An object that is being copied. Its references are copied first, so that equal objects serialize to equal text. */
export interface Visit {
  readonly num: SourceObjectNumber;
  /** Its parsed value. Undefined if its bytes are copied without parsing. */
  readonly value: PdfObject | undefined;
  readonly raw: RawObject | undefined;
  readonly references: readonly SourceObjectNumber[];
  next: number;
}
