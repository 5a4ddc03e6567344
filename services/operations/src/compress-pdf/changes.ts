import type { PdfFile, PdfObject, SourceObjectNumber } from '@pdf-tools/pdf';
import { sourceNumber } from '@pdf-tools/pdf';

/** Maximum number of unchanged objects that are kept. Most steps need the same ones. */
const MAX_KEPT = 512;

/** Objects to write instead of objects of a file, and objects to add to it. */
export class Changes {
  readonly #file: PdfFile;
  readonly #objects = new Map<SourceObjectNumber, PdfObject>();
  /** Unchanged objects that were read. */
  readonly #kept = new Map<SourceObjectNumber, PdfObject>();
  #highest: SourceObjectNumber | undefined;

  constructor(file: PdfFile) {
    this.#file = file;
  }

  /** Returns the same changes, which further changes do not affect. */
  copy(): Changes {
    const copy = new Changes(this.#file);
    for (const [num, object] of this.#objects) copy.#objects.set(num, object);
    copy.#highest = this.#highest;
    return copy;
  }

  /** The current value of an object, changed or not. Do not change it. */
  current(num: SourceObjectNumber): PdfObject {
    const known = this.#objects.get(num) ?? this.#kept.get(num);
    return known ?? this.#read(num);
  }

  replace(num: SourceObjectNumber, object: PdfObject): void {
    this.#objects.set(num, object);
    this.#kept.delete(num);
  }

  /** Adds an object. Returns its number, which other objects of the file may refer to. */
  add(object: PdfObject): SourceObjectNumber {
    const highest = this.#highest ?? [...this.#file.numbers()].reduce((most, num) => Math.max(most, num), 0);
    this.#highest = sourceNumber(highest + 1);
    this.#objects.set(this.#highest, object);
    return this.#highest;
  }

  #read(num: SourceObjectNumber): PdfObject {
    if (this.#objects.has(num)) return null;
    const object = this.#file.load(num);
    if (this.#kept.size < MAX_KEPT) this.#kept.set(num, object);
    return object;
  }

  /** All changes, by object number. */
  entries(): Iterable<[SourceObjectNumber, PdfObject]> {
    return this.#objects;
  }
}
