import type { SourceObjectNumber, TargetObjectNumber } from './object-numbers.js';

/**
 * The objects of ISO 32000-2, 7.3, as values. Names, dictionary keys and strings are bytes: where they are held as text,
 * each character is one byte (Latin-1). References are not followed here.
 */
export type PdfObject =
  null | boolean | number | PdfName | PdfString | PdfRef | TargetRef | PdfArray | PdfDict | PdfStream;

export type PdfArray = PdfObject[];

/** 7.3.5: a name without its solidus, `#xx` decoded. Compare `value`, or ask `isName`. */
export class PdfName {
  constructor(readonly value: string) {}
}

/** 7.3.4: a string's bytes, as they are after decryption. */
export class PdfString {
  constructor(readonly bytes: Buffer) {}

  static latin1(text: string): PdfString {
    return new PdfString(Buffer.from(text, 'latin1'));
  }
}

/** 7.3.10: a reference to an object of the file that is read. */
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

/** 7.3.7: a dictionary; keys are names without their solidus, in the order of the file. */
export class PdfDict extends Map<string, PdfObject> {
  static of(entries: Readonly<Record<string, PdfObject | undefined>>): PdfDict {
    const dict = new PdfDict();
    for (const [key, value] of Object.entries(entries)) if (value !== undefined) dict.set(key, value);
    return dict;
  }
}

/** 7.3.8: a stream: its dictionary, where its encoded bytes lie, and as which object it is encrypted in its file. */
export class PdfStream {
  constructor(
    readonly dict: PdfDict,
    readonly data: StreamData,
    readonly id?: PdfRef,
  ) {}
}

/** A stream's encoded bytes: in memory, or a range of the file that is read when it is needed. */
export type StreamData = Buffer | FileRange;

/** Bytes of a file, from the offset on. */
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

/** True for a dictionary of this type (7.3.7). */
export function isOfType(object: PdfObject | undefined, type: string): object is PdfDict {
  return object instanceof PdfDict && isName(object.get('Type'), type);
}

/** True for a page or a node above pages (7.7.3). */
export function isPageTreeNode(object: PdfObject | undefined): object is PdfDict {
  return isOfType(object, 'Page') || isOfType(object, 'Pages');
}
