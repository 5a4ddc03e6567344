import { UNBOUNDED, isWithin, largestSquare, uniformScale } from './matrix.js';
import type { Scale } from './matrix.js';

const MAX_SCALES = 16;
/** Maximum number of scales that a page may add. Only content that draws itself at growing sizes adds more. */
const MAX_GAINS = 64;
/** Factor by which a bound is raised when it is too small, and the limit from which it is unbounded. */
const BOUND_STEP = 256;
const MAX_SQUARE = 1e24;

/**
 * The scales at which content is drawn, without those included in another. Ordinary documents have few. More than 16
 * are replaced by an upper bound, so that the set is final after a bounded number of additions.
 */
export class ScaleSet {
  #scales: Scale[] = [];
  #isBound = false;
  #page = 0;
  #gains = 0;

  get scales(): readonly Scale[] {
    return this.#scales;
  }

  /** Returns the scale that was added, or undefined if the set already included it. */
  add(scale: Scale, page: number): Scale | undefined {
    if (this.#scales.some((held) => isWithin(scale, held))) return undefined;
    if (this.#isBound) return this.#raise(scale);
    this.#scales = this.#scales.filter((held) => !isWithin(held, scale));
    this.#scales.push(scale);
    this.#gains = page === this.#page ? this.#gains + 1 : 1;
    this.#page = page;
    if (this.#scales.length <= MAX_SCALES && this.#gains <= MAX_GAINS) return scale;
    this.#isBound = true;
    return this.#replace(Math.max(...this.#scales.map(largestSquare)));
  }

  #raise(scale: Scale): Scale {
    const bound = this.#scales[0]?.xx ?? 0;
    return this.#replace(Math.max(bound * BOUND_STEP, largestSquare(scale)));
  }

  #replace(square: number): Scale {
    const bound = square < MAX_SQUARE ? uniformScale(square) : UNBOUNDED;
    this.#scales = [bound];
    return bound;
  }
}
