import type { DecodingBudget } from './budget.js';

/** From this many bytes on a native copy is faster than a loop. */
const WORTH_A_CALL = 64;

/** Where a decoder writes: grows as it is filled, up to what the budget allows. */
export class Output {
  bytes: Buffer;
  length = 0;
  readonly #budget: DecodingBudget;

  /** `expected` is a guess at the number of bytes to come. */
  constructor(expected: number, budget: DecodingBudget) {
    this.#budget = budget;
    this.bytes = Buffer.allocUnsafe(Math.min(Math.max(expected, 64), budget.limit));
  }

  /** Makes room in `bytes` for so many more after `length`. Throws the budget's `PdfError` where they would be too many. */
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

  /** Appends a copy of the bytes from `start` to `end`, or to where the data end. */
  append(data: Buffer, start: number, end: number): void {
    const last = Math.min(end, data.length);
    this.reserve(last - start);
    const { bytes, length } = this;
    if (last - start >= WORTH_A_CALL) data.copy(bytes, length, start, last);
    else for (let from = start; from < last; from += 1) bytes[length + from - start] = data[from] ?? 0;
    this.length = length + last - start;
  }

  /** Appends the `count` bytes that begin `distance` before the end of what is written, those that it appends among them. */
  repeat(distance: number, count: number): void {
    this.reserve(count);
    const { bytes, length } = this;
    const end = length + count;
    if (distance >= count && count >= WORTH_A_CALL) bytes.copyWithin(length, length - distance, end - distance);
    else for (let to = length; to < end; to += 1) bytes[to] = bytes[to - distance] ?? 0;
    this.length = end;
  }

  /** What has been written. */
  finish(): Buffer {
    return this.bytes.subarray(0, this.length);
  }
}
