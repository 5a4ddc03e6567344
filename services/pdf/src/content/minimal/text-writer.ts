import { Token } from '../../syntax/lexer.js';
import type { Lexer } from '../../syntax/lexer.js';
import { hexBytes, latin1Token, literalBytes } from '../../syntax/strings.js';
import type { Operation } from '../operation.js';
import { largestLength } from './affine.js';
import type { MinimalOutput } from './minimal-output.js';
import { NotUnderstood, decimalsFor, exactNumber, roundedValue } from './numbers.js';
import { checkCount, numbersOf } from './operands.js';
import { affineOf } from './state-stack.js';
import type { StateStack } from './state-stack.js';
import { TextLine } from './text-line.js';

/** Text is written when it reaches this length. */
const MAX_HELD = 16 * 1024;
/** The unit of the numbers in `TJ`, in text space at font size 1. */
const ADJUSTMENT = 0.001;
/** Rendering modes from this one on add text to the clipping path at the end of the text object (table 104). */
const FIRST_CLIPPING_MODE = 4;

/** What text depends on outside of it. */
export interface TextContext {
  readonly stack: StateStack;
  /** Writes what text that is drawn now depends on. */
  beforeText(): void;
  writeLeading(): void;
}

/**
 * Writes text objects (ISO 32000-2, 9.4). Joins adjacent text objects and texts, and drops what shows nothing. Text
 * objects begin in the output with their first text and end with the first operation that they may not contain.
 */
export class TextWriter {
  readonly #output: MinimalOutput;
  readonly #context: TextContext;
  readonly #line = new TextLine();
  #isInside = false;
  #isOpen = false;
  /** Whether the last movement was only `T*`. */
  #isNextLine = false;
  /** Strings and adjustments that are not written yet. */
  #held: (string | number)[] = [];
  #heldLength = 0;
  /** Error of rounded adjustments since the last movement, in text space before horizontal scaling. */
  #drift = 0;

  constructor(output: MinimalOutput, context: TextContext) {
    this.#output = output;
    this.#context = context;
  }

  get isInside(): boolean {
    return this.#isInside;
  }

  begin(): void {
    if (this.#isInside) throw new NotUnderstood('a text object in a text object');
    if (this.#isOpen && this.#clips()) this.close();
    this.#isInside = true;
    this.#line.begin(this.#isOpen);
    this.#isNextLine = false;
  }

  end(): void {
    this.#checkInside();
    this.flush();
    this.#isInside = false;
  }

  /** Begins the text object in the output, because an operation that must be in it follows. */
  open(): void {
    if (this.#isOpen) return;
    this.#output.addEffect('BT');
    this.#line.open();
    this.#isOpen = true;
  }

  /** Writes held text, and ends the text object in the output if the content has ended it. */
  close(): void {
    this.flush();
    if (this.#isInside || !this.#isOpen) return;
    this.#output.addEffect('ET');
    this.#isOpen = false;
  }

  setMatrix(operation: Operation): void {
    this.#checkInside();
    const matrix = affineOf(numbersOf(operation, 6).map(({ value }) => value));
    this.flush();
    this.#line.set(matrix);
    this.#isNextLine = false;
  }

  /** `Td`, and `TD` except for the leading. */
  move(operation: Operation): void {
    this.#checkInside();
    const [right, up] = numbersOf(operation, 2);
    this.flush();
    this.#line.moveBy(right?.value ?? 0, up?.value ?? 0);
    this.#isNextLine = false;
  }

  nextLine(): void {
    this.#checkInside();
    this.flush();
    const leading = distanceOf(this.#context.stack.state.leading);
    if (leading === undefined) this.#advance();
    else {
      this.#isNextLine = !this.#line.isMoved;
      this.#line.moveBy(0, -leading);
    }
  }

  /** Shows a string operand. */
  showString(operation: Operation, index: number): void {
    const token = operation.token(index);
    // A token that begins with a parenthesis is a whole string.
    const text = token.startsWith('(') ? literalText(token) : readItem(operation.lexer(index));
    if (typeof text !== 'string') throw new NotUnderstood('text that is not a string');
    this.#show([text]);
  }

  showArray(operation: Operation): void {
    checkCount(operation, 1);
    const lexer = operation.lexer(0);
    if (lexer.next() !== Token.ArrayOpen) throw new NotUnderstood('an operand that is not an array');
    const items: (string | number)[] = [];
    for (let item = readItem(lexer); item !== undefined; item = readItem(lexer)) items.push(item);
    if (lexer.next() !== Token.End) throw new NotUnderstood('an array in an array');
    this.#show(items);
  }

  /** Writes held text. */
  flush(): void {
    if (this.#heldLength === 0) return;
    // What is written before the text flushes too, so nothing may be held any more.
    const held = this.#held;
    this.#held = [];
    this.#heldLength = 0;
    this.#context.beforeText();
    this.open();
    if (this.#line.isMoved) this.#place();
    const parts = this.#joined(held);
    const [only] = parts;
    if (parts.length === 1 && typeof only === 'string' && only.startsWith('(')) this.#output.addEffect(`${only}Tj`);
    else if (parts.length > 0) this.#output.addEffect(`[${parts.join('')}]TJ`);
  }

  #place(): void {
    const { state, space } = this.#context.stack;
    if (this.#isNextLine) this.#context.writeLeading();
    this.#output.addState(this.#line.place(space, distanceOf(state.parameters.TL)));
    this.#isNextLine = false;
    this.#drift = 0;
  }

  /** `T*` with a leading that the caller of the content has set. */
  #advance(): void {
    this.open();
    if (this.#line.isMoved) this.#place();
    this.#output.addState('T*');
    this.#line.advance();
    this.#drift = 0;
  }

  #show(items: readonly (string | number)[]): void {
    this.#checkInside();
    for (const item of items) {
      if (item === '' || item === 0) continue;
      this.#held.push(item);
      this.#heldLength += typeof item === 'string' ? item.length : 1;
    }
    if (this.#heldLength > MAX_HELD) this.flush();
  }

  /** Joins adjacent strings and adjacent adjustments, and rounds adjustments so that their errors do not add up. */
  #joined(held: readonly (string | number)[]): string[] {
    const unit = ADJUSTMENT * Math.abs(this.#context.stack.state.fontSize ?? 0);
    const decimals = this.#adjustmentDecimals(unit);
    const parts: string[] = [];
    let [text, adjustment] = ['', 0];
    const endText = (): void => {
      if (text !== '') parts.push(latin1Token(text));
      text = '';
    };
    const endAdjustment = (): void => {
      const exact = adjustment - (unit === 0 ? 0 : this.#drift / unit);
      const rounded = roundedValue(exact, decimals) ?? roundedValue(exact, 6);
      adjustment = 0;
      if (!rounded) throw new NotUnderstood('an adjustment that is too large');
      this.#drift = (rounded.value - exact) * unit;
      if (rounded.value === 0) return;
      endText();
      parts.push(rounded.token);
    };
    for (const item of held) {
      if (typeof item === 'number') adjustment += item;
      else {
        if (adjustment !== 0) endAdjustment();
        text += item;
      }
    }
    if (adjustment !== 0) endAdjustment();
    endText();
    return parts;
  }

  #adjustmentDecimals(unit: number): number {
    const { state, space } = this.#context.stack;
    if (state.stretch === undefined) return Infinity;
    const points = unit * Math.max(1, Math.abs(state.stretch)) * largestLength(this.#line.matrix) * space.points;
    return decimalsFor(points);
  }

  #clips(): boolean {
    const mode = Number(this.#context.stack.state.parameters.Tr?.slice(0, -' Tr'.length) ?? 0);
    return mode >= FIRST_CLIPPING_MODE;
  }

  #checkInside(): void {
    if (!this.#isInside) throw new NotUnderstood('text outside of a text object');
  }
}

/** Reads a string as Latin-1 text, or a number. Returns undefined at the end of an array. */
function readItem(lexer: Lexer): string | number | undefined {
  const token = lexer.next();
  if (token === Token.LiteralString) return literalText(lexer.text());
  if (token === Token.HexString) return hexBytes(Buffer.from(lexer.text(), 'latin1')).toString('latin1');
  if (token === Token.Integer) return lexer.integer;
  if (token === Token.Real) return exactNumber(lexer.text()).value;
  if (token === Token.ArrayClose) return undefined;
  throw new NotUnderstood('text that is neither a string nor a number');
}

function literalText(token: string): string {
  const isPlain = token.endsWith(')') && !token.includes('\\') && !token.includes('\r');
  return isPlain ? token.slice(1, -1) : literalBytes(Buffer.from(token, 'latin1')).toString('latin1');
}

/** The leading of a `TL` operation. */
function distanceOf(operation: string | undefined): number | undefined {
  return operation === undefined ? undefined : Number(operation.slice(0, -' TL'.length));
}
