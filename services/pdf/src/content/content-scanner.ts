import { Token, Lexer } from '../syntax/lexer.js';
import { InlineData } from './inline-data.js';
import type { InlineImage } from './inline-data.js';
import { Operation } from './operation.js';
import { operatorAt, prefixEnd } from './operators.js';

/** Maximum size in bytes of an operation whose operands are kept. */
const MAX_OPERATION = 1024 * 1024;
/** A token this close to the end of the buffer may continue after it. */
const MARGIN = 3;
const [LF, CR, PERCENT] = [0x0a, 0x0d, 0x25];

/** Receives the contents of a content stream in order. */
export interface ContentHandler {
  operation(operation: Operation): void;
  /** Called after the end of an inline image. */
  inlineImage(image: InlineImage): void;
  /** Receives bytes outside operations: inline image data and the remainder. They are valid during the call. */
  passed?(bytes: Buffer): void;
  /** Called when bytes are skipped or split, because they are not operators and operands. */
  malformed?(): void;
  /** Called when the rest of the content cannot be read. It is only passed on. */
  lost(): void;
}

/**
 * Finds the operations of a content stream (ISO 32000-2, 7.8.2) that arrives in pieces. Never throws and skips
 * malformed content as viewers do. Memory is bounded by the longest operation, at most 1 MiB.
 */
export class ContentScanner {
  readonly #handler: ContentHandler;
  readonly #operation = new Operation();
  readonly #waiting: Buffer[] = [];
  #waitingBytes = 0;
  /** Bytes that were received and not handled yet. */
  #buffer: Buffer = Buffer.alloc(0);
  #from = 0;
  #inImage = false;
  #data: InlineData | undefined;
  #isLost = false;

  constructor(handler: ContentHandler) {
    this.#handler = handler;
  }

  /** Scans a piece, which must stay valid until `end`. */
  push(piece: Buffer): void {
    if (this.#isLost) {
      this.#handler.passed?.(piece);
      return;
    }
    this.#waiting.push(piece);
    this.#waitingBytes += piece.length;
    // An unfinished operation is scanned again only after its size doubled, so the total work is linear.
    if (this.#waitingBytes >= this.#buffer.length - this.#from) this.#read(false);
  }

  /** Ends the content. */
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

  /** Returns false if more bytes are needed. */
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
      else if (token === Token.ArrayClose || token === Token.DictClose) this.#close(lexer.pos);
      else if (token !== Token.Keyword) operation.add(lexer.start, lexer.pos);
      else if (!operation.isOpen && this.#keyword(lexer)) return true;
    }
  }

  #close(end: number): void {
    if (!this.#operation.isOpen) this.#handler.malformed?.();
    this.#operation.close(end);
  }

  /** Handles an operator. Returns false if the keyword is not an operator. */
  #keyword(lexer: Lexer): boolean {
    const { start, pos } = lexer;
    let operator = operatorAt(this.#buffer, start, pos);
    if (operator === undefined) {
      if (lexer.is('true') || lexer.is('false') || lexer.is('null')) {
        this.#operation.add(start, pos);
        return false;
      }
      this.#handler.malformed?.();
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

  /** Waits for the rest of the operation. A too long operation loses its operands, as one with too many does. */
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
