import { MAX_OBJECTS } from '../limits.js';
import { Lexer, Token } from '../syntax/lexer.js';
import { isInteger } from '../syntax/objects.js';
import type { PdfDict, PdfObject } from '../syntax/objects.js';
import { parseObject } from '../syntax/parser.js';
import { scanObject } from '../syntax/scanner.js';
import type { RawObject } from './indirect-object.js';
import type { SourceObjectNumber } from '../syntax/object-numbers.js';
import { sourceNumber } from '../syntax/object-numbers.js';

/** The objects of one object stream (ISO 32000-2, 7.5.7), by number. */
export class ObjectStream {
  readonly #bytes: Buffer;
  /** Number, then where the object begins and ends. */
  readonly #places = new Map<SourceObjectNumber, readonly [start: number, end: number]>();

  /** Takes the stream's dictionary, /N and /First direct, and its decoded bytes. What the header lacks is not there. */
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

  /** The value of the object of that number; undefined where it is not in here. */
  parse(num: SourceObjectNumber): PdfObject | undefined {
    const place = this.#places.get(num);
    return place && parseObject(new Lexer(this.#bytes, ...place));
  }

  /** The object of that number, not parsed; undefined where it is not in here. */
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

/** Pairs of number and offset. */
function readHeader(lexer: Lexer, count: number): [num: SourceObjectNumber, offset: number][] {
  const pairs: [num: SourceObjectNumber, offset: number][] = [];
  while (pairs.length < count && lexer.next() === Token.Integer) {
    const num = sourceNumber(lexer.integer);
    if (lexer.next() !== Token.Integer || lexer.integer < 0) break;
    pairs.push([num, lexer.integer]);
  }
  return pairs;
}
