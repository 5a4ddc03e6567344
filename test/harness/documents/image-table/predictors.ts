import { paeth } from '../flate-image.js';
import { packRows } from './values.js';
import type { TableImage } from './values.js';

/** The rows with each filter of PNG in turn (ISO/IEC 15948, 9.2). */
export function pngFiltered(image: TableImage): Buffer {
  const { width, height, channels, bits } = image;
  const rows = packRows(image);
  const stride = Math.ceil((width * channels * bits) / 8);
  const step = Math.ceil((channels * bits) / 8);
  const filtered = Buffer.alloc((stride + 1) * height);
  for (let y = 0; y < height; y++) {
    const type = y % 5;
    filtered[y * (stride + 1)] = type;
    for (let x = 0; x < stride; x++) {
      const byte = (column: number, row: number): number =>
        column < 0 || row < 0 ? 0 : (rows[row * stride + column] ?? 0);
      const [left, up, corner] = [byte(x - step, y), byte(x, y - 1), byte(x - step, y - 1)];
      const predicted = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][type] ?? 0;
      filtered[y * (stride + 1) + 1 + x] = (byte(x, y) - predicted) & 0xff;
    }
  }
  return filtered;
}

/** The rows of differences to the pixel on the left (TIFF 6.0, section 14). */
export function tiffPredicted(image: TableImage): Buffer {
  const { width, channels, bits, values } = image;
  const perRow = width * channels;
  const differences = values.map((value, at) =>
    at % perRow < channels ? value : (value - (values[at - channels] ?? 0)) & (2 ** bits - 1),
  );
  return packRows({ ...image, values: differences });
}
