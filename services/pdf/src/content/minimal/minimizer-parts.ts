import type { Operation } from '../operation.js';
import { MinimalOutput } from './minimal-output.js';
import { NotUnderstood } from './numbers.js';
import { ParameterWriter } from './parameter-writer.js';
import { PathWriter } from './path-writer.js';
import { StateStack } from './state-stack.js';
import type { Placement } from './state-stack.js';
import { TextWriter } from './text-writer.js';
import type { UsedNames } from './used-names.js';

/** Writes an operation. Throws `NotUnderstood` if the content must stay as it is. */
export type OperatorHandler = (parts: MinimizerParts, operation: Operation) => void;

/** What the operators of a content stream work on. */
export class MinimizerParts {
  readonly output = new MinimalOutput();
  readonly stack: StateStack;
  readonly text: TextWriter;
  readonly path = new PathWriter(this.output);
  readonly parameters: ParameterWriter;

  constructor(
    placement: Placement,
    readonly names: UsedNames,
  ) {
    this.stack = new StateStack(placement);
    this.text = new TextWriter(this.output, this);
    this.parameters = new ParameterWriter((text) => {
      this.text.flush();
      if (text !== undefined) this.output.addState(text);
    });
  }

  /** Writes everything that is held back, and ends the text object if the content has ended it. */
  settle(): void {
    this.text.close();
    this.parameters.flush(this.stack.state);
  }

  /** Writes an operation that must stay. */
  draw(text: string): void {
    this.settle();
    this.output.addEffect(text);
  }

  /** Sets a parameter of the graphics state to an operation's text. */
  set(key: string, text: string): void {
    this.checkNoPath();
    this.parameters.set(this.stack.state, key, text);
  }

  /** Writes the leading, which is held back until something may use it. */
  writeLeading(): void {
    const { leading, parameters } = this.stack.state;
    if (leading !== undefined && parameters.TL !== leading) this.set('TL', leading);
  }

  /** Writes what text that is drawn now depends on. */
  beforeText(): void {
    this.parameters.flush(this.stack.state);
  }

  /** Graphics state may not change within a path (figure 9). */
  checkNoPath(): void {
    if (this.path.hasPath) throw new NotUnderstood('graphics state in a path');
  }

  checkOutsideText(): void {
    if (this.text.isInside) throw new NotUnderstood('an operator in a text object');
    this.checkNoPath();
  }
}
