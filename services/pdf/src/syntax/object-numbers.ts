declare const DOCUMENT: unique symbol;

/** The number of an object in a file that is read (ISO 32000-2, 7.3.10). */
export type SourceObjectNumber = number & { readonly [DOCUMENT]: 'source' };

/** The number of an object in the document that is written. The compiler rejects one for the other. */
export type TargetObjectNumber = number & { readonly [DOCUMENT]: 'target' };

/** Marks a number that was read from a file. */
export function sourceNumber(num: number): SourceObjectNumber {
  return num as SourceObjectNumber;
}

/** Marks a number of the document that is written. `PdfWriter.allocate` assigns them. */
export function targetNumber(num: number): TargetObjectNumber {
  return num as TargetObjectNumber;
}

/** Object 0 is never in use (7.5.4). It stands for a direct object of a file. */
export const NO_OBJECT = sourceNumber(0);

/** Object 0 is never in use (7.5.4). A reference to it is written as null. */
export const NULL_TARGET = targetNumber(0);
