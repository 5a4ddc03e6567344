import { UNBOUNDED, largestSquare, multiply, transformScale, uniformScale } from './matrix.js';
import type { Matrix, Scale } from './matrix.js';

const MAX_MATRICES = 16;
/** Matrices that differ by less than this part of their size count as equal. */
const TOLERANCE = 1e-9;

/** How many matrices all edges of one document may hold: memory stays bounded for any content. */
export class MatrixAllowance {
  #left = 500_000;

  take(): boolean {
    if (this.#left === 0) return false;
    this.#left -= 1;
    return true;
  }
}

/** How one content stream draws a thing: with which matrices, from the thing's space to that of the content. */
export class Edge {
  uses = 0;
  readonly #allowance: MatrixAllowance;
  readonly #matrices: Matrix[] = [];
  /** The longest images of both unit vectors under the matrices that are not held; undefined if all are. */
  #rest: { x: number; y: number } | undefined;
  #isUnbounded = false;

  constructor(allowance: MatrixAllowance) {
    this.#allowance = allowance;
  }

  add(matrix: Matrix): void {
    this.uses += 1;
    if (!Number.isFinite(matrix.a + matrix.b + matrix.c + matrix.d)) {
      this.#isUnbounded = true;
      return;
    }
    for (const [index, held] of this.#matrices.entries()) {
      const factor = multipleOf(matrix, held);
      if (factor === undefined) continue;
      if (Math.abs(factor) > 1) this.#matrices[index] = matrix;
      return;
    }
    if (this.#matrices.length < MAX_MATRICES && this.#allowance.take()) this.#matrices.push(matrix);
    else this.#rest = grown(this.#rest, matrix);
  }

  /** Records a draw whose matrix is not known. */
  addUnbounded(): void {
    this.#isUnbounded = true;
  }

  /**
   * The scales of the drawn thing when the content is drawn at `scale`. If the edge could not hold every matrix, one of
   * them is an upper bound: for an image of the lengths of its sides, for content of every length in it.
   */
  scales(scale: Scale, isImage: boolean): Scale[] {
    if (this.#isUnbounded) return [UNBOUNDED];
    const scales = this.#matrices.map((matrix) => transformScale(matrix, scale));
    if (this.#rest) {
      // Twice the diagonal bounds every scale whose unit vectors have these lengths: |xy| is at most their product.
      const square = (isImage ? 1 : 2) * largestSquare(scale);
      scales.push(transformScale({ a: this.#rest.x, b: 0, c: 0, d: this.#rest.y }, uniformScale(square)));
    }
    return scales;
  }
}

function grown(rest: { x: number; y: number } | undefined, { a, b, c, d }: Matrix): { x: number; y: number } {
  return { x: Math.max(rest?.x ?? 0, Math.hypot(a, b)), y: Math.max(rest?.y ?? 0, Math.hypot(c, d)) };
}

/** The factor by which `matrix` is a multiple of `held`; undefined if it is none. */
function multipleOf(matrix: Matrix, held: Matrix): number | undefined {
  const square = held.a ** 2 + held.b ** 2 + held.c ** 2 + held.d ** 2;
  if (square === 0) return undefined;
  const factor = (matrix.a * held.a + matrix.b * held.b + matrix.c * held.c + matrix.d * held.d) / square;
  const difference = multiply(held, { a: factor, b: 0, c: 0, d: factor });
  const off =
    Math.abs(matrix.a - difference.a) +
    Math.abs(matrix.b - difference.b) +
    Math.abs(matrix.c - difference.c) +
    Math.abs(matrix.d - difference.d);
  return off <= TOLERANCE * Math.sqrt(square) * Math.max(1, Math.abs(factor)) ? factor : undefined;
}
