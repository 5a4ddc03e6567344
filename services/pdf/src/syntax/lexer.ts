import { CLASS, REGULAR, WHITE_SPACE, isDigit } from './characters.js';

/** The kind of the current token (ISO 32000-2, 7.2 and 7.3). */
export const enum Token {
  End,
  Integer,
  Real,
  Name,
  LiteralString,
  HexString,
  ArrayOpen,
  ArrayClose,
  DictOpen,
  DictClose,
  Keyword,
}

const [LF, CR, PERCENT, OPEN, CLOSE, BACKSLASH, SOLIDUS] = [0x0a, 0x0d, 0x25, 0x28, 0x29, 0x5c, 0x2f] as const;
const [LESS, GREATER, PLUS, MINUS, DOT] = [0x3c, 0x3e, 0x2b, 0x2d, 0x2e] as const;
/** Integers with more digits are read as reals, because they cannot be object numbers. */
const MAX_DIGITS = 15;
const WHOLE = /^[-+]?\d{1,15}$/;

/**
 * Walks over the tokens of a buffer without building objects. `start` and `pos` are the range of the current token, and
 * `integer` is its value if it is an integer. Never throws. Anything that is not a PDF token is a keyword.
 */
export class Lexer {
  start = 0;
  integer = 0;

  constructor(
    readonly buffer: Buffer,
    public pos: number,
    readonly end = buffer.length,
  ) {}

  /** Advances to the next token. */
  next(): Token {
    const { buffer } = this;
    this.skipSpace();
    this.start = this.pos;
    if (this.pos >= this.end) return Token.End;
    const byte = buffer[this.pos] ?? 0;
    if (byte === SOLIDUS) return this.#regular(this.pos + 1, Token.Name);
    if (isDigit(byte) || byte === MINUS || byte === PLUS || byte === DOT) return this.#number(byte);
    if (CLASS[byte] === REGULAR) return this.#regular(this.pos + 1, Token.Keyword);
    return this.#delimiter(byte);
  }

  /** The bytes of the current token, as Latin-1 text. */
  text(): string {
    return this.buffer.toString('latin1', this.start, this.pos);
  }

  /** Whether the current token is this keyword. */
  is(keyword: string): boolean {
    return this.pos - this.start === keyword.length && this.text() === keyword;
  }

  /** Skips white space and comments (7.2.4). */
  skipSpace(): void {
    const { buffer, end } = this;
    let at = this.pos;
    while (at < end) {
      const byte = buffer[at] ?? 0;
      if (byte === PERCENT) {
        while (at < end && buffer[at] !== LF && buffer[at] !== CR) at++;
      } else if (CLASS[byte] === WHITE_SPACE) at++;
      else break;
    }
    this.pos = at;
  }

  #regular(from: number, token: Token): Token {
    const { buffer, end } = this;
    let at = from;
    while (at < end && CLASS[buffer[at] ?? 0] === REGULAR) at++;
    this.pos = at;
    return token;
  }

  /** 7.3.3. Some writers also produce `--5`, `1.2.3`, `6-2` and `.`. Each of these is one real. */
  #number(first: number): Token {
    const { buffer, end } = this;
    let at = this.pos;
    let value = 0;
    if (first === MINUS || first === PLUS) at++;
    const digits = at;
    for (; at < end; at++) {
      const byte = buffer[at] ?? 0;
      if (!isDigit(byte)) break;
      value = value * 10 + byte - 0x30;
    }
    if (at > digits && at - digits <= MAX_DIGITS && (at >= end || CLASS[buffer[at] ?? 0] !== REGULAR)) {
      this.integer = first === MINUS ? -value : value;
      this.pos = at;
      return Token.Integer;
    }
    return this.#realOrKeyword(at);
  }

  /** A number may touch the keyword after it, as in `0endobj` and `612R`. */
  #realOrKeyword(from: number): Token {
    let at = from;
    while (at < this.end && isNumeric(this.buffer[at])) at++;
    if (at === this.pos) return this.#regular(at + 1, Token.Keyword);
    this.pos = this.#afterExponent(at);
    const text = this.text();
    if (!WHOLE.test(text)) return Token.Real;
    this.integer = Number(text);
    return Token.Integer;
  }

  /** PDF has no exponents, but some writers use them. */
  #afterExponent(from: number): number {
    const { buffer, end } = this;
    const next = buffer[from + 1];
    if (((buffer[from] ?? 0) | 0x20) !== 0x65 || (!isDigit(next) && next !== MINUS)) return from;
    let at = from + 2;
    while (at < end && isDigit(buffer[at])) at++;
    return at;
  }

  #delimiter(byte: number): Token {
    this.pos += 1;
    const next = this.pos < this.end ? this.buffer[this.pos] : undefined;
    switch (byte) {
      case OPEN:
        return this.#literal();
      case LESS:
        if (next !== LESS) return this.#hex();
        this.pos += 1;
        return Token.DictOpen;
      case GREATER:
        if (next !== GREATER) return Token.Keyword;
        this.pos += 1;
        return Token.DictClose;
      case 0x5b:
        return Token.ArrayOpen;
      case 0x5d:
        return Token.ArrayClose;
      default:
        return Token.Keyword;
    }
  }

  /** The string ends at the balancing parenthesis, or at the end of the bytes without one (7.3.4.2). */
  #literal(): Token {
    const { buffer, end } = this;
    let at = this.pos;
    for (let depth = 1; at < end && depth > 0; at++) {
      const byte = buffer[at];
      if (byte === BACKSLASH) at++;
      else if (byte === OPEN) depth++;
      else if (byte === CLOSE) depth--;
    }
    this.pos = Math.min(at, end);
    return Token.LiteralString;
  }

  #hex(): Token {
    const close = this.buffer.subarray(this.pos, this.end).indexOf(GREATER);
    this.pos = close < 0 ? this.end : this.pos + close + 1;
    return Token.HexString;
  }
}

function isNumeric(byte: number | undefined): boolean {
  return isDigit(byte) || byte === DOT || byte === MINUS || byte === PLUS;
}
