import type { DecodingBudget } from './budget.js';

/** From this size on a native copy is faster than a loop. */
const WORTH_A_CALL = 64;

/** The output buffer of a decoder. It grows up to the limit of the budget. */
export class Output {
  bytes: Buffer;
  length = 0;
  readonly #budget: DecodingBudget;

  /** `expected` is an estimate of the number of bytes. */
  constructor(expected: number, budget: DecodingBudget) {
    this.#budget = budget;
    this.bytes = Buffer.allocUnsafe(Math.min(Math.max(expected, 64), budget.limit));
  }

  /** Reserves space in `bytes` after `length`. Throws the budget's error if that exceeds the limit. */
  reserve(count: number): void {
    const needed = this.length + count;
    if (needed <= this.bytes.length) return;
    if (needed > this.#budget.limit) throw this.#budget.exceeded();
    const grown = Buffer.allocUnsafe(Math.min(Math.max(needed, 2 * this.bytes.length), this.#budget.limit));
    this.bytes.copy(grown, 0, 0, this.length);
    this.bytes = grown;
  }

  push(byte: number): void {
    if (this.length === this.bytes.length) this.reserve(1);
    this.bytes[this.length] = byte;
    this.length += 1;
  }

  /** Appends a copy of a range of bytes, or of the part of it that exists. */
  append(data: Buffer, start: number, end: number): void {
    const last = Math.min(end, data.length);
    this.reserve(last - start);
    const { bytes, length } = this;
    if (last - start >= WORTH_A_CALL) data.copy(bytes, length, start, last);
    else for (let from = start; from < last; from += 1) bytes[length + from - start] = data[from] ?? 0;
    this.length = length + last - start;
  }

  /** Appends `count` bytes from `distance` bytes before the end. The ranges may overlap. */
  repeat(distance: number, count: number): void {
    this.reserve(count);
    const { bytes, length } = this;
    const end = length + count;
    if (distance >= count && count >= WORTH_A_CALL) bytes.copyWithin(length, length - distance, end - distance);
    else for (let to = length; to < end; to += 1) bytes[to] = bytes[to - distance] ?? 0;
    this.length = end;
  }

  /** Returns the bytes written so far. */
  finish(): Buffer {
    return this.bytes.subarray(0, this.length);
  }
}
