import { corruptImage } from '../errors.js';

interface Layout {
  readonly width: number;
  readonly height: number;
  /** Whether a byte holds two pixels (RLE4) or one (RLE8). */
  readonly nibbles: boolean;
}

const [END_OF_LINE, END_OF_BITMAP, DELTA] = [0, 1, 2];

/**
 * Decodes run lengths to one index per pixel, the bottom row first. Pixels that the data skip are 0. Throws an
 * `InputError` (`corrupt_image`) if the data end without saying so and rows are missing.
 */
export function decodeRunLengths(data: Uint8Array, layout: Layout): Uint8Array {
  const canvas = new Canvas(layout);
  for (let at = 0; !canvas.isFull;) {
    const [count, value] = [data[at], data[at + 1]];
    if (count === undefined || value === undefined) {
      if (canvas.isLastRowDone) break;
      throw corruptImage('is cut off: rows of its BMP data are missing');
    }
    at += 2;
    if (count > 0) canvas.repeat(count, value);
    else if (value === END_OF_BITMAP) break;
    else at += canvas.escape(value, data.subarray(at));
  }
  return canvas.indices;
}

/** The indices of an image, and the position of the next one. */
class Canvas {
  readonly indices: Uint8Array;
  readonly #layout: Layout;
  #x = 0;
  #y = 0;

  constructor(layout: Layout) {
    this.#layout = layout;
    this.indices = new Uint8Array(layout.width * layout.height);
  }

  get isFull(): boolean {
    return this.#y >= this.#layout.height;
  }

  get isLastRowDone(): boolean {
    return this.#y === this.#layout.height - 1 && this.#x >= this.#layout.width;
  }

  repeat(count: number, value: number): void {
    for (let nth = 0; nth < count; nth += 1) this.#put(this.#indexIn(value, nth));
  }

  /** Applies an escape code other than the end of the bitmap. Returns how many of the bytes after it belong to it. */
  escape(code: number, bytes: Uint8Array): number {
    if (code === END_OF_LINE) {
      [this.#x, this.#y] = [0, this.#y + 1];
      return 0;
    }
    if (code === DELTA) {
      this.#x += bytes[0] ?? 0;
      this.#y += bytes[1] ?? 0;
      return 2;
    }
    return this.#copy(code, bytes);
  }

  /** Copies pixels that are no run. They fill a whole number of words of 16 bits. */
  #copy(count: number, bytes: Uint8Array): number {
    const { nibbles } = this.#layout;
    for (let nth = 0; nth < count; nth += 1) this.#put(this.#indexIn(bytes[nibbles ? nth >> 1 : nth] ?? 0, nth));
    const length = nibbles ? Math.ceil(count / 2) : count;
    return length + (length % 2);
  }

  #put(index: number): void {
    const { width, height } = this.#layout;
    if (this.#x < width && this.#y < height) this.indices[this.#y * width + this.#x] = index;
    this.#x += 1;
  }

  #indexIn(byte: number, nth: number): number {
    return this.#layout.nibbles ? (byte >> (nth % 2 === 0 ? 4 : 0)) & 15 : byte;
  }
}
