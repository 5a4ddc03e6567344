import { FontError } from './font-error.js';
import type { RelativePath } from './relative-path.js';

/** Points of a flex: a reference point, which is not drawn, and those of two curves (Adobe Type 1 Font Format, 8.3). */
const FLEX_POINTS = 7;

/** Moves the current point. Within a flex the moves give the points of its curves. */
export class Type1Flex {
  #points: (readonly [x: number, y: number])[] | undefined;
  #hasEnded = false;

  constructor(readonly path: RelativePath) {}

  move(dx: number, dy: number): void {
    if (!this.#points) this.path.move(dx, dy);
    else {
      this.path.x += dx;
      this.path.y += dy;
    }
  }

  begin(): void {
    if (this.#points) throw new FontError('has a charstring with a flex in a flex');
    this.#points = [];
  }

  addPoint(): void {
    if (!this.#points || this.#points.length >= FLEX_POINTS)
      throw new FontError('has a charstring with an invalid flex');
    this.#points.push([this.path.x, this.path.y]);
  }

  /** Draws the two curves. */
  end(): void {
    const [reference, a, b, c, d, e, f] = this.#points ?? [];
    if (!reference || !a || !b || !c || !d || !e || !f) throw new FontError('has a charstring with an invalid flex');
    this.path.pen.curveTo(...a, ...b, ...c);
    this.path.pen.curveTo(...d, ...e, ...f);
    this.#points = undefined;
    this.#hasEnded = true;
  }

  /** The operands repeat the end of a flex, so the current point stays. */
  setCurrentPoint(): void {
    if (!this.#hasEnded) throw new FontError('has a charstring that sets the current point without a flex');
    this.#hasEnded = false;
  }
}
