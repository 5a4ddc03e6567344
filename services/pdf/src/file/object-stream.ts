import { MAX_OBJECTS } from '../limits.js';
import { Lexer, Token } from '../syntax/lexer.js';
import { isInteger } from '../syntax/objects.js';
import type { PdfDict, PdfObject } from '../syntax/objects.js';
import { parseObject } from '../syntax/parser.js';
import { scanObject } from '../syntax/scanner.js';
import type { RawObject } from './indirect-object.js';
import type { SourceObjectNumber } from '../syntax/object-numbers.js';
import { sourceNumber } from '../syntax/object-numbers.js';

/** The objects of an object stream (ISO 32000-2, 7.5.7), by number. */
export class ObjectStream {
  readonly #bytes: Buffer;
  /** The range of each object, by number. */
  readonly #places = new Map<SourceObjectNumber, readonly [start: number, end: number]>();

  /**
   * Takes the stream's decoded bytes and its dictionary with direct /N and /First. Objects missing from the header do
   * not exist.
   */
  constructor(dict: PdfDict, bytes: Buffer) {
    this.#bytes = bytes;
    const [count, first] = [dict.get('N'), dict.get('First')];
    if (!isInteger(count) || !isInteger(first)) return;
    const header = readHeader(new Lexer(bytes, 0, Math.min(first, bytes.length)), Math.min(count, MAX_OBJECTS));
    const offsets = header.map(([, offset]) => first + offset).sort((left, right) => left - right);
    const ends = new Map(offsets.map((offset, at) => [offset, offsets[at + 1] ?? bytes.length]));
    for (const [num, offset] of header) {
      const start = first + offset;
      const end = Math.min(ends.get(start) ?? bytes.length, bytes.length);
      if (start < end && !this.#places.has(num)) this.#places.set(num, [start, end]);
    }
  }

  get size(): number {
    return this.#bytes.length;
  }

  numbers(): Iterable<SourceObjectNumber> {
    return this.#places.keys();
  }

  /** Parses the object with this number. Returns undefined if it is not in this stream. */
  parse(num: SourceObjectNumber): PdfObject | undefined {
    const place = this.#places.get(num);
    return place && parseObject(new Lexer(this.#bytes, ...place));
  }

  /** Returns the object with this number as bytes, or undefined if it is not in this stream. */
  get(num: SourceObjectNumber): RawObject | undefined {
    const place = this.#places.get(num);
    if (!place) return undefined;
    const [from, to] = place;
    const scanned = scanObject(new Lexer(this.#bytes, from, to));
    const common = { num, gen: 0, bytes: this.#bytes, dataOffset: undefined, compressed: true };
    return scanned && !scanned.stream
      ? { ...common, start: scanned.start, end: scanned.end, fixups: scanned.fixups }
      : { ...common, start: from, end: to, fixups: undefined };
  }
}

/** Reads pairs of object number and offset. */
function readHeader(lexer: Lexer, count: number): [num: SourceObjectNumber, offset: number][] {
  const pairs: [num: SourceObjectNumber, offset: number][] = [];
  while (pairs.length < count && lexer.next() === Token.Integer) {
    const num = sourceNumber(lexer.integer);
    if (lexer.next() !== Token.Integer || lexer.integer < 0) break;
    pairs.push([num, lexer.integer]);
  }
  return pairs;
}
