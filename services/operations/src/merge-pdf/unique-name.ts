import { AppError } from '@pdf-tools/runtime/errors';
import { MAX_NAMES, PdfString, textOf, textString } from '@pdf-tools/pdf';

/** A name, and the ending that it has if it is a file's. */
const ENDING = /^(.*?)(\.[A-Za-z][A-Za-z0-9]{0,4})?$/s;

/** Finds free names. Names are a string's bytes as Latin-1 text. */
export class FreeNames {
  /** By name, the number that is tried next: a name that thousands have would else be tried with all of them. */
  readonly #next = new Map<string, number>();

  /** The name with the first of `_2`, `_3`, … that is free and was not given before, in front of a file's ending. */
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

/** Names of one kind in the result, with what they name. */
export class UniqueNames<T> {
  readonly #taken: Map<string, T>;
  readonly #free = new FreeNames();

  /** Adds names to those that a map has already. */
  constructor(taken = new Map<string, T>()) {
    this.#taken = taken;
  }

  get entries(): Map<string, T> {
    return this.#taken;
  }

  get(name: string): T | undefined {
    return this.#taken.get(name);
  }

  /** Adds a name, or another where it is taken, and returns it. Throws `too_many_pages` above the limit. */
  add(name: string, value: T): string {
    const isTaken = (candidate: string): boolean => this.#taken.has(candidate);
    const unique = isTaken(name) ? this.#free.after(name, isTaken) : name;
    this.#taken.set(unique, value);
    checkNames(this.#taken.size);
    return unique;
  }
}

/** Refuses a result with more names of one kind than the limit: `too_many_pages`. */
export function checkNames(count: number): void {
  if (count <= MAX_NAMES) return;
  const what = `${MAX_NAMES} destinations, form fields, attachments or other names of one kind`;
  throw new AppError('too_many_pages', `The result would have more than ${what}. Merge fewer files at once.`);
}

/** A name's bytes as the text that people read. */
export function displayName(name: string): string {
  return textOf(PdfString.latin1(name));
}
