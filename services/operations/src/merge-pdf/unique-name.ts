import { textOf, textString } from '../pdf/document/text-string.js';
import { PdfString } from '../pdf/syntax/objects.js';

/** The name with the first of `_2`, `_3`, … that is free. Names are a string's bytes as Latin-1 text. */
export function uniqueName(name: string, isTaken: (name: string) => boolean): string {
  const text = nameForPeople(name);
  for (let nth = 2; ; nth++) {
    const candidate = textString(`${text}_${nth}`).bytes.toString('latin1');
    if (!isTaken(candidate)) return candidate;
  }
}

/** A name's bytes as the text that people read. */
export function nameForPeople(name: string): string {
  return textOf(PdfString.latin1(name));
}
