import { checkBilevelImage } from './bilevel-image.js';
import type { BilevelImage } from './bilevel-image.js';
import { EncodedBytes } from './encoded-bytes.js';
import { encodeGenericRegion } from './generic-region.js';

/** Segment types (T.88, 7.3). */
const PAGE_INFORMATION = 48;
const IMMEDIATE_LOSSLESS_GENERIC_REGION = 39;
/** The page ends as an exact copy of the image (7.4.8.5). */
const EVENTUALLY_LOSSLESS = 1;
/** TPGDON, with template 0 and arithmetic coding (7.4.6.2). */
const TYPICAL_PREDICTION = 0x08;
/** The nominal adaptive pixels of template 0, as x and y (7.4.6.3). */
const ADAPTIVE_PIXELS = [0x03, 0xff, 0xfd, 0xff, 0x02, 0xfe, 0xfe, 0xfe];

/** Bytes of a segment header (7.2) that ends with the length of the data. */
const HEADER_BYTES = 11;
const UNKNOWN_LENGTH = 0;

/**
 * Returns an image as lossless JBIG2 in the embedded organization, which is what a stream with /JBIG2Decode holds (ISO
 * 32000-2, 7.4.7). It has the page information and one generic region (T.88, 7.4.8 and 7.4.6), without a file header.
 * Symbols and refinement, which can replace one glyph by another, are never used. It needs memory for the result and
 * three rows. Throws a `RangeError` if the sides of the image are out of range or its data are too short.
 */
export function encodeJbig2(image: BilevelImage): Uint8Array {
  checkBilevelImage(image);
  const size = [...uint32(image.width), ...uint32(image.height)];
  const zero = uint32(0);
  // Size, unknown resolution, flags, no stripes.
  const page = [...size, ...zero, ...zero, EVENTUALLY_LOSSLESS, 0, 0];
  // Size, position (0, 0), combination operator OR (7.4.1).
  const region = [...size, ...zero, ...zero, 0, TYPICAL_PREDICTION, ...ADAPTIVE_PIXELS];
  const output = new EncodedBytes();
  output.pushAll([...segmentHeader(0, PAGE_INFORMATION, page.length), ...page]);
  output.pushAll(segmentHeader(1, IMMEDIATE_LOSSLESS_GENERIC_REGION, UNKNOWN_LENGTH));
  output.pushAll(region);
  encodeGenericRegion(image, output);
  const bytes = output.toBytes();
  const regionAt = 2 * HEADER_BYTES + page.length;
  bytes.set(uint32(bytes.length - regionAt), regionAt - 4);
  return bytes;
}

/** A segment of page 1 that refers to no other segment (7.2). */
function segmentHeader(number: number, type: number, dataLength: number): number[] {
  return [...uint32(number), type, 0, 1, ...uint32(dataLength)];
}

function uint32(value: number): number[] {
  return [value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff];
}
