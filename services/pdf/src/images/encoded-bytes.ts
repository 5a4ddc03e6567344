const MIN_CAPACITY = 1024;

/** Collects the bytes of an encoder in a buffer that grows as needed. */
export class EncodedBytes {
  #bytes = new Uint8Array(MIN_CAPACITY);
  #length = 0;

  /** Number of collected bytes. */
  get length(): number {
    return this.#length;
  }

  push(byte: number): void {
    if (this.#length === this.#bytes.length) this.#grow();
    this.#bytes[this.#length] = byte;
    this.#length += 1;
  }

  pushAll(bytes: readonly number[]): void {
    for (const byte of bytes) this.push(byte);
  }

  /** Returns a copy of the collected bytes. */
  toBytes(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  #grow(): void {
    const grown = new Uint8Array(2 * this.#bytes.length);
    grown.set(this.#bytes);
    this.#bytes = grown;
  }
}
