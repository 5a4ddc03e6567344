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

/** An indirect object found by scanning the file. */
interface Finding {
  readonly num: SourceObjectNumber;
  readonly gen: number;
  readonly offset: number;
  /** Offset after the object, including the data of a stream. */
  readonly end: number;
  /** The dictionary of a stream, read before references can be resolved. */
  readonly stream: PdfDict | undefined;
}

/** The objects and trailers found by scanning, in file order. */
export interface Findings {
  readonly objects: readonly Finding[];
  /** Trailer dictionaries with a catalog, including those of cross-reference streams. */
  readonly trailers: readonly PdfDict[];
  /** Whether trailers exist but none names a catalog. Such a file never was a complete document. */
  readonly namesNoCatalog: boolean;
}

const OBJ = Buffer.from('obj');
const TRAILER = Buffer.from('trailer');
const ROOM_BEFORE = 32;
const TRAILER_ROOM = 16 * 1024;

/** Scans a file for objects and trailers from start to end. Skips the data of streams. */
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

/** Offset of the object whose `obj` was found. Undefined if two numbers do not precede it. */
function beginning(source: ByteSource, at: number): number | undefined {
  const from = Math.max(0, at - ROOM_BEFORE);
  const before = source.window(from, at - from).toString('latin1', 0, at - from);
  const numbers = /\d{1,10}[\s\0]+\d{1,5}[\s\0]*$/.exec(before);
  return numbers ? from + numbers.index : undefined;
}

/** The dictionary of a stream, and the offset after the object. */
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
      // A truncated dictionary may have lost its /Root.
      const isWhole = lexer.buffer.toString('latin1', lexer.pos - 2, lexer.pos) === '>>';
      if (dict instanceof PdfDict && (isWhole || dict.has('Root'))) trailers.push(dict);
      // Continues after the dictionary, so that unterminated strings and comments are not read again from each trailer
      // in them.
      end = at + lexer.pos;
    }
    at = find(source, TRAILER, end);
  }
  return trailers;
}
