/** The class of white space, and of the characters that end a token of PostScript. */
const SPACE = /[\s\0]/;
const DELIMITER = /[\s\0()<>[\]{}/%]/;

/**
 * Reads the tokens of a Type 1 font program. Names keep their solidus. Brackets, braces and strings are tokens of their
 * own, and strings are shortened to "(". Binary data are taken by their length.
 */
export class Type1Tokens {
  at = 0;
  readonly #text: string;

  constructor(readonly bytes: Buffer) {
    this.#text = bytes.toString('latin1');
  }

  /** Returns the next token, or undefined at the end. */
  next(): string | undefined {
    this.#skipSpace();
    const text = this.#text;
    const first = text[this.at];
    if (first === undefined) return undefined;
    const start = this.at++;
    if (first === '(') this.#skipString();
    else if (first === '/' || !DELIMITER.test(first))
      while (this.at < text.length && !DELIMITER.test(text[this.at] ?? '')) this.at++;
    return first === '(' ? first : text.slice(start, this.at);
  }

  /** Moves behind the next occurrence of a text. Returns whether there is one. */
  skipTo(text: string): boolean {
    const found = this.#text.indexOf(text, this.at);
    if (found >= 0) this.at = found + text.length;
    return found >= 0;
  }

  /** Takes binary data after one space. Returns undefined if they are cut off. */
  binary(length: number): Buffer | undefined {
    const start = this.at + 1;
    if (!(length >= 0 && start + length <= this.bytes.length)) return undefined;
    this.at = start + length;
    return this.bytes.subarray(start, this.at);
  }

  /** Reads the numbers of an array or a procedure. Returns undefined if there is another token. */
  numbers(): number[] | undefined {
    const open = this.next();
    if (open !== '[' && open !== '{') return undefined;
    const values: number[] = [];
    for (let token = this.next(); token !== ']' && token !== '}'; token = this.next()) {
      const value = numberOf(token);
      if (value === undefined) return undefined;
      values.push(value);
    }
    return values;
  }

  #skipSpace(): void {
    const text = this.#text;
    for (; this.at < text.length; this.at++) {
      const character = text[this.at] ?? '';
      if (character === '%') while (this.at < text.length && !/[\r\n]/.test(text[this.at] ?? '')) this.at++;
      else if (!SPACE.test(character)) return;
    }
  }

  #skipString(): void {
    for (let depth = 1; depth > 0 && this.at < this.#text.length; this.at++) {
      const character = this.#text[this.at];
      if (character === '\\') this.at++;
      else if (character === '(') depth++;
      else if (character === ')') depth--;
    }
  }
}

/** Returns the value of a number, also with a radix as 8#101. Other tokens have none. */
export function numberOf(token: string | undefined): number | undefined {
  if (token === undefined) return undefined;
  const [, radix, digits] = /^(\d+)#([\dA-Za-z]+)$/.exec(token) ?? [];
  const value = radix && digits ? Number.parseInt(digits, Number(radix)) : /\d/.test(token) ? Number(token) : NaN;
  return Number.isFinite(value) ? value : undefined;
}
