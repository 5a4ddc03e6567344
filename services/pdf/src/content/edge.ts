import { UNBOUNDED, largestSquare, multiply, transformScale, uniformScale } from './matrix.js';
import type { Matrix, Scale } from './matrix.js';

const MAX_MATRICES = 16;
/** Matrices with a smaller relative difference count as equal. */
const TOLERANCE = 1e-9;

/** Limits the matrices of all edges of a document, so that memory is bounded. */
export class MatrixAllowance {
  #left = 500_000;

  take(): boolean {
    if (this.#left === 0) return false;
    this.#left -= 1;
    return true;
  }
}

/** How one content stream draws something, as the matrices from the thing's space to that of the content. */
export class Edge {
  uses = 0;
  readonly #allowance: MatrixAllowance;
  readonly #matrices: Matrix[] = [];
  /** The maximum lengths of both unit vectors under the matrices that are not stored. Undefined if all are stored. */
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

  /** Records a draw with an unknown matrix. */
  addUnbounded(): void {
    this.#isUnbounded = true;
  }

  /**
   * The scales of the thing when the content is drawn at `scale`. If not all matrices are stored, one scale is an upper
   * bound, of the side lengths for an image and of all lengths for content.
   */
  scales(scale: Scale, isImage: boolean): Scale[] {
    if (this.#isUnbounded) return [UNBOUNDED];
    const scales = this.#matrices.map((matrix) => transformScale(matrix, scale));
    if (this.#rest) {
      // Twice the diagonal is an upper bound, because |xy| is at most the product of the vectors' lengths.
      const square = (isImage ? 1 : 2) * largestSquare(scale);
      scales.push(transformScale({ a: this.#rest.x, b: 0, c: 0, d: this.#rest.y }, uniformScale(square)));
    }
    return scales;
  }
}

function grown(rest: { x: number; y: number } | undefined, { a, b, c, d }: Matrix): { x: number; y: number } {
  return { x: Math.max(rest?.x ?? 0, Math.hypot(a, b)), y: Math.max(rest?.y ?? 0, Math.hypot(c, d)) };
}

/** The factor between two proportional matrices. Undefined if they are not proportional. */
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
