import type { Operation } from '../operation.js';
import type { MinimalOutput } from './minimal-output.js';
import { roundedNonzero, roundedNumber, roundedValue } from './numbers.js';
import type { ShortNumber } from './numbers.js';
import { numbersOf } from './operands.js';

/** Number of operands of the operators that add a segment (ISO 32000-2, table 58). */
const SEGMENTS: Readonly<Record<string, number>> = { m: 2, l: 2, c: 6, v: 4, y: 4, h: 0, re: 4 };
/** Operators that make a path a clipping path (table 60). */
const CLIPPING = new Set(['W', 'W*']);

/** Writes paths with rounded coordinates. */
export class PathWriter {
  /** Whether the current path has a segment. */
  hasPath = false;
  readonly #output: MinimalOutput;
  /** The last point, exact and as written. */
  #point: { readonly exact: readonly number[]; readonly tokens: string } = { exact: [], tokens: '' };

  constructor(output: MinimalOutput) {
    this.#output = output;
  }

  addSegment(operation: Operation, decimals: number): void {
    const { operator } = operation;
    const numbers = numbersOf(operation, SEGMENTS[operator] ?? 0);
    this.hasPath = true;
    const tokens = operator === 're' ? rectangle(numbers, decimals) : this.#points(numbers, operator, decimals);
    this.#output.addState([...tokens, operator].join(' '));
  }

  /** Without a path, painting and ending have no effect. */
  end({ operator }: Operation): void {
    if (CLIPPING.has(operator)) {
      this.hasPath = true;
      this.#output.addState(operator);
      return;
    }
    if (!this.hasPath) return;
    this.hasPath = false;
    if (operator === 'n') this.#output.addState('n');
    else this.#output.addEffect(operator === 'F' ? 'f' : operator);
  }

  /** A line keeps its exact end if rounding would make its ends equal, because readers may draw nothing then. */
  #points(numbers: readonly ShortNumber[], operator: string, decimals: number): string[] {
    const rounded = numbers.map((number) => roundedNumber(number, decimals).token);
    const exact = numbers.slice(-2).map(({ value }) => value);
    const tokens = rounded.slice(-2).join(' ');
    const last = this.#point;
    const isLost = operator === 'l' && tokens === last.tokens && !exact.every((value, at) => value === last.exact[at]);
    this.#point = { exact, tokens };
    return isLost ? numbers.map(({ token }) => token) : rounded;
  }
}

/** Rounds two opposite corners, so that adjacent rectangles stay adjacent. */
function rectangle([x, y, width, height]: readonly ShortNumber[], decimals: number): string[] {
  if (!x || !y || !width || !height) return [];
  const [left, bottom] = [roundedNumber(x, decimals), roundedNumber(y, decimals)];
  return [left, bottom, side(x, left, width, decimals), side(y, bottom, height, decimals)].map(({ token }) => token);
}

function side(from: ShortNumber, rounded: ShortNumber, length: ShortNumber, decimals: number): ShortNumber {
  const reduced = roundedValue(from.value + length.value - rounded.value, decimals);
  if (!reduced || reduced.value === 0) return length;
  return reduced.token.length < length.token.length ? reduced : roundedNonzero(length, decimals);
}
