import { AppError } from '@pdf-tools/runtime/errors';
import { MAX_NAMES, PdfString, textOf, textString } from '@pdf-tools/pdf';

/** A name and its file extension, if it has one. */
const ENDING = /^(.*?)(\.[A-Za-z][A-Za-z0-9]{0,4})?$/s;

/** Finds free names. A name is a string's bytes as Latin-1 text. */
export class FreeNames {
  /** The next number to try for each name. Otherwise thousands of equal names would take quadratic time. */
  readonly #next = new Map<string, number>();

  /** Inserts the first free suffix of `_2`, `_3`, … before a file extension. Never returns a name twice. */
  after(name: string, isTaken: (name: string) => boolean): string {
    const [, stem = '', ending = ''] = ENDING.exec(displayName(name)) ?? [];
    for (let nth = this.#next.get(name) ?? 2; ; nth++) {
      const candidate = textString(`${stem}_${nth}${ending}`).bytes.toString('latin1');
      if (isTaken(candidate)) continue;
      this.#next.set(name, nth + 1);
      return candidate;
    }
  }
}

/** Unique names of one kind and their values. */
export class UniqueNames<T> {
  readonly #taken: Map<string, T>;
  readonly #free = new FreeNames();

  /** Adds names to an existing map. */
  constructor(taken = new Map<string, T>()) {
    this.#taken = taken;
  }

  get entries(): Map<string, T> {
    return this.#taken;
  }

  get(name: string): T | undefined {
    return this.#taken.get(name);
  }

  /** Adds a name, or another one if it is taken. Returns it. Throws `too_many_pages` above the limit. */
  add(name: string, value: T): string {
    const isTaken = (candidate: string): boolean => this.#taken.has(candidate);
    const unique = isTaken(name) ? this.#free.after(name, isTaken) : name;
    this.#taken.set(unique, value);
    checkNames(this.#taken.size);
    return unique;
  }
}

/** Throws `too_many_pages` for more names of one kind than the limit. */
export function checkNames(count: number): void {
  if (count <= MAX_NAMES) return;
  const what = `${MAX_NAMES} destinations, form fields, attachments or other names of one kind`;
  throw new AppError('too_many_pages', `The result would have more than ${what}. Merge fewer files at once.`);
}

/** Decodes a name's bytes for display. */
export function displayName(name: string): string {
  return textOf(PdfString.latin1(name));
}
