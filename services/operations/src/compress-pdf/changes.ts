import type { PdfFile, PdfObject, SourceObjectNumber } from '@pdf-tools/pdf';
import { sourceNumber } from '@pdf-tools/pdf';

/** Objects to write instead of objects of a file, and objects to add to it. */
export class Changes {
  readonly #file: PdfFile;
  readonly #objects = new Map<SourceObjectNumber, PdfObject>();
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

  /** The current value of an object, changed or not. */
  current(num: SourceObjectNumber): PdfObject {
    const changed = this.#objects.get(num);
    return changed === undefined ? this.#file.load(num) : changed;
  }

  replace(num: SourceObjectNumber, object: PdfObject): void {
    this.#objects.set(num, object);
  }

  /** Adds an object. Returns its number, which other objects of the file may refer to. */
  add(object: PdfObject): SourceObjectNumber {
    const highest = this.#highest ?? [...this.#file.numbers()].reduce((most, num) => Math.max(most, num), 0);
    this.#highest = sourceNumber(highest + 1);
    this.#objects.set(this.#highest, object);
    return this.#highest;
  }

  /** All changes, by object number. */
  entries(): Iterable<[SourceObjectNumber, PdfObject]> {
    return this.#objects;
  }
}
