import type { SourceObjectNumber, TargetObjectNumber } from './object-numbers.js';

/**
 * The objects of ISO 32000-2, 7.3, as values. Names, dictionary keys and strings are bytes. If they are text, each
 * character is one byte (Latin-1). Values do not resolve references.
 */
export type PdfObject =
  null | boolean | number | PdfName | PdfString | PdfRef | TargetRef | PdfArray | PdfDict | PdfStream;

export type PdfArray = PdfObject[];

/** A name without its solidus and with `#xx` decoded (7.3.5). Compare `value`, or call `isName`. */
export class PdfName {
  constructor(readonly value: string) {}
}

/** The decrypted bytes of a string (7.3.4). */
export class PdfString {
  constructor(readonly bytes: Buffer) {}

  static latin1(text: string): PdfString {
    return new PdfString(Buffer.from(text, 'latin1'));
  }
}

/** A reference to an object of the file that is read (7.3.10). */
export class PdfRef {
  constructor(
    readonly num: SourceObjectNumber,
    readonly gen: number,
  ) {}
}

/** A reference to an object of the document that is written. Values of a file may hold one before they are copied. */
export class TargetRef {
  constructor(readonly num: TargetObjectNumber) {}
}

/** A dictionary (7.3.7). Keys are names without their solidus, in file order. */
export class PdfDict extends Map<string, PdfObject> {
  static of(entries: Readonly<Record<string, PdfObject | undefined>>): PdfDict {
    const dict = new PdfDict();
    for (const [key, value] of Object.entries(entries)) if (value !== undefined) dict.set(key, value);
    return dict;
  }
}

/**
 * A stream with its dictionary, the location of its encoded bytes, and the object number that its encryption key
 * depends on (7.3.8).
 */
export class PdfStream {
  constructor(
    readonly dict: PdfDict,
    readonly data: StreamData,
    readonly id?: PdfRef,
  ) {}
}

/** A stream's encoded bytes in memory, or a range of the file that is read on demand. */
export type StreamData = Buffer | FileRange;

/** A range of a file. */
export interface FileRange {
  readonly offset: number;
  readonly length: number;
}

export function isName(object: PdfObject | undefined, value?: string): object is PdfName {
  return object instanceof PdfName && (value === undefined || object.value === value);
}

export function isInteger(object: PdfObject | undefined): object is number {
  return typeof object === 'number' && Number.isInteger(object);
}

/** Whether an object is a dictionary of this type (7.3.7). */
export function isOfType(object: PdfObject | undefined, type: string): object is PdfDict {
  return object instanceof PdfDict && isName(object.get('Type'), type);
}

/** Whether an object is a page or a node above pages (7.7.3). */
export function isPageTreeNode(object: PdfObject | undefined): object is PdfDict {
  return isOfType(object, 'Page') || isOfType(object, 'Pages');
}
