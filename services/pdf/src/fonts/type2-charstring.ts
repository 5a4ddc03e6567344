import { FontBytes } from './font-bytes.js';
import { FontError } from './font-error.js';
import type { OperationBudget } from './operation-budget.js';
import type { RelativePath } from './relative-path.js';
import { Type2Arithmetic } from './type2-arithmetic.js';
import { DRAW_OPERATORS } from './type2-paths.js';

/** Maximum size of the stack and nesting of subroutines. The specification allows 48 and 10. */
const MAX_STACK = 192;
const MAX_DEPTH = 16;
const FRACTION = 65_536;

/** Operators of a Type 2 charstring (TN 5177, appendix A). */
const [HSTEM, VSTEM, VMOVETO, CALLSUBR, RETURN, ESCAPE, ENDCHAR, HSTEMHM] = [1, 3, 4, 10, 11, 12, 14, 18] as const;
/** A deprecated hint. */
const DOTSECTION = 0x0c00;
const [HINTMASK, CNTRMASK, RMOVETO, HMOVETO, VSTEMHM, SHORT, CALLGSUBR] = [19, 20, 21, 22, 23, 28, 29] as const;

/** An accented character that consists of two glyphs, given by their codes in StandardEncoding (TN 5177, appendix C). */
interface Type2Accent {
  readonly dx: number;
  readonly dy: number;
  readonly base: number;
  readonly accent: number;
}

/** What a charstring says apart from its path. */
export interface Type2Result {
  /** The difference to nominalWidthX. Undefined stands for defaultWidthX. */
  readonly width: number | undefined;
  readonly accent: Type2Accent | undefined;
}

export interface Type2Subroutines {
  readonly global: readonly Uint8Array[];
  readonly local: readonly Uint8Array[];
}

/** Runs a charstring (TN 5177) and draws its path. Throws a `FontError` if it is not understood. */
export function runType2(
  charString: Uint8Array,
  subroutines: Type2Subroutines,
  context: { readonly path: RelativePath; readonly budget: OperationBudget },
): Type2Result {
  return new Type2Run(subroutines, context.path, context.budget).run(charString);
}

class Type2Run {
  readonly #stack: number[] = [];
  readonly #arithmetic = new Type2Arithmetic(this.#stack);
  #stems = 0;
  #isWidthKnown = false;
  #width: number | undefined;
  #accent: Type2Accent | undefined;
  #hasEnded = false;

  constructor(
    readonly subroutines: Type2Subroutines,
    readonly path: RelativePath,
    readonly budget: OperationBudget,
  ) {}

  run(charString: Uint8Array): Type2Result {
    this.#execute(charString, 0);
    return { width: this.#width, accent: this.#accent };
  }

  #execute(charString: Uint8Array, depth: number): void {
    if (depth > MAX_DEPTH) throw new FontError('has subroutines that are nested too deeply');
    const reader = new FontBytes(charString);
    while (!this.#hasEnded && reader.at < reader.length) {
      this.budget.spend();
      const byte = reader.uint8();
      if (byte >= 32 || byte === SHORT) this.#push(readNumber(reader, byte));
      else if (byte === RETURN) return;
      else if (byte === CALLSUBR) this.#call(this.subroutines.local, depth);
      else if (byte === CALLGSUBR) this.#call(this.subroutines.global, depth);
      else this.#operate(byte === ESCAPE ? 0x0c00 + reader.uint8() : byte, reader);
    }
  }

  #push(value: number): void {
    if (this.#stack.length >= MAX_STACK) throw new FontError('has a charstring with too many operands');
    this.#stack.push(value);
  }

  #call(subroutines: readonly Uint8Array[], depth: number): void {
    const number = this.#stack.pop() ?? Number.NaN;
    const subroutine = subroutines[number + subroutineBias(subroutines.length)];
    if (!subroutine) throw new FontError('has a charstring with an unknown subroutine');
    this.#execute(subroutine, depth + 1);
  }

  #operate(operator: number, reader: FontBytes): void {
    const draw = DRAW_OPERATORS.get(operator);
    if (draw) {
      // Some writers leave operators without operands. They draw nothing.
      if (this.#stack.length > 0) draw(this.#stack, this.path);
    } else if (operator === DOTSECTION) this.#stack.length = 0;
    else if (operator > 0xff) {
      this.#arithmetic.run(operator);
      return;
    } else this.#operateOnce(operator, reader);
    this.#stack.length = 0;
  }

  /** Operators that may follow the width. */
  #operateOnce(operator: number, reader: FontBytes): void {
    switch (operator) {
      case HSTEM:
      case VSTEM:
      case HSTEMHM:
      case VSTEMHM:
        this.#countStems();
        break;
      case HINTMASK:
      case CNTRMASK:
        this.#countStems();
        reader.take(Math.ceil(this.#stems / 8));
        break;
      case RMOVETO:
      case HMOVETO:
      case VMOVETO:
        this.#move(operator);
        break;
      case ENDCHAR:
        this.#end();
        break;
      default:
        throw new FontError('has a charstring with an unknown operator');
    }
  }

  #countStems(): void {
    this.#takeWidth(this.#stack.length % 2 === 1);
    if (this.#stack.length % 2 === 1) throw new FontError('has a charstring with a wrong number of operands');
    this.#stems += this.#stack.length / 2;
  }

  #move(operator: number): void {
    const count = operator === RMOVETO ? 2 : 1;
    this.#takeWidth(this.#stack.length > count);
    const [first, second] = this.#stack;
    if (this.#stack.length !== count || first === undefined)
      throw new FontError('has a charstring with a wrong number of operands');
    if (operator === HMOVETO) this.path.move(first, 0);
    else if (operator === VMOVETO) this.path.move(0, first);
    else this.path.move(first, second ?? 0);
  }

  #end(): void {
    this.#takeWidth(this.#stack.length === 1 || this.#stack.length === 5);
    const [dx, dy, base, accent] = this.#stack;
    if (base !== undefined && accent !== undefined) this.#accent = { dx: dx ?? 0, dy: dy ?? 0, base, accent };
    this.#hasEnded = true;
  }

  #takeWidth(isPresent: boolean): void {
    if (isPresent && !this.#isWidthKnown) this.#width = this.#stack.shift();
    this.#isWidthKnown = true;
  }
}

/** TN 5177, 4.7. */
function subroutineBias(count: number): number {
  if (count < 1240) return 107;
  return count < 33_900 ? 1131 : 32_768;
}

/** TN 5177, 3.2. */
function readNumber(reader: FontBytes, byte: number): number {
  if (byte === SHORT) return reader.int16();
  if (byte <= 246) return byte - 139;
  if (byte <= 250) return (byte - 247) * 256 + reader.uint8() + 108;
  if (byte <= 254) return -(byte - 251) * 256 - reader.uint8() - 108;
  return reader.int32() / FRACTION;
}
