import type { EncodedBytes } from './encoded-bytes.js';
import type { CodeWord } from './run-codes.js';

/** Packs code words into bytes, the most significant bit first. */
export class BitWriter {
  readonly #output: EncodedBytes;
  #pending = 0;
  #count = 0;

  constructor(output: EncodedBytes) {
    this.#output = output;
  }

  /** Appends a code word of at most 24 bits. */
  write({ bits, length }: CodeWord): void {
    this.#pending = (this.#pending << length) | bits;
    this.#count += length;
    while (this.#count >= 8) {
      this.#count -= 8;
      this.#output.push((this.#pending >> this.#count) & 0xff);
    }
    this.#pending &= 0xff;
  }

  /** Fills the last byte with zeros. */
  finish(): void {
    if (this.#count > 0) this.write({ bits: 0, length: 8 - this.#count });
  }
}
