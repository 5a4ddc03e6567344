import { PdfError } from '../errors.js';
import { MAX_NESTING, MAX_OBJECT_NUMBER } from '../limits.js';
import { Token } from './lexer.js';
import type { Lexer } from './lexer.js';

/** The kinds of tokens that change when an object is copied into another document. */
export const enum Fixup {
  /** A reference, with the object number in `a` and the generation in `b`. */
  Reference,
  /** The value of /StructParent or /StructParents (ISO 32000-2, 14.7.5.4), with the key in the parent tree in `a`. */
  StructParent,
  /** A string, which may be encrypted. */
  String,
}

/** Numbers per fixup in `ScannedObject.fixups`, which are kind, start, end, a and b. */
export const FIXUP_FIELDS = 5;

/** The range of an object and the tokens in it that change. Offsets count from the start of the lexer's buffer. */
export interface ScannedObject {
  readonly start: number;
  readonly end: number;
  /** A flat list with `FIXUP_FIELDS` numbers per fixup, in byte order. */
  readonly fixups: readonly number[];
  /** Whether the object is a dictionary followed by the keyword `stream`. The lexer is after that keyword then. */
  readonly stream: boolean;
}

const STRUCT_PARENT = '/StructParent';
const SMALL_S = 0x73;
/** No reader keeps more digits. Some readers fail on much longer tokens. */
const MAX_NUMBER_LENGTH = 64;

/**
 * Scans an object without parsing it, for fast copying. Returns undefined if the object must be parsed because its
 * brackets do not match, a keyword is misplaced or a number is too long. Throws `corrupt_pdf` for nesting above the
 * limit.
 */
export function scanObject(lexer: Lexer): ScannedObject | undefined {
  return new Scanner(lexer).scan();
}

class Scanner {
  readonly #lexer: Lexer;
  readonly #fixups: number[] = [];
  /** The closing brackets that are expected. */
  readonly #open: Token[] = [];
  /** Offsets and values of the last two integers. A reference is two integers and an R. */
  #integers = 0;
  #firstAt = 0;
  #first = 0;
  #secondAt = 0;
  #second = 0;

  constructor(lexer: Lexer) {
    this.#lexer = lexer;
  }

  scan(): ScannedObject | undefined {
    const lexer = this.#lexer;
    let token = lexer.next();
    const { start } = lexer;
    let end = -1;
    for (let structParent = false; !this.#isEnd(token); token = lexer.next()) {
      if (isNumber(token) && lexer.pos - lexer.start > MAX_NUMBER_LENGTH) return undefined;
      if (token === Token.Integer) this.#integer(structParent);
      else if (!this.#other(token)) return undefined;
      structParent = token === Token.Name && isStructParent(lexer);
      end = lexer.pos;
    }
    if (this.#open.length > 0 || end < 0) return undefined;
    return { start, end, fixups: this.#fixups, stream: token !== Token.End && lexer.is('stream') };
  }

  #isEnd(token: Token): boolean {
    if (token === Token.End) return true;
    const lexer = this.#lexer;
    return token === Token.Keyword && this.#open.length === 0 && (lexer.is('endobj') || lexer.is('stream'));
  }

  #integer(structParent: boolean): void {
    const { start, pos, integer } = this.#lexer;
    if (structParent) this.#fixups.push(Fixup.StructParent, start, pos, integer, 0);
    this.#firstAt = this.#secondAt;
    this.#first = this.#second;
    this.#secondAt = start;
    this.#second = integer;
    this.#integers++;
  }

  /** Returns false for a token that a well-formed object cannot contain. */
  #other(token: Token): boolean {
    const lexer = this.#lexer;
    const enough = this.#integers >= 2;
    this.#integers = 0;
    if (token === Token.Keyword) return enough && lexer.is('R') ? this.#reference() : isConstant(lexer);
    if (token === Token.LiteralString || token === Token.HexString)
      this.#fixups.push(Fixup.String, lexer.start, lexer.pos, 0, 0);
    return this.#bracket(token);
  }

  #bracket(token: Token): boolean {
    if (token === Token.ArrayClose || token === Token.DictClose) return this.#open.pop() === token;
    if (token === Token.ArrayOpen) this.#open.push(Token.ArrayClose);
    else if (token === Token.DictOpen) this.#open.push(Token.DictClose);
    if (this.#open.length > MAX_NESTING)
      throw new PdfError('corrupt_pdf', `has an object nested deeper than ${MAX_NESTING}`);
    return true;
  }

  #reference(): boolean {
    if (this.#first < 1 || this.#first > MAX_OBJECT_NUMBER) return false;
    // The key is in an indirect object. The integer was the number of that object, not the key.
    if (this.#fixups.at(1 - FIXUP_FIELDS) === this.#firstAt) this.#fixups.length -= FIXUP_FIELDS;
    this.#fixups.push(Fixup.Reference, this.#firstAt, this.#lexer.pos, this.#first, this.#second);
    return true;
  }
}

function isNumber(token: Token): boolean {
  return token === Token.Integer || token === Token.Real;
}

function isConstant(lexer: Lexer): boolean {
  return lexer.is('true') || lexer.is('false') || lexer.is('null');
}

function isStructParent({ buffer, start, pos }: Lexer): boolean {
  const more = pos - start - STRUCT_PARENT.length;
  if (more !== 0 && !(more === 1 && buffer[pos - 1] === SMALL_S)) return false;
  return buffer[start + 1] === 0x53 && buffer.toString('latin1', start, start + STRUCT_PARENT.length) === STRUCT_PARENT;
}
