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
export function decodeRunLengths(data: Uint8Array, { width, height, nibbles }: Layout): Uint8Array {
  const indices = new Uint8Array(width * height);
  let [x, y, at] = [0, 0, 0];
  const put = (index: number): void => {
    if (x < width && y < height) indices[y * width + x] = index;
    x += 1;
  };
  const indexIn = (byte: number, nth: number): number => (nibbles ? (byte >> (nth % 2 === 0 ? 4 : 0)) & 15 : byte);
  while (y < height) {
    const [count, value] = [data[at], data[at + 1]];
    if (count === undefined || value === undefined) {
      if (y === height - 1 && x >= width) return indices;
      throw corruptImage('is cut off: rows of its BMP data are missing');
    }
    at += 2;
    if (count > 0) for (let nth = 0; nth < count; nth += 1) put(indexIn(value, nth));
    else if (value === END_OF_LINE) [x, y] = [0, y + 1];
    else if (value === END_OF_BITMAP) return indices;
    else if (value === DELTA) {
      x += data[at] ?? 0;
      y += data[at + 1] ?? 0;
      at += 2;
    } else {
      for (let nth = 0; nth < value; nth += 1) put(indexIn(data[at + (nibbles ? nth >> 1 : nth)] ?? 0, nth));
      const bytes = nibbles ? Math.ceil(value / 2) : value;
      at += bytes + (bytes % 2);
    }
  }
  return indices;
}
