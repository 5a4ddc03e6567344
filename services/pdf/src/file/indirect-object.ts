import { MAX_OBJECT_BYTES } from '../limits.js';
import { Lexer, Token } from '../syntax/lexer.js';
import type { PdfObject } from '../syntax/objects.js';
import { parseObject } from '../syntax/parser.js';
import { scanObject } from '../syntax/scanner.js';
import type { ByteSource } from './byte-source.js';
import { sourceNumber } from '../syntax/object-numbers.js';
import type { SourceObjectNumber } from '../syntax/object-numbers.js';

/** An indirect object as unparsed bytes (ISO 32000-2, 7.3.10). */
export interface RawObject {
  readonly num: SourceObjectNumber;
  readonly gen: number;
  /** Contains the object from `start` to `end`. Do not change it. */
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
  /**
   * The tokens that change when the object is copied, see `Fixup`. Undefined if the object is malformed and must be
   * parsed.
   */
  readonly fixups: readonly number[] | undefined;
  /** Offset in the file of a stream's data. Undefined for other objects. */
  readonly dataOffset: number | undefined;
  /** Whether the object is in an object stream, in which strings are not encrypted one by one (7.5.7). */
  readonly compressed: boolean;
}

const FIRST_WINDOW = 16 * 1024;
const KEYWORD_ROOM = 64;

/** Reads the indirect object that begins at an offset. Returns undefined if none begins there. */
export function readIndirect(source: ByteSource, offset: number): RawObject | undefined {
  if (offset < 0 || offset >= source.length) return undefined;
  for (let size = FIRST_WINDOW; ; size *= 8) {
    const view = source.window(offset, size);
    const whole = offset + view.length >= source.length;
    const lexer = new Lexer(view, 0);
    const header = readHeader(lexer);
    if (!header) return undefined;
    const raw = readBody(source, lexer, header, offset);
    // An object that ends near the end of the window may continue after it.
    if (whole || lexer.pos < view.length - KEYWORD_ROOM || size > MAX_OBJECT_BYTES) return raw;
  }
}

interface Header {
  readonly num: SourceObjectNumber;
  readonly gen: number;
}

function readHeader(lexer: Lexer): Header | undefined {
  if (lexer.next() !== Token.Integer) return undefined;
  const num = sourceNumber(lexer.integer);
  if (lexer.next() !== Token.Integer) return undefined;
  const gen = lexer.integer;
  if (lexer.next() !== Token.Keyword) return undefined;
  if (!lexer.is('obj')) {
    // Some writers omit the space after the keyword.
    if (!lexer.text().startsWith('obj')) return undefined;
    lexer.pos = lexer.start + 3;
  }
  return { num, gen };
}

function readBody(source: ByteSource, lexer: Lexer, { num, gen }: Header, offset: number): RawObject {
  const begun = lexer.pos;
  const scanned = scanObject(lexer);
  let stream = scanned?.stream ?? false;
  const start = scanned?.start ?? begun;
  let end = scanned?.end ?? begun;
  if (!scanned) {
    lexer.pos = begun;
    parseObject(lexer);
    end = lexer.pos;
    stream = lexer.next() === Token.Keyword && lexer.is('stream');
  }
  const dataOffset = stream ? offset + afterKeyword(lexer) : undefined;
  const kept = source.own(lexer.buffer.subarray(0, end));
  return { num, gen, bytes: kept, start, end, fixups: scanned?.fixups, dataOffset, compressed: false };
}

/** The line of the keyword ends with LF or CR LF (7.3.8.1). Some writers use CR only, or add spaces. */
function afterKeyword({ buffer, pos }: Lexer): number {
  let at = pos;
  while (buffer[at] === 0x20) at++;
  if (buffer[at] === 0x0d) return buffer[at + 1] === 0x0a ? at + 2 : at + 1;
  return buffer[at] === 0x0a ? at + 1 : pos;
}

/** Parses the object. Returns the dictionary of a stream. */
export function parseRaw(raw: RawObject): PdfObject {
  return parseObject(new Lexer(raw.bytes, raw.start, raw.end));
}
