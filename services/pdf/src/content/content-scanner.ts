import { Token, Lexer } from '../syntax/lexer.js';
import { InlineData } from './inline-data.js';
import type { InlineImage } from './inline-data.js';
import { Operation } from './operation.js';
import { operatorAt, prefixEnd } from './operators.js';

/** Longest operation that is read as one, in bytes: its operands are held while it is read. */
const MAX_OPERATION = 1024 * 1024;
/** A token this near to the end of what was read may go on behind it. */
const MARGIN = 3;
const [LF, CR, PERCENT] = [0x0a, 0x0d, 0x25];

/** Receives what a content stream holds, in its order. */
export interface ContentHandler {
  operation(operation: Operation): void;
  /** An inline image, after its end. */
  inlineImage(image: InlineImage): void;
  /** Bytes that belong to no operation: data of inline images, and what is left over. Valid during the call. */
  passed?(bytes: Buffer): void;
  /** The rest of the content cannot be read: it is only passed on. */
  lost(): void;
}

/**
 * Finds the operations of a content stream (ISO 32000-2, 7.8.2) that comes in pieces. Never throws: malformed content is
 * passed over as viewers do. Memory is bounded by the longest operation, 1 MiB at most.
 */
export class ContentScanner {
  readonly #handler: ContentHandler;
  readonly #operation = new Operation();
  readonly #waiting: Buffer[] = [];
  #waitingBytes = 0;
  /** What was read and not yet handled. */
  #buffer: Buffer = Buffer.alloc(0);
  #from = 0;
  #inImage = false;
  #data: InlineData | undefined;
  #isLost = false;

  constructor(handler: ContentHandler) {
    this.#handler = handler;
  }

  /** Reads on. The piece must stay valid until `end`. */
  push(piece: Buffer): void {
    if (this.#isLost) {
      this.#handler.passed?.(piece);
      return;
    }
    this.#waiting.push(piece);
    this.#waitingBytes += piece.length;
    // An operation that does not end is read again only when twice as much is there: the work stays linear.
    if (this.#waitingBytes >= this.#buffer.length - this.#from) this.#read(false);
  }

  /** The content ends here. */
  end(): void {
    if (!this.#isLost) this.#read(true);
  }

  #read(last: boolean): void {
    const left = this.#buffer.subarray(this.#from);
    const [first] = this.#waiting;
    this.#buffer =
      left.length === 0 && first && this.#waiting.length === 1 ? first : Buffer.concat([left, ...this.#waiting]);
    this.#from = 0;
    this.#waiting.length = 0;
    this.#waitingBytes = 0;
    let more = true;
    while (more && !this.#isLost) more = this.#data ? this.#readData(this.#data, last) : this.#readOperation(last);
  }

  /** False if more is needed. */
  #readData(data: InlineData, last: boolean): boolean {
    const taken = data.read(this.#buffer.subarray(this.#from), last);
    this.#pass(this.#from + taken);
    if (data.isEnded) {
      this.#data = undefined;
      this.#handler.inlineImage(data.image);
      return true;
    }
    if (last) this.#lose();
    return false;
  }

  #readOperation(last: boolean): boolean {
    const lexer = new Lexer(this.#buffer, this.#from);
    const operation = this.#operation;
    operation.clear();
    operation.buffer = this.#buffer;
    for (;;) {
      const token = lexer.next();
      if (!last && lexer.pos > this.#buffer.length - MARGIN) return this.#wait(lexer, token);
      if (token === Token.End) {
        this.#pass(this.#buffer.length);
        return false;
      }
      if (token === Token.ArrayOpen || token === Token.DictOpen) operation.open(lexer.start);
      else if (token === Token.ArrayClose || token === Token.DictClose) operation.close(lexer.pos);
      else if (token !== Token.Keyword) operation.add(lexer.start, lexer.pos);
      else if (!operation.isOpen && this.#keyword(lexer)) return true;
    }
  }

  /** True if the keyword is an operator: then the operation is handled. */
  #keyword(lexer: Lexer): boolean {
    const { start, pos } = lexer;
    let operator = operatorAt(this.#buffer, start, pos);
    if (operator === undefined) {
      if (lexer.is('true') || lexer.is('false') || lexer.is('null')) {
        this.#operation.add(start, pos);
        return false;
      }
      const end = prefixEnd(this.#buffer, start, pos);
      if (end !== undefined) {
        lexer.pos = end;
        operator = operatorAt(this.#buffer, start, end);
      }
    }
    if (operator === undefined) this.#operation.clear();
    else this.#handle(operator, lexer.pos);
    return operator !== undefined;
  }

  #handle(operator: string, end: number): void {
    const operation = this.#operation;
    operation.operator = operator;
    operation.start = this.#from;
    operation.end = end;
    this.#handler.operation(operation);
    this.#from = end;
    if (operator === 'ID' && this.#inImage) this.#data = new InlineData(operation.dict());
    this.#inImage = operator === 'BI';
  }

  /** More is needed to read the operation. One that is too long loses its operands, as too many operands do. */
  #wait(lexer: Lexer, token: Token): false {
    const { length } = this.#buffer;
    if (length - this.#from <= MAX_OPERATION) return false;
    const isSplit = token === Token.LiteralString || token === Token.HexString || this.#isInComment(lexer, token);
    if (isSplit) this.#lose();
    else this.#pass(lexer.start);
    return false;
  }

  #isInComment({ buffer }: Lexer, token: Token): boolean {
    if (token !== Token.End) return false;
    return buffer.lastIndexOf(PERCENT) > Math.max(buffer.lastIndexOf(LF), buffer.lastIndexOf(CR));
  }

  #pass(to: number): void {
    if (to > this.#from) this.#handler.passed?.(this.#buffer.subarray(this.#from, to));
    this.#from = to;
  }

  #lose(): void {
    this.#isLost = true;
    this.#handler.lost();
    this.#pass(this.#buffer.length);
  }
}
