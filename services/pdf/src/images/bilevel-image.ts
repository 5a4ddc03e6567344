/**
 * Most columns and most rows of an image that is encoded as JBIG2 or CCITT. Both formats allow more, but PDFium does not
 * show a larger image.
 */
export const MAX_BILEVEL_SIDE = 65_535;

/** An image of one bit per pixel. */
export interface BilevelImage {
  /** Columns, from 1 to `MAX_BILEVEL_SIDE`. */
  readonly width: number;
  /** Rows, from 1 to `MAX_BILEVEL_SIDE`. */
  readonly height: number;
  /**
   * Rows from the top, each packed into `rowBytes(width)` bytes with the leftmost pixel in the most significant bit.
   * 1 is black. Encoders ignore the padding bits of a row and bytes after the last row.
   */
  readonly data: Uint8Array;
}

/** Returns the bytes of one packed row of `width` pixels. */
export function rowBytes(width: number): number {
  return Math.ceil(width / 8);
}

/** Throws a `RangeError` if the sides are out of range or `data` is too short for them. */
export function checkBilevelImage({ width, height, data }: BilevelImage): void {
  for (const side of [width, height])
    if (!Number.isInteger(side) || side < 1 || side > MAX_BILEVEL_SIDE)
      throw new RangeError(
        `A bilevel image of ${width} x ${height} pixels cannot be encoded. Its sides must be integers from 1 to ${MAX_BILEVEL_SIDE}.`,
      );
  const needed = rowBytes(width) * height;
  if (data.length < needed)
    throw new RangeError(
      `A bilevel image of ${width} x ${height} pixels has ${data.length} bytes of data. Pass at least ${needed}.`,
    );
}
