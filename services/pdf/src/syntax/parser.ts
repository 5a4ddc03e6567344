import { PdfError } from '../errors.js';
import { MAX_NESTING, MAX_OBJECT_NUMBER } from '../limits.js';
import { Token } from './lexer.js';
import type { Lexer } from './lexer.js';
import { PdfDict, PdfName, PdfRef, PdfString } from './objects.js';
import type { PdfArray, PdfObject } from './objects.js';
import { hexBytes, literalBytes, nameText } from './strings.js';
import { sourceNumber } from './object-numbers.js';

/** An array or dictionary that is being read. A dictionary's keys and values alternate. */
interface Container {
  readonly dict: boolean;
  readonly items: PdfArray;
}

/** The arrays and dictionaries that are open, the outermost first. */
class OpenContainers {
  readonly #stack: Container[] = [];
  #dicts = 0;

  get innermost(): PdfArray | undefined {
    return this.#stack.at(-1)?.items;
  }

  begin(dict: boolean): void {
    if (this.#stack.length >= MAX_NESTING)
      throw new PdfError('corrupt_pdf', `has an object nested deeper than the limit of ${MAX_NESTING}`);
    this.#stack.push({ dict, items: [] });
    if (dict) this.#dicts += 1;
  }

  /**
   * Closes the innermost array or dictionary and everything open in it. Returns its value, or undefined if none is
   * open.
   */
  end(dict: boolean): PdfObject | undefined {
    if ((dict ? this.#dicts : this.#stack.length - this.#dicts) === 0) return undefined;
    while (this.#stack.at(-1)?.dict !== dict) this.#fold();
    return this.#close();
  }

  /** Closes everything. Returns the outermost value, or null if nothing is open. */
  endAll(): PdfObject {
    let value: PdfObject = null;
    while (this.#stack.length > 0) value = this.#fold();
    return value;
  }

  /** Closes the innermost container and adds it to the one around it. */
  #fold(): PdfObject {
    const value = this.#close();
    this.innermost?.push(value);
    return value;
  }

  #close(): PdfObject {
    const container = this.#stack.pop();
    if (!container) return null;
    if (container.dict) this.#dicts -= 1;
    return valueOf(container);
  }
}

/** Keywords that end an object even if brackets are open. */
const ENDS = new Set(['endobj', 'obj', 'stream', 'endstream', 'xref', 'trailer', 'startxref']);

/**
 * Reads the object at the lexer's next token (ISO 32000-2, 7.3) and leaves the lexer after it. Of a stream it reads the
 * dictionary. As in other readers, missing and misplaced tokens are null, open brackets close with an outer bracket or
 * the object, and stray closing brackets are skipped. Throws `corrupt_pdf` for nesting above the limit.
 */
export function parseObject(lexer: Lexer): PdfObject {
  const open = new OpenContainers();
  for (;;) {
    const begun = lexer.pos;
    const token = lexer.next();
    if (endsObject(lexer, token)) {
      lexer.pos = begun;
      return open.endAll();
    }
    if (token === Token.ArrayOpen || token === Token.DictOpen) {
      open.begin(token === Token.DictOpen);
      continue;
    }
    const closing = isClosing(token);
    const value = closing ? open.end(token === Token.DictClose) : simple(lexer, token);
    if (closing && value === undefined) continue;
    const into = open.innermost;
    if (!into) return value === undefined ? null : withReference(lexer, value);
    if (value === undefined) refer(into);
    else into.push(value);
  }
}

function endsObject(lexer: Lexer, token: Token): boolean {
  return token === Token.End || (token === Token.Keyword && ENDS.has(lexer.text()));
}

function isClosing(token: Token): boolean {
  return token === Token.ArrayClose || token === Token.DictClose;
}

/** The value of a simple token. Undefined for the `R` of a reference. */
function simple(lexer: Lexer, token: Token): PdfObject | undefined {
  switch (token) {
    case Token.Integer:
      return lexer.integer;
    case Token.Real:
      return real(lexer.text());
    case Token.Name:
      return new PdfName(nameText(lexer.text().slice(1)));
    case Token.LiteralString:
      return new PdfString(literalBytes(lexer.buffer.subarray(lexer.start, lexer.pos)));
    case Token.HexString:
      return new PdfString(hexBytes(lexer.buffer.subarray(lexer.start, lexer.pos)));
    case Token.Keyword:
      return keyword(lexer.text());
    case Token.End:
    case Token.ArrayOpen:
    case Token.ArrayClose:
    case Token.DictOpen:
    case Token.DictClose:
      return null;
  }
}

function keyword(text: string): PdfObject | undefined {
  if (text === 'R') return undefined;
  if (text === 'true') return true;
  if (text === 'false') return false;
  return null;
}

/** Reads a malformed real as the first number in the text, or 0. */
function real(text: string): number {
  const plain = Number(text);
  if (Number.isFinite(plain)) return plain;
  const first = Number.parseFloat(text.replace(/^([-+])[-+]+/, '$1'));
  return Number.isFinite(first) ? first : 0;
}

/** Reads a top-level reference, which is two integers and an `R` outside all brackets. */
function withReference(lexer: Lexer, value: PdfObject): PdfObject {
  if (typeof value !== 'number') return value;
  const after = lexer.pos;
  if (lexer.next() === Token.Integer) {
    const gen = lexer.integer;
    if (lexer.next() === Token.Keyword && lexer.is('R')) return reference(value, gen);
  }
  lexer.pos = after;
  return value;
}

/** Replaces the last two items by a reference. */
function refer(items: PdfArray): void {
  const gen = items.pop() ?? null;
  const num = items.pop() ?? null;
  items.push(reference(num, gen));
}

function reference(num: PdfObject, gen: PdfObject): PdfObject {
  if (typeof num !== 'number' || typeof gen !== 'number') return null;
  return num > 0 && num <= MAX_OBJECT_NUMBER && Number.isInteger(num) ? new PdfRef(sourceNumber(num), gen) : null;
}

function valueOf({ dict, items }: Container): PdfObject {
  if (!dict) return items;
  const entries = new PdfDict();
  for (let at = 0; at < items.length;) {
    const key = items[at];
    at++;
    if (!(key instanceof PdfName)) continue;
    entries.set(key.value, items[at] ?? null);
    at++;
  }
  return entries;
}
