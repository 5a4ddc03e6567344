/** Reads unsigned integers of 1 to 32 bits from bytes, the most significant bit first. */
export class BitReader {
  /** In bits. */
  position = 0;
  readonly #bytes: Buffer;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** How many bits are left. */
  get left(): number {
    return 8 * this.#bytes.length - this.position;
  }

  /** The next integer; bits behind the end are 0. */
  read(bits: number): number {
    let value = 0;
    for (let left = bits; left > 0;) {
      const used = this.position & 7;
      const take = Math.min(left, 8 - used);
      const byte = this.#bytes[this.position >> 3] ?? 0;
      value = value * 2 ** take + ((byte >> (8 - used - take)) & ((1 << take) - 1));
      this.position += take;
      left -= take;
    }
    return value;
  }

  /** Skips the rest of a byte that was begun. */
  align(): void {
    this.position = (this.position + 7) & ~7;
  }
}
