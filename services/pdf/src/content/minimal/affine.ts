import type { Matrix } from '../matrix.js';

/** A transformation matrix (ISO 32000-2, 8.3.3), `[a b c d e f]`. */
export interface Affine extends Matrix {
  readonly e: number;
  readonly f: number;
}

export const AFFINE_IDENTITY: Affine = { a: 1, b: 0, c: 0, d: 1, e: 0, f: 0 };

/** Returns the matrix that applies `first` and then `then` (8.3.4). */
export function compose(first: Affine, then: Affine): Affine {
  return {
    a: first.a * then.a + first.b * then.c,
    b: first.a * then.b + first.b * then.d,
    c: first.c * then.a + first.d * then.c,
    d: first.c * then.b + first.d * then.d,
    e: first.e * then.a + first.f * then.c + then.e,
    f: first.e * then.b + first.f * then.d + then.f,
  };
}

/** Maximum length of a transformed unit vector, which is the largest singular value. */
export function largestLength({ a, b, c, d }: Matrix): number {
  const squares = a * a + b * b + c * c + d * d;
  const difference = Math.hypot(a * a + b * b - c * c - d * d, 2 * (a * c + b * d));
  return Math.sqrt((squares + difference) / 2);
}

/** Maximum length of a unit vector under the inverse. Infinity if there is no inverse. */
export function largestInverseLength(matrix: Matrix): number {
  const determinant = Math.abs(matrix.a * matrix.d - matrix.b * matrix.c);
  return determinant === 0 ? Infinity : largestLength(matrix) / determinant;
}

/** Solves `(x, y) * matrix = (right, up)` for the linear part. Undefined if there is no inverse. */
export function solve({ a, b, c, d }: Matrix, right: number, up: number): readonly [number, number] | undefined {
  const determinant = a * d - b * c;
  if (determinant === 0) return undefined;
  return [(right * d - up * c) / determinant, (up * a - right * b) / determinant];
}

export function hasSameLinearPart(left: Matrix, right: Matrix): boolean {
  return left.a === right.a && left.b === right.b && left.c === right.c && left.d === right.d;
}
