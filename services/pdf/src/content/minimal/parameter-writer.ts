import type { Operation } from '../operation.js';
import type { GraphicsState } from './graphics-state.js';
import { NotUnderstood, exactNumber, roundedNumber } from './numbers.js';
import { exactOperands, nameOf, numbersOf } from './operands.js';

/** Writes an operation that sets graphics state, after everything that depends on the current state. */
export type WriteState = (text: string | undefined) => void;

/** A colour moves by at most 0.013 of 255 levels. */
const COLOR_DECIMALS = 4;
/** The components of the operators that select a device colour space and a colour in it. */
const DIRECT: Readonly<Record<string, number>> = { g: 1, G: 1, rg: 3, RG: 3, k: 4, K: 4 };
/** Parameters that a graphics state dictionary may set too (8.4.5). */
const SHARED = ['w', 'J', 'j', 'M', 'd', 'i', 'ri', 'Tf'];

type Side = 'fill' | 'stroke';

/** Writes parameters and colours of the graphics state, if they differ from the current ones. */
export class ParameterWriter {
  readonly #write: WriteState;
  /** Colour spaces that are selected, but not written yet, because a colour in them may follow. */
  #selected: Partial<Record<Side, string | undefined>> = {};

  constructor(write: WriteState) {
    this.#write = write;
  }

  /** Sets a parameter to an operation's text. */
  set(state: GraphicsState, key: string, text: string): void {
    if (state.parameters[key] === text) return;
    this.#write(text);
    state.parameters[key] = text;
    if (SHARED.includes(key)) state.parameters.gs = undefined;
  }

  /** `gs` may set any parameter. A soft mask depends on the current matrix. */
  setDictionary(state: GraphicsState, operation: Operation): void {
    const text = `${nameOf(operation)} gs`;
    if (state.parameters.gs === text) return;
    this.#write(text);
    for (const key of SHARED) state.parameters[key] = undefined;
    state.parameters.gs = text;
    state.fontSize = undefined;
  }

  /** Sets a colour or selects a colour space (8.6.8). */
  setColor(state: GraphicsState, operation: Operation): void {
    const { operator } = operation;
    const side = operator === operator.toUpperCase() ? 'stroke' : 'fill';
    const components = DIRECT[operator];
    if (components !== undefined) this.#setDirect(state, side, operation, components);
    else if (operator === 'cs' || operator === 'CS') this.#select(side, `${nameOf(operation)} ${operator}`);
    else this.#setInSpace(state, side, operation);
  }

  /** Writes the colour spaces that are selected. */
  flush(state: GraphicsState): void {
    for (const side of ['fill', 'stroke'] as const) {
      const selected = this.#selected[side];
      if (selected === undefined) continue;
      this.#selected[side] = undefined;
      const { parameters } = state;
      if (parameters[`${side}Space`] === selected && parameters[side] === selected) continue;
      this.#write(selected);
      parameters[`${side}Space`] = selected;
      parameters[side] = selected;
    }
  }

  #setDirect({ parameters }: GraphicsState, side: Side, operation: Operation, components: number): void {
    const colors = numbersOf(operation, components).map((color) => roundedNumber(color, COLOR_DECIMALS).token);
    const text = `${colors.join(' ')} ${operation.operator}`;
    if (this.#selected[side] === undefined && parameters[side] === text) return;
    this.#selected[side] = undefined;
    if (parameters[side] === text) return;
    this.#write(text);
    parameters[side] = text;
    parameters[`${side}Space`] = operation.operator;
  }

  #select(side: Side, text: string): void {
    this.#write(undefined);
    this.#selected[side] = text;
  }

  #setInSpace(state: GraphicsState, side: Side, operation: Operation): void {
    const text = `${exactOperands(operation).map(colorToken).join(' ')} ${operation.operator}`;
    const selected = this.#selected[side];
    if (selected !== undefined && state.parameters[`${side}Space`] === selected) this.#selected[side] = undefined;
    else this.flush(state);
    if (state.parameters[side] === text) return;
    this.#write(text);
    state.parameters[side] = text;
  }
}

function colorToken(token: string): string {
  if (token.startsWith('/')) return token;
  if (!/^[-+.\d]/.test(token)) throw new NotUnderstood('a colour that is not a number');
  return roundedNumber(exactNumber(token), COLOR_DECIMALS).token;
}
