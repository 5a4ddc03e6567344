import { PdfError } from '../../errors.js';
import type { PdfFile } from '../../file/pdf-file.js';
import type { DecodingBudget } from '../../filters/budget.js';
import { decode } from '../../filters/decode.js';
import { MAX_NESTING } from '../../limits.js';
import { PdfDict, PdfStream } from '../../syntax/objects.js';
import type { PdfObject } from '../../syntax/objects.js';
import { compileCalculator } from './calculator.js';
import { clipped, interpolate } from './interpolation.js';
import { sampled } from './sampled-function.js';

/** An evaluable function of ISO 32000-2, 7.10. */
export type Evaluate = (inputs: readonly number[]) => number[];

/** Maximum number of functions in a stitching function, including nested ones. */
const MAX_PARTS = 4096;
const MAX_DEPTH = 8;
/** Maximum cost of evaluating the functions of a document, roughly in bytes of executed programs. */
const MAX_WORK = 200_000_000;

/** A function and the inputs at which it may jump or bend. */
export interface PdfFunction {
  readonly evaluate: Evaluate;
  /** The inner bounds of a function with one input (7.10.4), in ascending order. */
  readonly breaks: readonly number[];
}

/** A function and the cost of one evaluation. */
interface Costed extends PdfFunction {
  readonly cost: number;
}

/** Reads the functions of a file. */
export class FunctionReader {
  readonly #file: PdfFile;
  readonly #budget: DecodingBudget;
  #parts = 0;
  #work = 0;

  constructor(file: PdfFile, budget: DecodingBudget) {
    this.#file = file;
    this.#budget = budget;
  }

  /**
   * Reads a function, or an array of functions with one output each. Returns undefined if it is invalid. Evaluation
   * throws `corrupt_pdf` when the functions of the file have taken too long.
   */
  read(object: PdfObject | undefined): PdfFunction | undefined {
    this.#parts = 0;
    const value = this.#file.resolve(object);
    if (!Array.isArray(value)) return this.#read(value, 0);
    if (value.length > MAX_NESTING) return undefined;
    const parts = value.map((part) => this.#read(this.#file.resolve(part), 0));
    if (!parts.every((part) => part !== undefined)) return undefined;
    const evaluate: Evaluate = (inputs) => parts.map((part) => part.evaluate(inputs)[0] ?? 0);
    return { evaluate, breaks: ascending(parts.flatMap(({ breaks }) => breaks)) };
  }

  #read(value: PdfObject, depth: number): PdfFunction | undefined {
    this.#parts += 1;
    const dict = value instanceof PdfStream ? value.dict : value;
    if (!(dict instanceof PdfDict) || depth > MAX_DEPTH || this.#parts > MAX_PARTS) return undefined;
    const domain = this.numbers(dict.get('Domain'));
    const range = this.numbers(dict.get('Range'));
    if (!domain || domain.length < 2) return undefined;
    const made = this.#make(value, dict, { domain, range }, depth);
    if (!made) return undefined;
    const evaluate: Evaluate = (inputs) => {
      this.#spend(made.cost);
      const outputs = made.evaluate(clipped(inputs, domain));
      return range ? clipped(outputs, range) : outputs;
    };
    return { evaluate, breaks: made.breaks };
  }

  #spend(cost: number): void {
    this.#work += cost;
    if (this.#work > MAX_WORK) throw new PdfError('corrupt_pdf', 'has functions that take too long to evaluate');
  }

  #make(
    value: PdfObject,
    dict: PdfDict,
    { domain, range }: { domain: readonly number[]; range: readonly number[] | undefined },
    depth: number,
  ): Costed | undefined {
    const type = this.#file.resolve(dict.get('FunctionType'));
    if (type === 2) return { evaluate: this.#exponential(dict), breaks: [], cost: 1 };
    if (type === 3) return this.#stitching(dict, domain, depth);
    if (!(value instanceof PdfStream) || !range) return undefined;
    if (type === 4) return this.#calculator(value);
    return type === 0 ? this.#sampled(value, domain, range) : undefined;
  }

  #calculator(stream: PdfStream): Costed | undefined {
    const code = this.#data(stream);
    const evaluate = compileCalculator(code);
    return evaluate && { evaluate, breaks: [], cost: code.length };
  }

  /** 7.10.3 */
  #exponential(dict: PdfDict): Evaluate {
    const from = this.numbers(dict.get('C0')) ?? [0];
    const to = this.numbers(dict.get('C1')) ?? [1];
    const exponent = this.#number(dict.get('N')) ?? 1;
    return ([x = 0]) => {
      const factor = x ** exponent;
      return from.map((start, at) => start + (Number.isFinite(factor) ? factor : 0) * ((to[at] ?? start) - start));
    };
  }

  /** 7.10.4 */
  #stitching(dict: PdfDict, domain: readonly number[], depth: number): Costed | undefined {
    const functions = this.#file.resolve(dict.get('Functions'));
    const bounds = this.numbers(dict.get('Bounds')) ?? [];
    const encode = this.numbers(dict.get('Encode')) ?? [];
    if (!Array.isArray(functions) || functions.length !== bounds.length + 1) return undefined;
    const parts: PdfFunction[] = [];
    for (const item of functions) {
      const part = this.#read(this.#file.resolve(item), depth + 1);
      if (!part) return undefined;
      parts.push(part);
    }
    const edges = [domain[0] ?? 0, ...bounds, domain[1] ?? 1];
    const evaluate: Evaluate = ([x = 0]) => {
      const index = bounds.findIndex((bound) => x < bound);
      const at = index < 0 ? parts.length - 1 : index;
      const encoded = interpolate(x, edges[at] ?? 0, edges[at + 1] ?? 1, encode[2 * at] ?? 0, encode[2 * at + 1] ?? 1);
      return parts[at]?.evaluate([encoded]) ?? [];
    };
    return {
      evaluate,
      cost: 1,
      breaks: ascending([...bounds, ...parts.flatMap((part, at) => outerBreaks(part, at, edges, encode))]),
    };
  }

  #sampled(stream: PdfStream, domain: readonly number[], range: readonly number[]): Costed | undefined {
    const { dict } = stream;
    const size = this.numbers(dict.get('Size'));
    const bits = this.#number(dict.get('BitsPerSample'));
    if (!size || bits === undefined) return undefined;
    const evaluate = sampled(this.#data(stream), {
      ...{ domain, range, size, bits },
      encode: this.numbers(dict.get('Encode')),
      decode: this.numbers(dict.get('Decode')),
    });
    if (!evaluate) return undefined;
    const [steps = 1] = size;
    const [low = 0, high = 1] = domain;
    const isFine = size.length === 1 && steps <= MAX_PARTS;
    const inner = isFine ? Array.from({ length: Math.max(0, steps - 2) }, (_item, at) => (at + 1) / (steps - 1)) : [];
    return { evaluate, cost: range.length << size.length, breaks: inner.map((at) => low + at * (high - low)) };
  }

  #data(stream: PdfStream): Buffer {
    return decode(this.#file.encoded(stream), this.#file.filters(stream.dict), this.#budget).bytes;
  }

  /** Reads an array of numbers. Returns undefined for anything else. */
  numbers(object: PdfObject | undefined): number[] | undefined {
    const values = this.#file.resolve(object);
    if (!Array.isArray(values)) return undefined;
    const numbers = values.map((value) => this.#number(value));
    return numbers.every((value) => value !== undefined) ? numbers : undefined;
  }

  #number(object: PdfObject | undefined): number | undefined {
    const value = this.#file.resolve(object);
    return typeof value === 'number' ? value : undefined;
  }
}

/** Maps the breaks of a part of a stitching function to inputs of the whole. */
function outerBreaks(part: PdfFunction, at: number, edges: readonly number[], encode: readonly number[]): number[] {
  const [from, to] = [encode[2 * at] ?? 0, encode[2 * at + 1] ?? 1];
  if (from === to) return [];
  const [low, high] = [edges[at] ?? 0, edges[at + 1] ?? 1];
  return part.breaks.map((inner) => interpolate(inner, from, to, low, high)).filter((x) => x > low && x < high);
}

function ascending(values: readonly number[]): number[] {
  return [...new Set(values)].sort((one, other) => one - other);
}
