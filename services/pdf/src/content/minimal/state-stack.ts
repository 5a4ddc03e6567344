import type { Operation } from '../operation.js';
import { AFFINE_IDENTITY, compose, largestInverseLength, largestLength } from './affine.js';
import type { Affine } from './affine.js';
import { copyState, initialState } from './graphics-state.js';
import type { GraphicsState } from './graphics-state.js';
import { NotUnderstood, decimalsFor, roundedCoefficient } from './numbers.js';
import { numbersOf } from './operands.js';
import { linearDecimals } from './text-line.js';
import type { TextSpace } from './text-line.js';

/** Maximum number of saved graphics states. */
const MAX_SAVED = 10_000;
/** Maximum number of rounded matrices in a chain, and the part of the permitted error of each. */
const MAX_ROUNDINGS = 8;
const MATRIX_SHARE = 1 / MAX_ROUNDINGS;

/** Where content is drawn. */
export interface Placement {
  /** Maximum length in points of a unit vector of its space on a page. */
  readonly points: number;
  /** Maximum visible coordinate in its space. Undefined if it is unknown. */
  readonly reach: number | undefined;
  /** Whether its graphics state begins with the initial values. */
  readonly isPage: boolean;
}

/** The current graphics state, the saved ones, and the size of current user space. */
export class StateStack {
  state: GraphicsState;
  space: TextSpace;
  /** Number of decimal places of coordinates in current user space. */
  decimals: number;
  readonly #placement: Placement;
  readonly #saved: GraphicsState[] = [];

  constructor(placement: Placement) {
    this.#placement = placement;
    this.state = initialState(placement.isPage);
    this.space = placement;
    this.decimals = decimalsFor(placement.points);
  }

  save(): void {
    if (this.#saved.length >= MAX_SAVED) throw new NotUnderstood('too many saved states');
    this.#saved.push(copyState(this.state));
  }

  restore(): void {
    const state = this.#saved.pop();
    if (!state) throw new NotUnderstood('a state that was not saved');
    this.state = state;
    this.#measure();
  }

  /** Changes the current matrix by `cm`. Returns the operation to write, or undefined for none. */
  concat(operation: Operation): string | undefined {
    const exact = numbersOf(operation, 6);
    const matrix = affineOf(exact.map(({ value }) => value));
    if (isIdentity(matrix)) return undefined;
    const isRounded = this.state.roundings < MAX_ROUNDINGS;
    const linear = isRounded ? linearDecimals(matrix, this.space, MATRIX_SHARE) : Infinity;
    const shift = isRounded ? decimalsFor(this.space.points, MATRIX_SHARE) : Infinity;
    const numbers = exact.map((number, at) => roundedCoefficient(number, at < 4 ? linear : shift));
    if (numbers.some(({ value }, at) => value !== exact[at]?.value)) this.state.roundings += 1;
    this.state.matrix = compose(matrix, this.state.matrix);
    // A soft mask depends on the matrix (11.6.5.2).
    this.state.parameters.gs = undefined;
    this.#measure();
    return `${numbers.map(({ token }) => token).join(' ')} cm`;
  }

  #measure(): void {
    const { matrix } = this.state;
    const { points, reach } = this.#placement;
    const inverse = largestInverseLength(matrix);
    const isKnown = reach !== undefined && inverse < Infinity;
    this.space = {
      points: points * largestLength(matrix),
      reach: isKnown ? inverse * (reach + Math.hypot(matrix.e, matrix.f)) : undefined,
    };
    this.decimals = decimalsFor(this.space.points);
  }
}

/** The matrix with six coefficients in the order of an operation. */
export function affineOf([a = 1, b = 0, c = 0, d = 1, e = 0, f = 0]: readonly number[]): Affine {
  return { a, b, c, d, e, f };
}

function isIdentity({ a, b, c, d, e, f }: Affine): boolean {
  return a === AFFINE_IDENTITY.a && b === 0 && c === 0 && d === AFFINE_IDENTITY.d && e === 0 && f === 0;
}
