import { hexValue } from './characters.js';

const ESCAPES: Readonly<Record<number, number>> = { 0x6e: 0x0a, 0x72: 0x0d, 0x74: 0x09, 0x62: 0x08, 0x66: 0x0c };
const [LF, CR, CLOSE, BACKSLASH] = [0x0a, 0x0d, 0x29, 0x5c];

/** The bytes of a literal string (ISO 32000-2, 7.3.4.2), given with its parentheses. */
export function literalBytes(token: Buffer): Buffer {
  const end = token[token.length - 1] === CLOSE ? token.length - 1 : token.length;
  const inner = token.subarray(1, end);
  if (!inner.includes(BACKSLASH) && !inner.includes(CR)) return Buffer.from(inner);
  const bytes = Buffer.allocUnsafe(inner.length);
  let size = 0;
  for (let at = 0; at < inner.length; at++) {
    const byte = inner[at] ?? 0;
    if (byte === BACKSLASH) {
      const { value, length } = escape(inner, at + 1);
      at += length;
      if (value !== undefined) bytes[size++] = value;
    } else if (byte === CR) {
      if (inner[at + 1] === LF) at++;
      bytes[size++] = LF;
    } else bytes[size++] = byte;
  }
  return bytes.subarray(0, size);
}

/** The byte of an escape sequence (table 3). No value for an escaped end of line. */
function escape(inner: Buffer, at: number): { value: number | undefined; length: number } {
  const byte = inner[at];
  if (byte === undefined) return { value: undefined, length: 0 };
  if (byte === CR) return { value: undefined, length: inner[at + 1] === LF ? 2 : 1 };
  if (byte === LF) return { value: undefined, length: 1 };
  if (byte < 0x30 || byte > 0x37) return { value: ESCAPES[byte] ?? byte, length: 1 };
  let [value, length] = [0, 0];
  for (; length < 3; length++) {
    const digit = inner[at + length];
    if (digit === undefined || digit < 0x30 || digit > 0x37) break;
    value = value * 8 + digit - 0x30;
  }
  return { value: value & 0xff, length };
}

/** The bytes of a hexadecimal string (7.3.4.3), given with its angle brackets. Skips other characters. */
export function hexBytes(token: Buffer): Buffer {
  const bytes = Buffer.allocUnsafe(token.length >> 1);
  let [size, high] = [0, -1];
  for (const byte of token) {
    const value = hexValue(byte);
    if (value < 0) continue;
    if (high < 0) high = value;
    else {
      bytes[size++] = high * 16 + value;
      high = -1;
    }
  }
  if (high >= 0) bytes[size++] = high * 16;
  return bytes.subarray(0, size);
}

/** Characters that a literal string escapes. */
const ESCAPED = /[\\()\r]/;

/**
 * Writes a string as a literal, which is never longer than hexadecimal. It escapes three characters, and CR, which
 * readers would convert to LF.
 */
export function stringToken(bytes: Buffer): string {
  return latin1Token(bytes.toString('latin1'));
}

/** Like `stringToken`, for bytes as Latin-1 text. */
export function latin1Token(text: string): string {
  if (!ESCAPED.test(text)) return `(${text})`;
  return `(${text.replace(/[\\()]/g, String.raw`\$&`).replaceAll('\r', String.raw`\r`)})`;
}

/**
 * Represents a number sign without two hexadecimal digits after it. Readers disagree on such names, so they must be
 * written unchanged. Its low byte is a number sign.
 */
const STRAY_SIGN = '\u0123';

/** Decodes `#xx` in a name (7.3.5), given without its solidus. A `#` that escapes nothing becomes `STRAY_SIGN`. */
export function nameText(token: string): string {
  if (!token.includes('#')) return token;
  return token.replace(/#([0-9a-fA-F]{2})?/g, (_escape, digits: string | undefined) =>
    digits === undefined ? STRAY_SIGN : String.fromCharCode(parseInt(digits, 16)),
  );
}

/** Writes a name as a token with its solidus. */
export function nameToken(value: string): string {
  if (/^[!"$&'*-.0-;=?-Z\\^-z|~]*$/.test(value)) return `/${value}`;
  let token = '/';
  for (const [at, character] of Array.from(value).entries()) {
    // Two digits after a stray sign would be read as an escape.
    const misleads = value[at - 1] === STRAY_SIGN && /^[0-9a-fA-F]{2}/.test(value.slice(at, at + 2));
    token += character === STRAY_SIGN ? '#' : misleads ? hexEscape(character) : escaped(character);
  }
  return token;
}

function escaped(character: string): string {
  const isRegular = character > ' ' && character < '\x7f' && !'#()<>[]{}/%'.includes(character);
  return isRegular ? character : hexEscape(character);
}

function hexEscape(character: string): string {
  const byte = character.charCodeAt(0) & 0xff;
  return `#${byte.toString(16).padStart(2, '0')}`;
}
