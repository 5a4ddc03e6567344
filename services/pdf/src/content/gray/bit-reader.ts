/** Reads unsigned integers of 1 to 32 bits, most significant bit first. */
export class BitReader {
  /** In bits. */
  position = 0;
  readonly #bytes: Buffer;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** Number of remaining bits. */
  get left(): number {
    return 8 * this.#bytes.length - this.position;
  }

  /** Reads an integer. Bits after the end are 0. */
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

  /** Skips to the next whole byte. */
  align(): void {
    this.position = (this.position + 7) & ~7;
  }
}
