import { DecodingBudget } from '../filters/budget.js';
import { MAX_OBJECTS, MAX_OBJECT_NUMBER } from '../limits.js';
import { Lexer, Token } from '../syntax/lexer.js';
import { PdfDict, isInteger } from '../syntax/objects.js';
import { parseObject } from '../syntax/parser.js';
import type { ByteSource } from './byte-source.js';
import { tooManyObjects } from './xref.js';
import type { Xref, XrefEntry } from './xref.js';
import { readXrefStream } from './xref-stream.js';
import type { SourceObjectNumber } from '../syntax/object-numbers.js';
import { sourceNumber } from '../syntax/object-numbers.js';

/**
 * Bytes before the end of the file that are searched for `startxref`, and bytes after its start that are searched for
 * the header.
 */
const TAIL = 2048;
const HEAD = 1024;
const TRAILER_ROOM = 64 * 1024;
const FREE: XrefEntry = { kind: 'free' };
/** A row has 20 bytes. Some writers use fewer or more. */
const MIN_ROW_BYTES = 18;
const MAX_ROW_BYTES = 22;

/**
 * Reads the cross-reference from `startxref` through /Prev and /XRefStm (ISO 32000-2, 7.5.4 to 7.5.8), including
 * streams and hybrids. Newer sections take precedence. Returns undefined if it cannot be read; the file is scanned
 * then. Throws the errors of `readXrefStream`, and `upload_too_large` for too many objects.
 */
export function readXref(source: ByteSource): Xref | undefined {
  const start = findStart(source);
  if (start === undefined) return undefined;
  const header = findHeader(source);
  for (const shift of header > 0 ? [0, header] : [0]) {
    const xref = new XrefReader(source, shift).read(start);
    if (xref?.trailer.has('Root')) return xref;
  }
  return undefined;
}

/** Number of bytes before `%PDF-`. Offsets may count from the header. */
function findHeader(source: ByteSource): number {
  return Math.max(0, source.window(0, HEAD).subarray(0, HEAD).indexOf('%PDF-'));
}

function findStart(source: ByteSource): number | undefined {
  const from = Math.max(0, source.length - TAIL);
  const tail = source.window(from, TAIL);
  const at = tail.lastIndexOf('startxref');
  if (at < 0) return undefined;
  const lexer = new Lexer(tail, at + 'startxref'.length);
  return lexer.next() === Token.Integer ? lexer.integer : undefined;
}

class XrefReader {
  readonly #source: ByteSource;
  readonly #shift: number;
  readonly #entries = new Map<SourceObjectNumber, XrefEntry>();
  readonly #trailer = new PdfDict();
  readonly #budget = new DecodingBudget();

  constructor(source: ByteSource, shift: number) {
    this.#source = source;
    this.#shift = shift;
  }

  read(start: number): Xref | undefined {
    const [seen, left] = [new Set<number>(), [start]];
    for (let offset = left.pop(); offset !== undefined; offset = left.pop()) {
      if (seen.has(offset)) continue;
      seen.add(offset);
      const dict = this.#section(offset + this.#shift);
      if (!dict) return undefined;
      for (const [key, value] of dict) if (!this.#trailer.has(key)) this.#trailer.set(key, value);
      // In a hybrid file the stream comes second (7.5.8.4). The key pushed last is read first.
      for (const key of ['Prev', 'XRefStm']) {
        const next = dict.get(key);
        // Some writers use a /Prev of 0 for none.
        if (isInteger(next) && next !== 0) left.push(next);
      }
    }
    return { entries: this.#entries, trailer: this.#trailer };
  }

  /** Reads one section and returns its trailer dictionary. */
  #section(offset: number): PdfDict | undefined {
    if (offset < 0 || offset >= this.#source.length) return undefined;
    const lexer = new Lexer(this.#source.window(offset, HEAD), 0);
    if (lexer.next() === Token.Keyword && lexer.is('xref')) return this.#table(offset + lexer.pos);
    return readXrefStream(this.#source, offset, this.#shift, this.#budget, (num, entry) => {
      this.#add(num, entry);
    });
  }

  /** Reads a table (7.5.4): subsections, then the trailer. */
  #table(from: number): PdfDict | undefined {
    for (let offset = from; ;) {
      const lexer = new Lexer(this.#source.window(offset, TRAILER_ROOM), 0);
      const token = lexer.next();
      if (token === Token.Keyword && lexer.is('trailer')) {
        const dict = parseObject(lexer);
        return dict instanceof PdfDict ? dict : undefined;
      }
      const first = lexer.integer;
      if (token !== Token.Integer || lexer.next() !== Token.Integer) return undefined;
      const count = lexer.integer;
      const next = this.#rows(offset + lexer.pos, first, count);
      if (next === undefined) return undefined;
      offset = next;
    }
  }

  /** Reads the rows of a subsection. Returns the offset after them. */
  #rows(offset: number, first: number, count: number): number | undefined {
    const room = this.#source.length - offset;
    if (Math.min(first, count) < 0 || count > MAX_OBJECTS || count * MIN_ROW_BYTES > room) return undefined;
    const lexer = new Lexer(this.#source.window(offset, count * MAX_ROW_BYTES + HEAD), 0);
    let shift = 0;
    for (let at = 0; at < count; at++) {
      const before = lexer.pos;
      const row = readRow(lexer);
      // The trailer begins early if there are fewer rows than announced.
      if (row === 'trailer') return offset + before;
      if (!row) return undefined;
      if (at === 0 && first === 1 && isListHead(row)) shift = 1;
      this.#add(sourceNumber(first + at - shift), row.used ? entryOf(row, this.#shift) : FREE);
    }
    return offset + lexer.pos;
  }

  #add(num: SourceObjectNumber, entry: XrefEntry): void {
    if (num > MAX_OBJECT_NUMBER || this.#entries.has(num)) return;
    if (this.#entries.size >= MAX_OBJECTS) throw tooManyObjects();
    this.#entries.set(num, entry);
  }
}

interface Row {
  readonly place: number;
  readonly gen: number;
  readonly used: boolean;
}

/** Reads a row of a table, or the keyword that ends the table. */
function readRow(lexer: Lexer): Row | 'trailer' | undefined {
  const token = lexer.next();
  if (token !== Token.Integer) return token === Token.Keyword && lexer.is('trailer') ? 'trailer' : undefined;
  const place = lexer.integer;
  if (lexer.next() !== Token.Integer) return undefined;
  const gen = lexer.integer;
  return lexer.next() === Token.Keyword ? { place, gen, used: lexer.is('n') } : undefined;
}

/** Whether a row is the head of the free list, which is object 0 even if a writer counts from 1. */
function isListHead({ place, gen, used }: Row): boolean {
  return !used && place === 0 && gen === 65535;
}

function entryOf({ place, gen }: Row, shift: number): XrefEntry {
  return { kind: 'offset', offset: place + shift, gen };
}
