import { isWhiteSpace } from '../syntax/characters.js';
import type { PdfDict } from '../syntax/objects.js';
import { LOOKAHEAD, endAfter, endMarker, findEnd, inlineLength } from './inline-image.js';

/** Data up to this size are buffered until `EI` is found after them. */
const MAX_HELD = 1024 * 1024;

/** An inline image (ISO 32000-2, 8.9.7). */
export interface InlineImage {
  readonly dict: PdfDict;
  /** Size of its encoded data. */
  readonly bytes: number;
}

/**
 * Finds the end of an inline image's data. Without a filter their size follows from the dictionary. If `EI` is not
 * there, or the size is unknown, the data end at the first `EI` that content follows.
 */
export class InlineData {
  isEnded = false;
  readonly #dict: PdfDict;
  #length: number | undefined;
  #marker: Buffer | undefined;
  #isBegun = false;
  #bytes = 0;

  constructor(dict: PdfDict) {
    this.#dict = dict;
    this.#length = inlineLength(dict);
    this.#marker = endMarker(dict);
  }

  get image(): InlineImage {
    return { dict: this.#dict, bytes: this.#bytes };
  }

  /** Consumes bytes of the image. Returns their number, including `EI`. `last` means that nothing follows. */
  read(buffer: Buffer, last: boolean): number {
    if (this.#isBegun) return this.#read(buffer, 0, last);
    // The operator ID includes one white-space byte.
    if (buffer.length === 0) return 0;
    this.#isBegun = true;
    return this.#read(buffer, isWhiteSpace(buffer[0]) ? 1 : 0, last);
  }

  #read(buffer: Buffer, from: number, last: boolean): number {
    if (this.#length !== undefined) return this.#readLength(buffer, from, this.#length, last);
    if (this.#marker) return this.#readToMarker(buffer, from, this.#marker, last);
    return this.#search(buffer, from, last);
  }

  #readLength(buffer: Buffer, from: number, length: number, last: boolean): number {
    if (length > MAX_HELD) {
      const taken = Math.min(length - this.#bytes, buffer.length - from);
      this.#bytes += taken;
      if (this.#bytes < length) return from + taken;
      this.#length = undefined;
      return this.#search(buffer, from + taken, last);
    }
    if (!last && buffer.length < from + length + LOOKAHEAD) return from;
    const end = endAfter(buffer, from + length);
    this.#length = undefined;
    if (end === undefined) return this.#search(buffer, from, last);
    return this.#endAt(end, length);
  }

  #readToMarker(buffer: Buffer, from: number, marker: Buffer, last: boolean): number {
    const found = buffer.indexOf(marker, from);
    const to = found < 0 ? Math.max(from, buffer.length - marker.length + 1) : found + marker.length;
    this.#bytes += to - from;
    if (found < 0) return to;
    this.#marker = undefined;
    return this.#search(buffer, to, last);
  }

  #search(buffer: Buffer, from: number, last: boolean): number {
    const found = findEnd(buffer, from);
    if (found >= 0 && (last || found + 2 + LOOKAHEAD <= buffer.length)) {
      return this.#endAt(found + 2, this.#bytes + found - from);
    }
    const to = found < 0 ? Math.max(from, buffer.length - 1) : found;
    this.#bytes += to - from;
    return to;
  }

  #endAt(end: number, bytes: number): number {
    this.isEnded = true;
    this.#bytes = bytes;
    return end;
  }
}
