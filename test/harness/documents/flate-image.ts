import { inflateSync } from 'node:zlib';
import type { PdfImage } from '@pdf-tools/pdf';

/** Returns the packed rows of an image with FlateDecode, without PNG filters. For tests. */
export function decodeFlateImage({ filter, data, predictor }: PdfImage): Buffer {
  if (filter !== 'FlateDecode') throw new Error(`The image has ${filter}.`);
  const bytes = inflateSync(Buffer.concat(data));
  if (!predictor) return bytes;
  const { colors, bitsPerComponent, columns } = predictor;
  const rowBytes = Math.ceil((columns * colors * bitsPerComponent) / 8);
  return unfilter(bytes, rowBytes, Math.max(1, (colors * bitsPerComponent) / 8));
}

/** Undoes the filters of PNG rows (ISO/IEC 15948, 9.2). */
function unfilter(filtered: Buffer, rowBytes: number, step: number): Buffer {
  const rows = filtered.length / (rowBytes + 1);
  const pixels = Buffer.alloc(rows * rowBytes);
  for (let row = 0; row < rows; row += 1) {
    const filter = filtered[row * (rowBytes + 1)] ?? 0;
    for (let column = 0; column < rowBytes; column += 1) {
      const at = row * rowBytes + column;
      const before = (offset: number, isInside: boolean): number => (isInside ? (pixels[at - offset] ?? 0) : 0);
      const left = before(step, column >= step);
      const up = before(rowBytes, row > 0);
      const corner = before(rowBytes + step, row > 0 && column >= step);
      const predicted = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter] ?? 0;
      pixels[at] = ((filtered[row * (rowBytes + 1) + 1 + column] ?? 0) + predicted) & 0xff;
    }
  }
  return pixels;
}

/** The neighbour that is nearest to the sum of left and upper one less the upper left one (ISO/IEC 15948, 9.4). */
export function paeth(left: number, up: number, corner: number): number {
  const [toLeft, toUp, toCorner] = [up - corner, left - corner, left + up - 2 * corner].map(Math.abs);
  if (toLeft === undefined || toUp === undefined || toCorner === undefined) return 0;
  if (toLeft <= toUp && toLeft <= toCorner) return left;
  return toUp <= toCorner ? up : corner;
}
