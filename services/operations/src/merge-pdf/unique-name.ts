import { textOf, textString } from '../pdf/document/text-string.js';
import { PdfString } from '../pdf/syntax/objects.js';

/** A name, and the ending that it has if it is a file's. */
const ENDING = /^(.*?)(\.[A-Za-z][A-Za-z0-9]{0,4})?$/s;

/**
 * The name with the first of `_2`, `_3`, … that is free, before a file's ending. Names are a string's bytes as Latin-1
 * text.
 */
export function uniqueName(name: string, isTaken: (name: string) => boolean): string {
  const [, stem = '', ending = ''] = ENDING.exec(nameForPeople(name)) ?? [];
  for (let nth = 2; ; nth++) {
    const candidate = textString(`${stem}_${nth}${ending}`).bytes.toString('latin1');
    if (!isTaken(candidate)) return candidate;
  }
}

/** A name's bytes as the text that people read. */
export function nameForPeople(name: string): string {
  return textOf(PdfString.latin1(name));
}
