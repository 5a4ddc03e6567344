/** Numbers that look random and are the same for the same seed (xorshift, 32 bits). For unit tests. */
export class SeededRandom {
  #state: number;

  constructor(seed: number) {
    this.#state = Math.imul(seed + 1, 0x9e3779b1) | 1;
  }

  /** A whole number from 0 to `count - 1`. */
  below(count: number): number {
    this.#state ^= this.#state << 13;
    this.#state ^= this.#state >>> 17;
    this.#state ^= this.#state << 5;
    return (this.#state >>> 0) % count;
  }

  /** Bytes of which each is one of the first `kinds`. */
  bytes(count: number, kinds = 256): Buffer {
    return Buffer.from(Uint8Array.from({ length: count }, () => this.below(kinds)));
  }

  /** Returns bytes as files have them, with noise, runs and repeated pieces. */
  mixture(count: number): Buffer {
    const bytes = Buffer.alloc(count);
    for (let at = 0; at < count;) {
      const length = Math.min(1 + this.below(300), count - at);
      const kind = this.below(4);
      if (kind === 0) this.bytes(length).copy(bytes, at);
      else if (kind === 1) bytes.fill(this.below(256), at, at + length);
      else if (kind === 2) bytes.copy(bytes, at, this.below(at + 1), at);
      else this.bytes(length, 6).copy(bytes, at);
      at += length;
    }
    return bytes;
  }
}
