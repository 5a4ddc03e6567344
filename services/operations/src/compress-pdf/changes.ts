import type { PdfFile, PdfObject } from '@pdf-tools/pdf';

/** What is written in place of objects of a file, and with which numbers objects are added to it. */
export class Changes {
  readonly #file: PdfFile;
  readonly #objects = new Map<number, PdfObject>();
  #highest: number | undefined;

  constructor(file: PdfFile) {
    this.#file = file;
  }

  /** An object as it is going to be written. */
  current(num: number): PdfObject {
    return this.#objects.get(num) ?? this.#file.load(num);
  }

  replace(num: number, object: PdfObject): void {
    this.#objects.set(num, object);
  }

  /** Adds an object and returns its number, by which others of the file may refer to it. */
  add(object: PdfObject): number {
    this.#highest ??= [...this.#file.numbers()].reduce((highest, num) => Math.max(highest, num), 0);
    this.#highest += 1;
    this.#objects.set(this.#highest, object);
    return this.#highest;
  }

  /** All changes, by object number. */
  entries(): Iterable<[number, PdfObject]> {
    return this.#objects;
  }
}
