import { FontBytes } from './font-bytes.js';
import { FontError } from './font-error.js';
import type { OperationBudget } from './operation-budget.js';
import type { Pen } from './outline.js';
import { RelativePath } from './relative-path.js';
import { Type1Flex } from './type1-flex.js';
import { TYPE1_OPERATORS } from './type1-operators.js';
import type { Type1Operands, Type1Target } from './type1-operators.js';

const MAX_STACK = 192;
const MAX_DEPTH = 16;
/** Procedures of OtherSubrs for counters of ideographs. They only change hints. */
const COUNTER_HINTS: readonly number[] = [12, 13];

/** Receives what a Type 1 charstring draws and its hints. Hints are absolute, in units of the font. */
export interface Type1Sink extends Pen {
  /** Adds a stem: its lower or left edge and its width. Widths of -20 and -21 stand for edges. */
  stem(isHorizontal: boolean, edge: number, width: number): void;
  /** The stems after this replace those before it. */
  replaceHints(): void;
}

/** An accented character that consists of two glyphs, given by their codes in StandardEncoding. */
export interface Type1Accent {
  /** The position of the accent's origin. */
  readonly dx: number;
  readonly dy: number;
  readonly base: number;
  readonly accent: number;
}

export interface Type1Result {
  readonly width: number;
  readonly accent: Type1Accent | undefined;
}

/** What the charstrings of a font share. */
export interface Type1Context {
  readonly subroutines: ReadonlyMap<number, Uint8Array>;
  readonly budget: OperationBudget;
}

/**
 * Runs a charstring (Adobe Type 1 Font Format, 6) with its origin at a point. Throws a `FontError` if it is not
 * understood.
 */
export function runType1(
  charString: Uint8Array,
  context: Type1Context,
  sink: Type1Sink,
  origin: { readonly dx: number; readonly dy: number } = { dx: 0, dy: 0 },
): Type1Result {
  return new Type1Run(context, sink, origin).run(charString);
}

const [CALLSUBR, RETURN, ESCAPE, ENDCHAR] = [10, 11, 12, 14] as const;
const [DIV, CALLOTHERSUBR, POP] = [0x0c0c, 0x0c10, 0x0c11] as const;

class Type1Run implements Type1Target {
  readonly path: RelativePath;
  readonly flex: Type1Flex;
  readonly #stack: number[] = [];
  /** What the procedures of OtherSubrs return. */
  #results: number[] = [];
  #bearing = { x: 0, y: 0 };
  #width: number | undefined;
  #accent: Type1Accent | undefined;
  #hasEnded = false;

  constructor(
    readonly context: Type1Context,
    readonly sink: Type1Sink,
    readonly origin: { readonly dx: number; readonly dy: number },
  ) {
    this.path = new RelativePath(sink);
    this.flex = new Type1Flex(this.path);
  }

  run(charString: Uint8Array): Type1Result {
    this.#execute(charString, 0);
    if (this.#width === undefined) throw new FontError('has a charstring without a width');
    return { width: this.#width, accent: this.#accent };
  }

  start(x: number, y: number, width: number, height = 0): void {
    if (height !== 0) throw new FontError('has glyphs for vertical writing');
    this.#width = width;
    this.#bearing = { x: x + this.origin.dx, y: y + this.origin.dy };
    this.path.x = 0;
    this.path.y = 0;
    this.path.move(this.#bearing.x, this.#bearing.y);
  }

  stem(isHorizontal: boolean, edge: number, width: number): void {
    this.sink.stem(isHorizontal, edge + (isHorizontal ? this.#bearing.y : this.#bearing.x), width);
  }

  stems(isHorizontal: boolean, operands: Type1Operands): void {
    for (const at of [0, 2, 4] as const) this.stem(isHorizontal, operands[at], operands[at + 1] ?? 0);
  }

  /** `bearing` is the side bearing of the accent, which the composite glyph repeats. */
  endWithAccent(bearing: number, accent: Type1Accent): void {
    this.#accent = { ...accent, dx: accent.dx + this.#bearing.x - bearing };
    this.#hasEnded = true;
  }

  #execute(charString: Uint8Array, depth: number): void {
    if (depth > MAX_DEPTH) throw new FontError('has subroutines that are nested too deeply');
    const reader = new FontBytes(charString);
    while (!this.#hasEnded && reader.at < reader.length) {
      this.context.budget.spend();
      const byte = reader.uint8();
      if (byte >= 32) this.#push(readNumber(reader, byte));
      else if (byte === RETURN) return;
      else if (byte === CALLSUBR) this.#call(depth);
      else if (byte === ENDCHAR) this.#hasEnded = true;
      else this.#operate(byte === ESCAPE ? 0x0c00 + reader.uint8() : byte);
    }
  }

  #push(value: number): void {
    if (this.#stack.length >= MAX_STACK) throw new FontError('has a charstring with too many operands');
    this.#stack.push(value);
  }

  #pop(): number {
    const value = this.#stack.pop();
    if (value === undefined) throw new FontError('has a charstring with too few operands');
    return value;
  }

  #call(depth: number): void {
    const subroutine = this.context.subroutines.get(this.#pop());
    if (!subroutine) throw new FontError('has a charstring with an unknown subroutine');
    this.#execute(subroutine, depth + 1);
  }

  #operate(operator: number): void {
    if (operator === DIV) this.#divide();
    else if (operator === CALLOTHERSUBR) this.#callOther();
    else if (operator === POP) this.#push(this.#results.pop() ?? this.#missingResult());
    else {
      const [count, operate] = TYPE1_OPERATORS.get(operator) ?? [];
      if (!operate) throw new FontError('has a charstring with an unknown operator');
      if (this.#stack.length !== count) throw new FontError('has a charstring with a wrong number of operands');
      operate(this, this.#takeOperands());
    }
  }

  #takeOperands(): Type1Operands {
    const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = this.#stack;
    this.#stack.length = 0;
    return [a, b, c, d, e, f];
  }

  #divide(): void {
    const [divisor, dividend] = [this.#pop(), this.#pop()];
    if (divisor === 0) throw new FontError('has a charstring that divides by zero');
    this.#push(dividend / divisor);
  }

  #missingResult(): never {
    throw new FontError('has a charstring that uses an absent result');
  }

  /** The procedures of OtherSubrs (Adobe Type 1 Font Format, 8). Those of multiple master fonts are not understood. */
  #callOther(): void {
    const [number, count] = [this.#pop(), this.#pop()];
    const operands = Array.from({ length: Math.max(0, Math.min(count, MAX_STACK)) }, () => this.#pop()).reverse();
    this.#results = [];
    if (number === 0 && count === 3) {
      this.flex.end();
      this.#results = [operands[2] ?? 0, operands[1] ?? 0];
    } else if (number === 1) this.flex.begin();
    else if (number === 2) this.flex.addPoint();
    else if (number === 3 && count === 1) {
      this.sink.replaceHints();
      this.#results = operands;
    } else if (!COUNTER_HINTS.includes(number)) throw new FontError('has a charstring with an unknown procedure');
  }
}

/** Adobe Type 1 Font Format, 6.2. */
function readNumber(reader: FontBytes, byte: number): number {
  if (byte <= 246) return byte - 139;
  if (byte <= 250) return (byte - 247) * 256 + reader.uint8() + 108;
  if (byte <= 254) return -(byte - 251) * 256 - reader.uint8() - 108;
  return reader.int32();
}
