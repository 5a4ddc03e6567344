import { rowBytes } from './bilevel-image.js';
import type { BilevelImage } from './bilevel-image.js';
import {
  BLACK_TABLE,
  HORIZONTAL_MODE,
  MODE_BITS,
  MODE_OFFSET,
  MODE_TABLE,
  PASS_MODE,
  RUN_BITS,
  WHITE_TABLE,
} from './ccitt-codes.js';

/** How data are coded: Modified Huffman without end-of-line codes, Group 3 in one or two dimensions, or Group 4. */
export type CcittCoding = 'modified-huffman' | 'group-3' | 'group-3-2d' | 'group-4';

interface CcittLayout {
  readonly width: number;
  readonly height: number;
  readonly coding: CcittCoding;
}

/** A decoded image, and how much of it the data did not hold. */
export interface DecodedCcitt extends BilevelImage {
  /** Rows that contain an invalid code. They are white from there on. */
  readonly damagedRows: number;
  /** Rows that the data hold. The others are white. */
  readonly rows: number;
  /** Whether the data end with the code that says so, or hold all rows. */
  readonly complete: boolean;
}

const END_OF_LINE_BITS = 12;
/** Elements after the last change of a row, so that the decoder can read ahead of it. */
const SENTINELS = 4;
/** What ends a row, other than its last pixel. */
const [ROW_DONE, ROW_DAMAGED] = [0, 1];

/**
 * Decodes CCITT data (T.4 and T.6) of known size into packed rows with 1 for black. After an invalid code it continues
 * with the row after the next end-of-line code. Group 4 and Modified Huffman have no such code, so there it stops. It
 * never throws for damaged data.
 */
export function decodeCcitt(data: Uint8Array, layout: CcittLayout): DecodedCcitt {
  return new CcittDecoder(data, layout).decode();
}

class CcittDecoder {
  readonly #data: Uint8Array;
  readonly #layout: CcittLayout;
  readonly #pixels: Uint8Array;
  readonly #bits: number;
  #position = 0;
  /** Positions at which the colour changes, from white to black first. Elements after the last one are the width. */
  #coding: Int32Array;
  #reference: Int32Array;
  #changes = 0;

  constructor(data: Uint8Array, layout: CcittLayout) {
    this.#data = data;
    this.#layout = layout;
    this.#bits = data.length * 8;
    this.#pixels = new Uint8Array(rowBytes(layout.width) * layout.height);
    this.#coding = new Int32Array(layout.width + 2 + SENTINELS).fill(layout.width);
    this.#reference = new Int32Array(layout.width + 2 + SENTINELS).fill(layout.width);
  }

  decode(): DecodedCcitt {
    const { width, height, coding } = this.#layout;
    let damagedRows = 0;
    let row = 0;
    let complete = false;
    for (; row < height; row += 1) {
      if (this.#atEnd()) {
        complete = this.#position < this.#bits;
        break;
      }
      const damaged = this.#decodeRow() === ROW_DAMAGED;
      if (damaged && this.#position >= this.#bits) break;
      this.#fill(row);
      if (!damaged) continue;
      damagedRows += 1;
      if (coding === 'group-4' || coding === 'modified-huffman' || !this.#findEndOfLine()) {
        row += 1;
        break;
      }
    }
    return { width, height, data: this.#pixels, damagedRows, rows: row, complete: complete || row === height };
  }

  /** Whether no row follows: the data are used up, or two end-of-line codes follow each other. */
  #atEnd(): boolean {
    if (this.#layout.coding === 'modified-huffman') {
      this.#position = (this.#position + 7) & ~7;
      return this.#position >= this.#bits;
    }
    if (this.#layout.coding === 'group-4') {
      return this.#position >= this.#bits || this.#peek(END_OF_LINE_BITS) === 1;
    }
    if (!this.#skipEndOfLine()) return this.#position >= this.#bits;
    const start = this.#position;
    // The tag bit of two-dimensional coding is between the end-of-line codes.
    if (this.#layout.coding === 'group-3-2d') this.#position += 1;
    const ended = this.#peek(END_OF_LINE_BITS) === 1;
    this.#position = start;
    return ended || this.#position >= this.#bits;
  }

  /** Skips fill bits and an end-of-line code, if they are next. */
  #skipEndOfLine(): boolean {
    let at = this.#position;
    while (at < this.#bits && this.#bitAt(at) === 0) at += 1;
    if (at === this.#bits) this.#position = at;
    if (at - this.#position < END_OF_LINE_BITS - 1) return false;
    this.#position = at + 1;
    return true;
  }

  #findEndOfLine(): boolean {
    let zeros = 0;
    for (let at = this.#position; at < this.#bits; at += 1) {
      if (this.#bitAt(at) === 0) zeros += 1;
      else if (zeros >= END_OF_LINE_BITS - 1) {
        this.#position = at - (END_OF_LINE_BITS - 1);
        return true;
      } else zeros = 0;
    }
    return false;
  }

  #decodeRow(): number {
    [this.#coding, this.#reference] = [this.#reference, this.#coding];
    this.#changes = 0;
    const { coding } = this.#layout;
    const twoDimensional = coding === 'group-4' || (coding === 'group-3-2d' && this.#take(1) === 0);
    const outcome = twoDimensional ? this.#decodeAgainstReference() : this.#decodeRuns();
    this.#coding.fill(this.#layout.width, this.#changes, this.#changes + SENTINELS);
    return outcome;
  }

  /** One-dimensional coding (T.4, 4.1): runs of white and black in turn. */
  #decodeRuns(): number {
    const { width } = this.#layout;
    let at = 0;
    while (at < width) {
      const run = this.#takeRun(this.#changes % 2 === 1);
      if (run < 0 || at + run > width || this.#changes > width) return ROW_DAMAGED;
      at += run;
      this.#add(at);
    }
    return ROW_DONE;
  }

  /** Two-dimensional coding (T.6, 2.2). */
  #decodeAgainstReference(): number {
    const { width } = this.#layout;
    let a0 = -1;
    /** Position of b1 in the reference row; odd if the pixels from a0 on are black. */
    let above = 0;
    while (a0 < width) {
      while (this.#referenceAt(above) <= a0 && this.#referenceAt(above) < width) above += 2;
      const mode = this.#takeCode(MODE_TABLE, MODE_BITS) - MODE_OFFSET;
      if (mode === PASS_MODE) a0 = this.#referenceAt(above + 1);
      else if (mode === HORIZONTAL_MODE) a0 = this.#takeTwoRuns(Math.max(a0, 0));
      else {
        a0 = mode < -MODE_OFFSET ? -1 : this.#addVertical(this.#referenceAt(above) + mode, Math.max(a0, 0));
        above += above > 0 ? -1 : 1;
      }
      if (a0 < 0 || this.#changes > width + 2) return ROW_DAMAGED;
    }
    return ROW_DONE;
  }

  #referenceAt(position: number): number {
    return this.#reference[position] ?? this.#layout.width;
  }

  /** Takes the two runs of horizontal mode. Returns a2, or a negative number if the row is damaged. */
  #takeTwoRuns(a0: number): number {
    const isBlack = this.#changes % 2 === 1;
    const first = this.#takeRun(isBlack);
    const second = this.#takeRun(!isBlack);
    const a2 = a0 + first + second;
    if (first < 0 || second < 0 || a2 > this.#layout.width) return -1;
    this.#add(a0 + first);
    this.#add(a2);
    return a2;
  }

  /** Adds a change in vertical mode. Returns a1, or a negative number if it is before a0 or after the row. */
  #addVertical(a1: number, a0: number): number {
    if (a1 < a0 || a1 > this.#layout.width) return -1;
    this.#add(a1);
    return a1;
  }

  #add(change: number): void {
    this.#coding[this.#changes] = change;
    this.#changes += 1;
  }

  /** The length of the next run with its make-up codes (T.4, 4.1.1), or a negative number for an invalid code. */
  #takeRun(isBlack: boolean): number {
    const table = isBlack ? BLACK_TABLE : WHITE_TABLE;
    for (let run = 0; ;) {
      const part = this.#takeCode(table, RUN_BITS);
      if (part < 0) return -1;
      run += part;
      if (part < 64) return run;
    }
  }

  /** The value of the next code, or a negative number below every value minus `MODE_OFFSET`. */
  #takeCode(table: Int32Array, bits: number): number {
    const entry = table[this.#peek(bits)] ?? 0;
    if (entry === 0 || this.#position >= this.#bits) return -1;
    this.#position += entry & 15;
    return entry >> 4;
  }

  #take(bits: number): number {
    const value = this.#peek(bits);
    this.#position += bits;
    return value;
  }

  /** The next bits, at most 17. Bits after the data are 0. */
  #peek(bits: number): number {
    const at = this.#position >> 3;
    const data = this.#data;
    const held = ((data[at] ?? 0) << 16) | ((data[at + 1] ?? 0) << 8) | (data[at + 2] ?? 0);
    return (held >> (24 - bits - (this.#position & 7))) & ((1 << bits) - 1);
  }

  #bitAt(at: number): number {
    return ((this.#data[at >> 3] ?? 0) >> (7 - (at & 7))) & 1;
  }

  #fill(row: number): void {
    const start = row * rowBytes(this.#layout.width) * 8;
    for (let at = 0; at < this.#changes; at += 2) {
      const from = this.#coding[at] ?? 0;
      const to = this.#coding[at + 1] ?? 0;
      if (from < to) setBits(this.#pixels, start + from, start + to);
    }
  }
}

/** Sets the bits from `start` up to `end`, most significant bit first. */
function setBits(bytes: Uint8Array, start: number, end: number): void {
  const first = start >> 3;
  const last = (end - 1) >> 3;
  const head = 0xff >> (start & 7);
  const tail = (0xff << (7 - ((end - 1) & 7))) & 0xff;
  if (first === last) {
    bytes[first] = (bytes[first] ?? 0) | (head & tail);
    return;
  }
  bytes[first] = (bytes[first] ?? 0) | head;
  bytes.fill(0xff, first + 1, last);
  bytes[last] = (bytes[last] ?? 0) | tail;
}
