import { ArithmeticEncoder } from './arithmetic-encoder.js';
import { rowBytes } from './bilevel-image.js';
import type { BilevelImage } from './bilevel-image.js';
import type { EncodedBytes } from './encoded-bytes.js';

const CONTEXT_BITS = 16;
/** The context of 16 black pixels. */
const ALL_BLACK = 0xffff;
/** The context that codes whether a row is typical in template 0 (T.88, figure 8). */
const TYPICAL_CONTEXT = 0x9b25;
/** Context bits that stay in the context when it moves right by a pixel. The others come from the three rows. */
const KEPT_BITS = 0xf7ee;
/** The three bytes around a position in a row. */
const THREE_BYTES = 0xff_ffff;

/**
 * Appends the arithmetically coded rows of an image: T.88, 6.2.5, with GBTEMPLATE 0, the nominal adaptive pixels and
 * TPGDON 1, so that a row that repeats the one above takes one decision.
 */
export function encodeGenericRegion(image: BilevelImage, output: EncodedBytes): void {
  const encoder = new ArithmeticEncoder(output, 2 ** CONTEXT_BITS);
  const { width, height } = image;
  let [row, above, above2] = [paddedRow(width), paddedRow(width), paddedRow(width)];
  let wasTypical = false;
  for (let y = 0; y < height; y += 1) {
    loadRow(image, y, row);
    const isTypical = equalRows(row, above);
    encoder.encode(TYPICAL_CONTEXT, isTypical === wasTypical ? 0 : 1);
    if (!isTypical) encodeRow(encoder, { row, above, above2, width });
    wasTypical = isTypical;
    [row, above, above2] = [above2, row, above];
  }
  encoder.finish();
}

/** A row of white pixels with a white byte on either side, which stands for the pixels outside the image. */
function paddedRow(width: number): Uint8Array {
  return new Uint8Array(rowBytes(width) + 2);
}

/** Copies a row of the image to its place between the white bytes, with white padding bits. */
function loadRow({ width, data }: BilevelImage, y: number, row: Uint8Array): void {
  const length = row.length - 2;
  const start = y * length;
  row.set(data.subarray(start, start + length), 1);
  row[length] = (row[length] ?? 0) & (0xff << (8 * length - width));
}

function equalRows(left: Uint8Array, right: Uint8Array): boolean {
  for (let at = 0; at < left.length; at += 1) if (left[at] !== right[at]) return false;
  return true;
}

interface Neighbourhood {
  readonly row: Uint8Array;
  readonly above: Uint8Array;
  readonly above2: Uint8Array;
  readonly width: number;
}

/**
 * Codes each pixel in a context of 16 pixels (T.88, figure 3). From the most significant bit these are x - 2 to x + 2
 * two rows above, x - 3 to x + 3 one row above, and x - 4 to x - 1.
 */
function encodeRow(encoder: ArithmeticEncoder, { row, above, above2, width }: Neighbourhood): void {
  let near2 = above2[1] ?? 0;
  let near1 = above[1] ?? 0;
  let near0 = 0;
  for (let at = 1, left = width; left > 0; at += 1, left -= 8) {
    near2 = ((near2 << 8) | (above2[at + 1] ?? 0)) & THREE_BYTES;
    near1 = ((near1 << 8) | (above[at + 1] ?? 0)) & THREE_BYTES;
    near0 = ((near0 << 8) | (row[at] ?? 0)) & THREE_BYTES;
    const count = left < 8 ? left : 8;
    if ((near2 | near1 | near0) === 0) encoder.encodeRun(0, 0, count);
    else if ((near2 & near1 & near0) === THREE_BYTES) encoder.encodeRun(ALL_BLACK, 1, count);
    else encodeByte(encoder, near2, near1, near0, count);
  }
}

/** Codes the first `count` pixels of the byte that `near0` ends with. */
function encodeByte(encoder: ArithmeticEncoder, near2: number, near1: number, near0: number, count: number): void {
  let context = (((near2 >> 13) & 0x1f) << 11) | (((near1 >> 12) & 0x7f) << 4) | ((near0 >> 8) & 0xf);
  for (let x = 0; x < count; x += 1) {
    const bit = (near0 >> (7 - x)) & 1;
    encoder.encode(context, bit);
    context = ((context << 1) & KEPT_BITS) | (((near2 >> (12 - x)) & 1) << 11) | (((near1 >> (11 - x)) & 1) << 4) | bit;
  }
}
