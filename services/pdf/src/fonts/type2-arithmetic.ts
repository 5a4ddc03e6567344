import { FontError } from './font-error.js';

/** The number of elements of the transient array (TN 5177, appendix B). */
const TRANSIENT_ELEMENTS = 32;

/** Computes the results of an operator from its operands. */
type Compute = (operands: readonly [number, number, number, number]) => readonly number[];

/** The arithmetic and conditional operators (TN 5177, 4.4 and 4.6) with the number of their operands. */
const COMPUTATIONS = new Map<number, readonly [count: number, compute: Compute]>([
  [0x0c03, [2, ([x, y]) => [Number(x !== 0 && y !== 0)]]],
  [0x0c04, [2, ([x, y]) => [Number(x !== 0 || y !== 0)]]],
  [0x0c05, [1, ([x]) => [Number(x === 0)]]],
  [0x0c09, [1, ([x]) => [Math.abs(x)]]],
  [0x0c0a, [2, ([x, y]) => [x + y]]],
  [0x0c0b, [2, ([x, y]) => [x - y]]],
  [0x0c0c, [2, ([x, y]) => [x / y]]],
  [0x0c0e, [1, ([x]) => [-x]]],
  [0x0c0f, [2, ([x, y]) => [Number(x === y)]]],
  [0x0c12, [1, () => []]],
  [0x0c16, [4, ([x, y, low, high]) => [low <= high ? x : y]]],
  [0x0c18, [2, ([x, y]) => [x * y]]],
  [0x0c1a, [1, ([x]) => [Math.sqrt(x)]]],
  [0x0c1b, [1, ([x]) => [x, x]]],
  [0x0c1c, [2, ([x, y]) => [y, x]]],
]);

const [PUT, GET, INDEX, ROLL] = [0x0c14, 0x0c15, 0x0c1d, 0x0c1e];

/** Runs the operators of a Type 2 charstring that change only its stack and its transient array. */
export class Type2Arithmetic {
  readonly #transient = new Float64Array(TRANSIENT_ELEMENTS);

  constructor(readonly stack: number[]) {}

  /** Throws a `FontError` if the operator is unknown or its operands are invalid. */
  run(operator: number): void {
    const computation = COMPUTATIONS.get(operator);
    if (computation) this.#compute(...computation);
    else if (operator === PUT) this.#transient[this.#element()] = this.#pop();
    else if (operator === GET) this.stack.push(this.#transient[this.#element()] ?? 0);
    else if (operator === INDEX) this.#index();
    else if (operator === ROLL) this.#roll();
    else throw new FontError('has a charstring with an unknown operator');
  }

  #compute(count: number, compute: Compute): void {
    if (this.stack.length < count) throw new FontError('has a charstring with too few operands');
    const [a = 0, b = 0, c = 0, d = 0] = this.stack.splice(this.stack.length - count);
    const results = compute([a, b, c, d]);
    if (!results.every(Number.isFinite)) throw new FontError('has a charstring with an invalid result');
    this.stack.push(...results);
  }

  #pop(): number {
    const value = this.stack.pop();
    if (value === undefined) throw new FontError('has a charstring with too few operands');
    return value;
  }

  #element(): number {
    const element = this.#pop();
    if (!(Number.isInteger(element) && element >= 0 && element < TRANSIENT_ELEMENTS))
      throw new FontError('has a charstring with an invalid element');
    return element;
  }

  #index(): void {
    const depth = Math.max(0, this.#pop());
    const value = this.stack.at(-1 - depth);
    if (value === undefined || !Number.isInteger(depth)) throw new FontError('has a charstring with an invalid index');
    this.stack.push(value);
  }

  #roll(): void {
    const [by, count] = [this.#pop(), this.#pop()];
    if (!Number.isInteger(by) || !(Number.isInteger(count) && count > 0 && count <= this.stack.length))
      throw new FontError('has a charstring with an invalid roll');
    const top = this.stack.splice(this.stack.length - count);
    const shift = ((by % count) + count) % count;
    this.stack.push(...top.slice(count - shift), ...top.slice(0, count - shift));
  }
}
