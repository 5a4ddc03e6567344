import { PdfDict, PdfString, TargetRef } from '../syntax/objects.js';
import type { PdfArray, PdfObject } from '../syntax/objects.js';
import type { TargetObjectNumber } from '../syntax/object-numbers.js';

/** Values above this approximate size in bytes are written once. */
export const LARGE_BYTES = 4 * 1024;
/** Shorter strings may be names that rewriters change. */
const LARGE_STRING_BYTES = 64 * 1024;
/** Estimated size of an array, a dictionary or a simple value. */
const VALUE_BYTES = 4;

type Part = PdfString | PdfArray | PdfDict;

/** Writes large parts of repeatedly copied objects once, as indirect objects. */
export class LargeValues {
  /** Writes a part and returns its number. Returns undefined if the part differs between copies. */
  readonly #write: (part: Part) => TargetObjectNumber | undefined;
  readonly #written = new WeakMap<Part, TargetRef | 'no'>();

  constructor(write: (part: Part) => TargetObjectNumber | undefined) {
    this.#write = write;
  }

  /**
   * Returns a copy of a value with references instead of large parts. The caller may change the copy. Equal parts are
   * recognized by identity. The recursion is bounded by the parser's nesting limit.
   */
  reduce(value: PdfObject): PdfObject {
    if (Array.isArray(value)) return value.map((item) => this.#part(item));
    if (value instanceof PdfDict) return new PdfDict(Array.from(value, ([key, item]) => [key, this.#part(item)]));
    return value;
  }

  #part(part: PdfObject): PdfObject {
    if (!(Array.isArray(part) || part instanceof PdfDict || part instanceof PdfString)) return part;
    const known = this.#written.get(part) ?? this.#decide(part);
    return known === 'no' ? this.reduce(part) : known;
  }

  #decide(part: Part): TargetRef | 'no' {
    if (!isLarge(part)) return 'no';
    const num = this.#write(part);
    const decision = num === undefined ? 'no' : new TargetRef(num);
    this.#written.set(part, decision);
    return decision;
  }
}

function isLarge(part: Part): boolean {
  if (part instanceof PdfString) return part.bytes.length > LARGE_STRING_BYTES;
  const left: PdfObject[] = [part];
  let bytes = 0;
  for (let next = left.pop(); next !== undefined && bytes <= LARGE_BYTES; next = left.pop()) {
    bytes += next instanceof PdfString ? next.bytes.length : VALUE_BYTES;
    if (next instanceof PdfDict) pushFirst(next.values(), left);
    else if (Array.isArray(next)) pushFirst(next, left);
  }
  return bytes > LARGE_BYTES;
}

/** Adds items until their total size is large. */
function pushFirst(items: Iterable<PdfObject>, left: PdfObject[]): void {
  let added = 0;
  for (const item of items) {
    left.push(item);
    added += VALUE_BYTES;
    if (added > LARGE_BYTES) return;
  }
}
