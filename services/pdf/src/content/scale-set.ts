import { UNBOUNDED, isWithin, largestSquare, uniformScale } from './matrix.js';
import type { Scale } from './matrix.js';

const MAX_SCALES = 16;
/** Most scales that the set may gain from one page: only content that draws itself larger and larger gains more. */
const MAX_GAINS = 64;
/** How far an upper bound is raised each time it proves too small, and from where on it counts as unbounded. */
const BOUND_STEP = 256;
const MAX_SQUARE = 1e24;

/**
 * The scales at which some content is drawn, without those that lie within another. Honest documents have few. More than
 * 16 become one upper bound, so that the set is final after a bounded number of additions.
 */
export class ScaleSet {
  #scales: Scale[] = [];
  #isBound = false;
  #page = 0;
  #gains = 0;

  get scales(): readonly Scale[] {
    return this.#scales;
  }

  /** Returns the scale that the set has gained, undefined if it held this one already. */
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
