import { PdfError } from '../errors.js';
import { Lexer } from '../syntax/lexer.js';
import { PdfDict, PdfName } from '../syntax/objects.js';
import type { PdfObject } from '../syntax/objects.js';
import { parseObject } from '../syntax/parser.js';
import type { Matrix } from './matrix.js';

/** `SCN` in a DeviceN space has up to 33 operands. An inline image dictionary may have more. */
export const MAX_OPERANDS = 64;
/** Numbers that need no parser. All others are malformed. */
const PLAIN_NUMBER = /^-?(?:\d+\.?\d*|\.\d+)$/;

/**
 * An operator and its operands (ISO 32000-2, 7.8.2), which are parsed on demand. Keeps the last 64 operands. Valid
 * until the scanner continues.
 */
export class Operation {
  operator = '';
  buffer: Buffer = Buffer.alloc(0);
  /** The range of the operation in the buffer, including the white space before it. */
  start = 0;
  end = 0;
  readonly #starts = new Float64Array(MAX_OPERANDS);
  readonly #ends = new Float64Array(MAX_OPERANDS);
  #count = 0;
  #depth = 0;
  #openedAt = 0;

  get count(): number {
    return this.#count;
  }

  /** Whether an array or dictionary is open. Its contents are part of one operand. */
  get isOpen(): boolean {
    return this.#depth > 0;
  }

  clear(): void {
    this.#count = 0;
    this.#depth = 0;
  }

  /** Starts an array or dictionary. */
  open(start: number): void {
    if (this.#depth === 0) this.#openedAt = start;
    this.#depth += 1;
  }

  /** Ends an array or dictionary. Ignores an end without a start. */
  close(end: number): void {
    if (this.#depth === 0) return;
    this.#depth -= 1;
    this.add(this.#openedAt, end);
  }

  /** Adds an operand. */
  add(start: number, end: number): void {
    if (this.#depth > 0) return;
    if (this.#count === MAX_OPERANDS) {
      this.#starts.copyWithin(0, 1);
      this.#ends.copyWithin(0, 1);
      this.#count -= 1;
    }
    this.#starts[this.#count] = start;
    this.#ends[this.#count] = end;
    this.#count += 1;
  }

  /** The operation's bytes in the content stream, including the white space before them. */
  raw(): Buffer {
    return this.buffer.subarray(this.start, this.end);
  }

  /** The operand at an index, or from the end if it is negative. Null if it does not exist. */
  at(index: number): PdfObject {
    const at = index < 0 ? this.#count + index : index;
    if (at < 0 || at >= this.#count) return null;
    try {
      return parseObject(new Lexer(this.buffer, this.#starts[at] ?? 0, this.#ends[at] ?? 0));
    } catch (thrown) {
      // No operator has an operand with such deep nesting.
      if (thrown instanceof PdfError) return null;
      throw thrown;
    }
  }

  /** The bytes of an operand at an index as Latin-1 text, or nothing if it does not exist. */
  token(index: number): string {
    const at = index < 0 ? this.#count + index : index;
    if (at < 0 || at >= this.#count) return '';
    return this.buffer.toString('latin1', this.#starts[at], this.#ends[at]);
  }

  /** A lexer at the start of an operand. It ends with the operand. */
  lexer(index: number): Lexer {
    return new Lexer(this.buffer, this.#starts[index] ?? 0, this.#ends[index] ?? 0);
  }

  /** A number operand. Undefined for other types. */
  number(index: number): number | undefined {
    const token = this.token(index);
    if (PLAIN_NUMBER.test(token)) return Number(token);
    const value = this.at(index);
    return typeof value === 'number' ? value : undefined;
  }

  /** The text of a name operand. Undefined for other types. */
  name(index: number): string | undefined {
    const value = this.at(index);
    return value instanceof PdfName ? value.value : undefined;
  }

  /** The linear part of the last six operands as a matrix. Undefined if they are not numbers. */
  matrix(): Matrix | undefined {
    const [a, b, c, d] = [this.number(-6), this.number(-5), this.number(-4), this.number(-3)];
    if (a === undefined || b === undefined || c === undefined || d === undefined) return undefined;
    return { a, b, c, d };
  }

  /** All operands as keys and values of a dictionary. */
  dict(): PdfDict {
    const dict = new PdfDict();
    for (let at = 0; at + 1 < this.#count; at += 2) {
      const key = this.name(at);
      if (key === undefined) at -= 1;
      else dict.set(key, this.at(at + 1));
    }
    return dict;
  }
}
