import { Lexer, Token } from '../syntax/lexer.js';
import { hexBytes } from '../syntax/strings.js';
import { encodeBfEntries } from './to-unicode-writer.js';

const MAX_CODE_BYTES = 4;
const MAX_LAST_BYTE = 0xff;
/** Maximum number of codes of all entries together. A few bytes can map all characters. */
const MAX_CODES = 400_000;
/** Operators of CMaps that map no codes to Unicode. */
const OTHER_OPERATORS = /^(?:usecmap|(?:begin|end)(?:cid|notdef)(?:char|range))$/;

/** A character code with its number of bytes, and its value in UTF-16BE. */
export interface BfEntry {
  readonly code: number;
  readonly length: number;
  readonly value: Buffer;
}

/**
 * Removes the entries of a ToUnicode CMap (ISO 32000-2, 9.10.3) for all codes but these. The rest of the CMap stays the
 * same. Returns undefined if the CMap is not understood, or readers may differ in the value of a code to keep.
 */
export function trimToUnicode(bytes: Buffer, codes: ReadonlySet<number>): Buffer | undefined {
  const reader = new BfReader(bytes, codes);
  const blocks = reader.read();
  const [first] = blocks ?? [];
  if (!blocks || !first) return undefined;
  const parts: Buffer[] = [bytes.subarray(0, first.start), encodeBfEntries([...reader.entries.values()])];
  for (const [at, { end }] of blocks.entries()) parts.push(bytes.subarray(end, blocks[at + 1]?.start));
  return Buffer.concat(parts);
}

type Operand = Buffer | readonly Operand[];

/** The bytes from the count of a block of entries to its last operator. */
interface Block {
  readonly start: number;
  readonly end: number;
}

/** Reads the entries of a CMap whose codes are selected. */
class BfReader {
  readonly entries = new Map<number, BfEntry>();
  readonly #lexer: Lexer;
  readonly #codes: ReadonlySet<number>;
  #codesLeft = MAX_CODES;

  constructor(bytes: Buffer, codes: ReadonlySet<number>) {
    this.#lexer = new Lexer(bytes, 0);
    this.#codes = codes;
  }

  /** Returns the places of all entries. Returns undefined if the CMap is not understood. */
  read(): Block[] | undefined {
    const lexer = this.#lexer;
    const blocks: Block[] = [];
    let countAt: number | undefined;
    for (let token = lexer.next(); token !== Token.End; token = lexer.next()) {
      const keyword = token === Token.Keyword ? lexer.text() : '';
      if (OTHER_OPERATORS.test(keyword)) return undefined;
      const kind = /^beginbf(char|range)$/.exec(keyword)?.[1];
      if (kind !== undefined) {
        if (countAt === undefined || !this.#readBlock(kind === 'char' ? 2 : 3, `endbf${kind}`)) return undefined;
        blocks.push({ start: countAt, end: lexer.pos });
      }
      countAt = token === Token.Integer ? lexer.start : undefined;
    }
    return blocks;
  }

  #readBlock(size: 2 | 3, last: string): boolean {
    const operands: Operand[] = [];
    for (let token = this.#lexer.next(); !this.#lexer.is(last); token = this.#lexer.next()) {
      const operand = this.#operand(token);
      if (!operand) return false;
      operands.push(operand);
    }
    if (operands.length % size !== 0) return false;
    for (let at = 0; at < operands.length; at += size)
      if (!this.#addRange(operands[at], operands[at + size - 2], operands[at + size - 1])) return false;
    return true;
  }

  #operand(token: Token): Operand | undefined {
    const { buffer, start, pos } = this.#lexer;
    if (token === Token.HexString) return hexBytes(buffer.subarray(start, pos));
    if (token !== Token.ArrayOpen) return undefined;
    const items: Buffer[] = [];
    for (let next = this.#lexer.next(); next !== Token.ArrayClose; next = this.#lexer.next()) {
      const item = next === Token.HexString ? this.#operand(next) : undefined;
      if (!Buffer.isBuffer(item)) return undefined;
      items.push(item);
    }
    return items;
  }

  /** Adds the selected codes of a range. Its values are successive, or elements of an array. */
  #addRange(low: Operand | undefined, high: Operand | undefined, values: Operand | undefined): boolean {
    if (!isCode(low) || !isCode(high) || low.length !== high.length || values === undefined) return false;
    const { length } = low;
    const [first, last] = [low.readUIntBE(0, length), high.readUIntBE(0, length)];
    this.#codesLeft -= last - first + 1;
    if (last < first || this.#codesLeft < 0) return false;
    for (let code = first; code <= last; code++) {
      if (this.#codes.has(code) && !this.#add({ code, length, value: valueAt(values, code - first) })) return false;
    }
    return true;
  }

  /** Readers differ in which of several values counts. */
  #add({ code, length, value }: Omit<BfEntry, 'value'> & { readonly value: Operand | undefined }): boolean {
    if (!Buffer.isBuffer(value)) return false;
    const known = this.entries.get(code);
    this.entries.set(code, { code, length, value });
    return !known || (known.length === length && known.value.equals(value));
  }
}

function isCode(operand: Operand | undefined): operand is Buffer {
  return Buffer.isBuffer(operand) && operand.length >= 1 && operand.length <= MAX_CODE_BYTES;
}

function valueAt(values: Operand, index: number): Operand | undefined {
  return Buffer.isBuffer(values) ? incremented(values, index) : values[index];
}

/** Only the last byte of a value may be incremented. */
function incremented(value: Buffer, count: number): Buffer | undefined {
  const last = value.at(-1);
  if (count === 0) return value;
  if (last === undefined || last + count > MAX_LAST_BYTE) return undefined;
  return Buffer.concat([value.subarray(0, -1), Buffer.of(last + count)]);
}
