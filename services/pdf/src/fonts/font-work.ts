let spent = 0;

/** Counts work on fonts, such as an operation of a charstring, a point of a glyph or a code of a character map. */
export function spendFontWork(units = 1): void {
  spent += units;
}

/** Returns the units of work on fonts of this process. The work of a synchronous call is equal in every run. */
export function fontWorkSpent(): number {
  return spent;
}
