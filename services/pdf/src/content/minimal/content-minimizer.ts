import { nameText } from '../../syntax/strings.js';
import type { ContentHandler } from '../content-scanner.js';
import type { Operation } from '../operation.js';
import { DRAWING_OPERATORS } from './drawing-operators.js';
import { MinimizerParts } from './minimizer-parts.js';
import { NotUnderstood } from './numbers.js';
import { checkCount, exactOperands } from './operands.js';
import { STATE_OPERATORS } from './state-operators.js';
import type { Placement } from './state-stack.js';
import { TEXT_OPERATORS } from './text-operators.js';
import type { UsedNames } from './used-names.js';

const HANDLERS = new Map([...STATE_OPERATORS, ...TEXT_OPERATORS, ...DRAWING_OPERATORS]);
const ONLY_SPACE = /^\s*(?:%[^\r\n]*\s*)*$/;

/**
 * Rewrites a content stream in fewer bytes (ISO 32000-2, 7.8.2). Rounds coordinates that are finer than any output, and
 * drops operations without an effect. Throws `NotUnderstood` for content that must stay as it is.
 */
export class ContentMinimizer implements ContentHandler {
  readonly #parts: MinimizerParts;
  /** The parts of the current inline image. */
  #image: string[] | undefined;

  /** Adds the names of resources that the content uses to `names`. */
  constructor(placement: Placement, names: UsedNames) {
    this.#parts = new MinimizerParts(placement, names);
  }

  /** Number of operations that were not taken. */
  get size(): number {
    return this.#parts.output.size;
  }

  operation(operation: Operation): void {
    if (operation.operator === 'BI') this.#beginImage(operation);
    else if (operation.operator === 'ID') this.#beginImageData(operation);
    else {
      const handler = HANDLERS.get(operation.operator);
      if (!handler || this.#image) throw new NotUnderstood(`the operator ${operation.operator}`);
      handler(this.#parts, operation);
    }
  }

  passed(bytes: Buffer): void {
    if (this.#image) this.#image.push(bytes.toString('latin1'));
    else if (!ONLY_SPACE.test(bytes.toString('latin1'))) throw new NotUnderstood('operands without an operator');
  }

  inlineImage(): void {
    const image = this.#image ?? [];
    this.#image = undefined;
    this.#parts.draw(image.join(''));
  }

  malformed(): void {
    throw new NotUnderstood('malformed content');
  }

  lost(): void {
    throw new NotUnderstood('content that cannot be read');
  }

  /** Returns the bytes written since the last call. */
  take(): Buffer {
    return this.#parts.output.take();
  }

  /** Ends the content, and returns the rest of its bytes. */
  end(): Buffer {
    if (this.#parts.text.isInside || this.#image) throw new NotUnderstood('content that ends too early');
    this.#parts.settle();
    return this.#parts.output.end();
  }

  #beginImage(operation: Operation): void {
    checkCount(operation, 0);
    this.#parts.checkNoPath();
    this.#image = ['BI '];
  }

  /** The dictionary and the data stay byte for byte. */
  #beginImageData(operation: Operation): void {
    if (!this.#image) throw new NotUnderstood('image data without an image');
    const operands = exactOperands(operation);
    for (const [at, token] of operands.entries())
      if (isColorSpaceKey(operands[at - 1])) this.#parts.names.add('ColorSpace', nameText(token.slice(1)));
    this.#image.push(`${operands.join(' ')} ID`);
  }
}

function isColorSpaceKey(token: string | undefined): boolean {
  return token === '/CS' || token === '/ColorSpace';
}
