import { AFFINE_IDENTITY, compose, hasSameLinearPart, largestInverseLength, largestLength, solve } from './affine.js';
import type { Affine } from './affine.js';
import { decimalsFor, exactValue, roundedValue, valueToken } from './numbers.js';

/** The space in which text is placed: points per unit, and the largest visible coordinate, if it is known. */
export interface TextSpace {
  readonly points: number;
  readonly reach: number | undefined;
}

/** An operation that places text, and the text line matrix after it. */
interface PlacedText {
  readonly text: string;
  readonly written: Affine;
}

const SHORTEST_MATRIX = '1 0 0 1 0 0 Tm';

/**
 * The text line matrix (ISO 32000-2, 9.4.2) as the content sets it and as it is written. It is written before text is
 * shown, with the shortest operation, so that rounding errors do not add up.
 */
export class TextLine {
  /** Whether the next glyph is not where the last one ended. */
  isMoved = false;
  #line = AFFINE_IDENTITY;
  #written = AFFINE_IDENTITY;
  /** The matrix whose linear part was written, before rounding. Undefined if the written position is unknown. */
  #origin: Affine | undefined = AFFINE_IDENTITY;

  get matrix(): Affine {
    return this.#line;
  }

  /** `BT` in the content. `isOpen` is whether the output is still in a text object. */
  begin(isOpen: boolean): void {
    this.#line = AFFINE_IDENTITY;
    this.isMoved = isOpen;
  }

  /** `BT` in the output. */
  open(): void {
    this.#written = AFFINE_IDENTITY;
    this.#origin = AFFINE_IDENTITY;
  }

  set(matrix: Affine): void {
    this.#line = matrix;
    this.isMoved = true;
  }

  moveBy(right: number, up: number): void {
    this.#line = compose({ ...AFFINE_IDENTITY, e: right, f: up }, this.#line);
    this.isMoved = true;
  }

  /** Records a `T*` whose distance is unknown. It must be written with all movement before it. */
  advance(): void {
    this.isMoved = false;
    this.#origin = undefined;
  }

  /** The operation that places the next glyph. `leading` is the distance of a written `T*`. */
  place(space: TextSpace, leading: number | undefined): string {
    this.isMoved = false;
    const relative = this.#relative(space, leading);
    if (relative && relative.text.length <= SHORTEST_MATRIX.length) return this.#write(relative);
    const absolute = this.#matrix(space);
    if (relative && relative.text.length <= absolute.text.length) return this.#write(relative);
    this.#origin = this.#line;
    return this.#write(absolute);
  }

  #write({ text, written }: PlacedText): string {
    this.#written = written;
    return text;
  }

  #relative({ points }: TextSpace, leading: number | undefined): PlacedText | undefined {
    const [line, written] = [this.#line, this.#written];
    if (!this.#origin || !hasSameLinearPart(line, this.#origin)) return undefined;
    const distance = solve(written, line.e - written.e, line.f - written.f);
    if (!distance) return undefined;
    const decimals = decimalsFor(points * largestLength(written));
    const [right, up] = [roundedValue(distance[0], decimals), roundedValue(distance[1], decimals)];
    if (!right || !up) return undefined;
    const moved = compose({ ...AFFINE_IDENTITY, e: right.value, f: up.value }, written);
    if (crosses(line, moved)) return undefined;
    const isLeading = leading !== undefined && leading !== 0 && right.value === 0 && up.value === -leading;
    return { text: isLeading ? 'T*' : `${right.token} ${up.token} Td`, written: moved };
  }

  #matrix({ points, reach }: TextSpace): PlacedText {
    const line = this.#line;
    const decimals = linearDecimals(line, { points, reach });
    const [a, b, c, d] = [line.a, line.b, line.c, line.d].map((value) => valueToken(value, decimals));
    const placeDecimals = decimalsFor(points);
    let [e, f] = [valueToken(line.e, placeDecimals), valueToken(line.f, placeDecimals)];
    if (crosses(line, { e: e.value, f: f.value })) [e, f] = [exactValue(line.e), exactValue(line.f)];
    if (!a || !b || !c || !d) throw new TypeError('A matrix has four linear coefficients.');
    const text = [a, b, c, d, e, f].map(({ token }) => token).join(' ');
    const written = { a: a.value, b: b.value, c: c.value, d: d.value, e: e.value, f: f.value };
    return { text: `${text} Tm`, written };
  }
}

/** Readers cache glyphs at quarters of a pixel. Edges of pages have up to two decimal places. */
const [GRID_X, GRID_Y] = [0.05, 0.01];

/** Whether a displacement, even by an error of computation, crosses a position to which readers may align glyphs. */
function crosses(exact: Pick<Affine, 'e' | 'f'>, written: Pick<Affine, 'e' | 'f'>): boolean {
  return isBetween(exact.e, written.e, GRID_X) || isBetween(exact.f, written.f, GRID_Y);
}

function isBetween(from: number, to: number, grid: number): boolean {
  return from !== to && Math.abs(Math.round(from / grid) * grid - from) <= Math.abs(to - from);
}

/**
 * Number of decimal places for the linear part of a matrix. Its error grows with the distance of visible points from
 * the origin of the inner space. `share` is the part of the permitted error that may be used up.
 */
export function linearDecimals(matrix: Affine, { points, reach }: TextSpace, share = 1): number {
  const inverse = largestInverseLength(matrix);
  if (reach === undefined || inverse === Infinity) return Infinity;
  return decimalsFor(points * inverse * (reach + Math.hypot(matrix.e, matrix.f)) * 2, share);
}
