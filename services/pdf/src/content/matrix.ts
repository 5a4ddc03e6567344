import type { PdfObject } from '../syntax/objects.js';

/** The linear part of a transformation matrix (ISO 32000-2, 8.3.3): `[a b c d]`. Translation never changes a length. */
export interface Matrix {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
}

export const IDENTITY: Matrix = { a: 1, b: 0, c: 0, d: 1 };

/** Returns the matrix that applies `first` and then `then` (8.3.4). */
export function multiply(first: Matrix, then: Matrix): Matrix {
  return {
    a: first.a * then.a + first.b * then.c,
    b: first.a * then.b + first.b * then.d,
    c: first.c * then.a + first.d * then.c,
    d: first.c * then.b + first.d * then.d,
  };
}

/** The linear part of an array of six numbers. A malformed array is the identity, as in other readers. */
export function matrixOf(values: PdfObject, resolve: (object: PdfObject | undefined) => PdfObject): Matrix {
  if (!Array.isArray(values) || values.length < 6) return IDENTITY;
  const [a, b, c, d] = values.map((value) => resolve(value));
  if (!isFinite(a) || !isFinite(b) || !isFinite(c) || !isFinite(d)) return IDENTITY;
  return { a, b, c, d };
}

function isFinite(value: PdfObject | undefined): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

/**
 * The lengths of a coordinate system's vectors on the page. `(x, y)` has the squared length `xx·x² + 2·xy·x·y + yy·y²`
 * in points. It is the product of the matrix to the page and its transpose, so a later rotation does not change it.
 */
export interface Scale {
  readonly xx: number;
  readonly xy: number;
  readonly yy: number;
}

/** The scale of something with an unknown size. It is larger than any other. */
export const UNBOUNDED: Scale = { xx: Infinity, xy: 0, yy: Infinity };

/** A uniform scale. `squared` is the squared length of a unit in points. */
export function uniformScale(squared: number): Scale {
  return { xx: squared, xy: 0, yy: squared };
}

/** The scale of a coordinate system that the matrix maps to one with the given scale. */
export function transformScale({ a, b, c, d }: Matrix, scale: Scale): Scale {
  if (scale.xx === Infinity) return UNBOUNDED;
  const { xx, xy, yy } = scale;
  const transformed = {
    xx: a * a * xx + 2 * a * b * xy + b * b * yy,
    xy: a * c * xx + (a * d + b * c) * xy + b * d * yy,
    yy: c * c * xx + 2 * c * d * xy + d * d * yy,
  };
  return Number.isFinite(transformed.xx + transformed.xy + transformed.yy) ? transformed : UNBOUNDED;
}

/** The square of the length of the longest unit vector. */
export function largestSquare({ xx, xy, yy }: Scale): number {
  return (xx + yy + Math.hypot(xx - yy, 2 * xy)) / 2;
}

/** Tolerance for rounding errors. */
const TOLERANCE = 1e-9;

/** Whether no vector is longer in `scale` than in `other`. */
export function isWithin(scale: Scale, other: Scale): boolean {
  if (other.xx === Infinity) return true;
  if (scale.xx === Infinity) return false;
  const slack = TOLERANCE * (other.xx + other.yy);
  const [xx, yy, xy] = [other.xx - scale.xx + slack, other.yy - scale.yy + slack, other.xy - scale.xy];
  return xx >= 0 && yy >= 0 && xx * yy >= xy * xy;
}
