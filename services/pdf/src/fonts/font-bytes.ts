import { FontError } from './font-error.js';

/** Reads big-endian numbers of a font table. Every read outside of the bytes throws a `FontError`. */
export class FontBytes {
  readonly length: number;
  readonly #view: DataView;

  constructor(
    readonly bytes: Uint8Array,
    public at = 0,
  ) {
    this.length = bytes.length;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  uint8(): number {
    return this.#view.getUint8(this.#advance(1));
  }

  int8(): number {
    return this.#view.getInt8(this.#advance(1));
  }

  uint16(): number {
    return this.#view.getUint16(this.#advance(2));
  }

  int16(): number {
    return this.#view.getInt16(this.#advance(2));
  }

  uint32(): number {
    return this.#view.getUint32(this.#advance(4));
  }

  int32(): number {
    return this.#view.getInt32(this.#advance(4));
  }

  /** Reads an unsigned integer of 1 to 4 bytes. */
  uint(size: number): number {
    let value = 0;
    for (let count = 0; count < size; count++) value = value * 256 + this.uint8();
    return value;
  }

  /** Returns a view of the next bytes. */
  take(length: number): Uint8Array {
    const start = this.#advance(length);
    return this.bytes.subarray(start, start + length);
  }

  #advance(length: number): number {
    const start = this.at;
    if (!(start >= 0 && length >= 0 && start + length <= this.length)) throw new FontError('is cut off');
    this.at = start + length;
    return start;
  }
}
