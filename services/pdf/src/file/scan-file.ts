import { MAX_OBJECTS } from '../limits.js';
import { Lexer } from '../syntax/lexer.js';
import { PdfDict, PdfRef, isInteger, isOfType } from '../syntax/objects.js';
import { parseObject } from '../syntax/parser.js';
import type { ByteSource } from './byte-source.js';
import { parseRaw, readIndirect } from './indirect-object.js';
import type { RawObject } from './indirect-object.js';
import { StreamRanges, find } from './stream-range.js';
import { tooManyObjects } from './xref.js';
import type { SourceObjectNumber } from '../syntax/object-numbers.js';

/** An indirect object that was found by looking through the whole file. */
export interface Finding {
  readonly num: SourceObjectNumber;
  readonly gen: number;
  readonly offset: number;
  /** The offset behind it, and behind a stream's data. */
  readonly end: number;
  /** What is to be known of it before anything can be resolved: the dictionary, if it is a stream. */
  readonly stream: PdfDict | undefined;
}

/** What lies in a file whose cross-reference cannot be used, in the order of the file. */
export interface Findings {
  readonly objects: readonly Finding[];
  /** Trailer dictionaries with a catalog, and those of cross-reference streams. */
  readonly trailers: readonly PdfDict[];
  /** There are trailers, none of which names a catalog: such a file never was a document. */
  readonly namesNoCatalog: boolean;
}

const OBJ = Buffer.from('obj');
const TRAILER = Buffer.from('trailer');
const ROOM_BEFORE = 32;
const TRAILER_ROOM = 16 * 1024;

/** Looks for objects and trailers from the beginning to the end; what lies within a stream's data is neither. */
export function scanFile(source: ByteSource): Findings {
  const objects = scanObjects(source);
  const streams = objects.flatMap(({ stream }) => (isOfType(stream, 'XRef') ? [stream] : []));
  const found = scanTrailers(source, objects);
  const trailers = [...streams, ...found].filter((trailer) => trailer.get('Root') instanceof PdfRef);
  return { objects, trailers, namesNoCatalog: found.length > 0 && trailers.length === 0 };
}

function scanObjects(source: ByteSource): Finding[] {
  const objects: Finding[] = [];
  const ranges = new StreamRanges(source);
  for (let at = find(source, OBJ, 0); at !== undefined;) {
    const offset = beginning(source, at);
    const raw = offset === undefined ? undefined : readIndirect(source, offset);
    if (offset === undefined || !raw) {
      at = find(source, OBJ, at + OBJ.length);
      continue;
    }
    if (objects.length >= MAX_OBJECTS) throw tooManyObjects();
    const { stream, end } = extent(ranges, raw, offset);
    objects.push({ num: raw.num, gen: raw.gen, offset, end, stream });
    at = find(source, OBJ, Math.max(end, at + OBJ.length));
  }
  return objects;
}

/** Where the object begins whose `obj` was found; undefined if no two numbers stand before it. */
function beginning(source: ByteSource, at: number): number | undefined {
  const from = Math.max(0, at - ROOM_BEFORE);
  const before = source.window(from, at - from).toString('latin1', 0, at - from);
  const numbers = /\d{1,10}[\s\0]+\d{1,5}[\s\0]*$/.exec(before);
  return numbers ? from + numbers.index : undefined;
}

/** A stream's dictionary, and the offset behind the object. */
function extent(ranges: StreamRanges, raw: RawObject, offset: number): { stream: PdfDict | undefined; end: number } {
  if (raw.dataOffset === undefined) return { stream: undefined, end: offset + raw.end };
  const dict = parseRaw(raw);
  const stream = dict instanceof PdfDict ? dict : new PdfDict();
  const declared = stream.get('Length');
  const data = ranges.of(raw.dataOffset, isInteger(declared) ? declared : undefined);
  return { stream, end: data.offset + data.length };
}

function scanTrailers(source: ByteSource, objects: readonly Finding[]): PdfDict[] {
  const trailers: PdfDict[] = [];
  let nth = 0;
  for (let at = find(source, TRAILER, 0); at !== undefined;) {
    while ((objects[nth]?.end ?? Infinity) <= at) nth++;
    const around = objects[nth];
    let end = around?.stream && around.offset < at ? around.end : 0;
    if (end === 0) {
      const lexer = new Lexer(source.window(at, TRAILER_ROOM).subarray(0, TRAILER_ROOM), TRAILER.length);
      lexer.skipSpace();
      const dict = parseObject(lexer);
      // One that is cut off says nothing by what it lacks.
      const isWhole = lexer.buffer.toString('latin1', lexer.pos - 2, lexer.pos) === '>>';
      if (dict instanceof PdfDict && (isWhole || dict.has('Root'))) trailers.push(dict);
      // Behind what was read, lest strings and comments without an end be read from each trailer in them.
      end = at + lexer.pos;
    }
    at = find(source, TRAILER, end);
  }
  return trailers;
}
