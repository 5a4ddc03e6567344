import { InputError } from '../input-error.js';
import { MAX_FILE_PIXELS } from './limits.js';

/** Limits the pixels of all images of one file that are decoded. */
export class PixelBudget {
  #pixels = 0;

  /** Throws `too_many_pixels` above the limit. */
  spend(width: number, height: number): void {
    this.#pixels += width * height;
    if (this.#pixels <= MAX_FILE_PIXELS) return;
    const limit = MAX_FILE_PIXELS / 1_000_000;
    throw new InputError('too_many_pixels', `has images of more than ${limit} megapixels together`);
  }
}
