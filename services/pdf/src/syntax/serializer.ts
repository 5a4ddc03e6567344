import { PdfName, PdfRef, PdfStream, PdfString, TargetRef } from './objects.js';
import type { PdfDict, PdfObject } from './objects.js';
import { nameToken, stringToken } from './strings.js';
import type { SourceObjectNumber, TargetObjectNumber } from './object-numbers.js';
import { NULL_TARGET, targetNumber } from './object-numbers.js';

/** Maps numbers when an object is written into another document. */
export interface Renumbering {
  /** The target number of a source object. `NULL_TARGET` writes null. */
  object(num: SourceObjectNumber): TargetObjectNumber;
  /** The new parent tree key of a /StructParent or /StructParents (ISO 32000-2, 14.7.5.4). */
  structParent(key: number): number;
}

/** Encrypts the bytes of a string. */
export type EncryptString = (bytes: Buffer) => Buffer;

/** Keeps the numbers of the source. For text that is compared and never written. */
export const SOURCE_NUMBERS: Renumbering = { object: (num) => targetNumber(num), structParent: (key) => key };

/** For objects of the target. Rejects references to source objects, because nothing copied those objects. */
export const TARGET_NUMBERS: Renumbering = {
  object: (num) => {
    throw new TypeError(`Object ${num} of the source must be copied before it is referred to.`);
  },
  structParent: (key) => key,
};

/** A token that is written unchanged. */
class Text {
  constructor(readonly token: string) {}
}

const [ARRAY_CLOSE, DICT_CLOSE] = [new Text(']'), new Text('>>')];
const SOLIDUS = 0x2f;

/**
 * Serializes an object in its shortest form (ISO 32000-2, 7.3) as Latin-1 text, with references renumbered and
 * generation 0. Of a stream it writes the dictionary. Does not recurse, so the depth of an object is not limited.
 */
export function serialize(
  object: PdfObject,
  renumbering: Renumbering = SOURCE_NUMBERS,
  encryptString?: EncryptString,
): string {
  let out = '';
  // Kept separately, because reading a character of a growing string makes V8 copy the string.
  let last = ARRAY_CLOSE.token.charCodeAt(0);
  const add = (token: string): void => {
    out += needsSpace(last, token.charCodeAt(0)) ? ` ${token}` : token;
    last = token.charCodeAt(token.length - 1);
  };
  /** Tokens and objects still to write. The last is next. */
  const left: (PdfObject | Text)[] = [object];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    if (next instanceof Text) add(next.token);
    else if (Array.isArray(next)) {
      add('[');
      left.push(ARRAY_CLOSE);
      for (let at = next.length - 1; at >= 0; at--) left.push(next[at] ?? null);
    } else if (next instanceof Map) pushEntries(next);
    else if (next instanceof PdfStream) pushEntries(next.dict);
    else if (next instanceof PdfString) add(stringToken(encryptString?.(next.bytes) ?? next.bytes));
    else add(simple(next, renumbering));
  }
  return out;

  /** An entry whose value is null is equivalent to no entry (7.3.7). */
  function pushEntries(dict: PdfDict): void {
    add('<<');
    left.push(DICT_CLOSE);
    for (const [key, value] of [...dict].reverse()) {
      if (value === null) continue;
      const isKey = typeof value === 'number' && (key === 'StructParent' || key === 'StructParents');
      left.push(isKey ? renumbering.structParent(value) : value, new Text(nameToken(key)));
    }
  }
}

function simple(object: null | boolean | number | PdfName | PdfRef | TargetRef, renumbering: Renumbering): string {
  if (object instanceof PdfName) return nameToken(object.value);
  if (object instanceof TargetRef) return reference(object.num);
  if (object instanceof PdfRef) return reference(renumbering.object(object.num));
  return typeof object === 'number' ? numberToken(object) : String(object);
}

/** The token of a reference in the target. Every generation there is 0. */
export function reference(num: TargetObjectNumber): string {
  return num === NULL_TARGET ? 'null' : `${num} 0 R`;
}

/** No exponents (7.3.3). Readers do not keep more than ten decimal places. */
export function numberToken(value: number): string {
  if (Number.isInteger(value)) return Math.abs(value) < 1e15 ? String(value) : String(BigInt(value));
  if (!Number.isFinite(value)) return '0';
  return value.toFixed(10).replace(/\.?0+$/, '');
}

/**
 * Whether two adjacent tokens need a space, which is so if neither side is a delimiter. A name may be empty and end
 * with its solidus.
 */
function needsSpace(last: number, first: number): boolean {
  return (!isDelimiter(last) || last === SOLIDUS) && !isDelimiter(first);
}

/** Brackets, parentheses and the solidus. They need no space on either side. */
function isDelimiter(code: number): boolean {
  return (
    code === 0x28 ||
    code === 0x29 ||
    code === SOLIDUS ||
    code === 0x3c ||
    code === 0x3e ||
    code === 0x5b ||
    code === 0x5d
  );
}
