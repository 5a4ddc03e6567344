import type { BilevelImage } from '@pdf-tools/pdf';
import { PREDICTORS, paeth } from './predictors.js';

/** Collects filtered rows of an alpha channel of 8 bits at one bit per pixel while each pixel is transparent or opaque. */
export class MaskBits {
  readonly #image: BilevelImage;
  readonly #above: Uint8Array;
  #row = 0;

  constructor(width: number, height: number) {
    this.#image = { width, height, data: new Uint8Array(Math.ceil(width / 8) * height) };
    this.#above = new Uint8Array(width);
  }

  /** Adds whole rows. Returns false at the first pixel with another alpha. */
  add(rows: Uint8Array): boolean {
    const rowBytes = 1 + this.#image.width;
    for (let at = 0; at < rows.length; at += rowBytes)
      if (!this.#addRow(rows.subarray(at, at + rowBytes))) return false;
    return true;
  }

  /** Adds opaque rows at the top of the image. */
  addOpaque(count: number): void {
    this.#row += count;
    if (count > 0) this.#above.fill(255);
  }

  /** The mask, in which a transparent pixel is black. */
  get image(): BilevelImage {
    return this.#image;
  }

  #addRow(filtered: Uint8Array): boolean {
    const { width, data } = this.#image;
    const predict = PREDICTORS[filtered[0] ?? 0] ?? paeth;
    const start = this.#row * Math.ceil(width / 8);
    let [left, corner] = [0, 0];
    for (let column = 0; column < width; column++) {
      const above = this.#above[column] ?? 0;
      left = ((filtered[column + 1] ?? 0) + predict(left, above, corner)) & 0xff;
      if (left !== 0 && left !== 255) return false;
      const at = start + (column >> 3);
      if (left === 0) data[at] = (data[at] ?? 0) | (0x80 >> (column & 7));
      this.#above[column] = left;
      corner = above;
    }
    this.#row++;
    return true;
  }
}
