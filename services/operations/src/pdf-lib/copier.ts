import { PDFArray, PDFDict, PDFInvalidObject, PDFNull, PDFRawStream, PDFRef, PDFStream } from 'pdf-lib';
import type { PDFContext, PDFObject } from 'pdf-lib';
import { Fault } from '../fault.js';
import { MAX_NESTING } from './limits.js';

/**
 * Copies objects of one document into another under new numbers. What a copied object refers to is copied once, by a
 * work list rather than by recursion, so that chains of any length and cycles are harmless.
 */
export class Copier {
  readonly #source: PDFContext;
  readonly #target: PDFContext;
  readonly #numbers = new Map<PDFRef, PDFRef>();
  readonly #waiting: PDFRef[] = [];

  constructor(source: PDFContext, target: PDFContext) {
    this.#source = source;
    this.#target = target;
  }

  /** From now on references to `from` become references to `to`, and `from` itself is not copied. */
  map(from: PDFRef, to: PDFRef): void {
    this.#numbers.set(from, to);
  }

  /** A copy of an object; what it refers to follows with the next `drain`. Throws `corrupt_pdf` on absurd nesting. */
  copy(object: PDFObject, depth = 0): PDFObject {
    if (depth > MAX_NESTING) throw new Fault('corrupt_pdf', 'cannot be read: its objects are nested too deeply');
    if (object instanceof PDFRef) return this.#copyRef(object);
    if (object instanceof PDFDict) return this.copyDict(object, depth);
    if (object instanceof PDFArray) {
      const array = PDFArray.withContext(this.#target);
      for (const item of object.asArray()) array.push(this.copy(item, depth + 1));
      return array;
    }
    if (object instanceof PDFRawStream) return PDFRawStream.of(this.copyDict(object.dict, depth), object.contents);
    return object instanceof PDFInvalidObject || object instanceof PDFStream ? PDFNull : object;
  }

  /** A copy of a dictionary, with the same promise as `copy`. */
  copyDict(dict: PDFDict, depth = 0): PDFDict {
    const copy = PDFDict.withContext(this.#target);
    for (const [key, value] of dict.entries()) copy.set(key, this.copy(value, depth + 1));
    return copy;
  }

  /** Copies everything that copied objects refer to. */
  drain(): void {
    for (let ref = this.#waiting.pop(); ref; ref = this.#waiting.pop()) {
      const object = this.#source.lookup(ref);
      const to = this.#numbers.get(ref);
      if (to) this.#target.assign(to, object ? this.copy(object) : PDFNull);
    }
  }

  #copyRef(ref: PDFRef): PDFObject {
    const known = this.#numbers.get(ref);
    if (known) return known;
    if (!this.#source.lookup(ref)) return PDFNull;
    const fresh = this.#target.nextRef();
    this.#numbers.set(ref, fresh);
    this.#waiting.push(ref);
    return fresh;
  }
}
