import { isWhiteSpace } from '../syntax/characters.js';
import type { FileRange } from '../syntax/objects.js';
import type { ByteSource } from './byte-source.js';

const ENDSTREAM = Buffer.from('endstream');
const ROOM = 64;
const CHUNK = 256 * 1024;

/** Finds where streams of one file end. */
export class StreamRanges {
  readonly #source: ByteSource;
  /** The last search: from there on the next `endstream` is here. A file without any is searched once. */
  #from = 0;
  #found: number | undefined = -1;

  constructor(source: ByteSource) {
    this.#source = source;
  }

  /**
   * Where a stream's data lies (ISO 32000-2, 7.3.8.2): as long as /Length says if `endstream` follows there, else up to
   * the next `endstream`, else as long as /Length says or the file goes.
   */
  of(dataOffset: number, told: number | undefined): FileRange {
    if (told !== undefined && told >= 0 && this.#endsAt(dataOffset + told)) return { offset: dataOffset, length: told };
    const found = this.#next(dataOffset);
    const limit = Math.max(0, this.#source.length - dataOffset);
    if (found === undefined)
      return { offset: dataOffset, length: Math.min(told !== undefined && told >= 0 ? told : limit, limit) };
    return { offset: dataOffset, length: this.#withoutLineEnd(dataOffset, found) - dataOffset };
  }

  #endsAt(offset: number): boolean {
    if (offset > this.#source.length) return false;
    const view = this.#source.window(offset, ROOM);
    let at = 0;
    while (at < ROOM && isWhiteSpace(view[at])) at++;
    const word = view.toString('latin1', at, at + ENDSTREAM.length);
    return word === 'endstream' || word.startsWith('endobj');
  }

  #next(from: number): number | undefined {
    const known = from >= this.#from && (this.#found === undefined || from <= this.#found);
    if (!known) {
      this.#found = find(this.#source, ENDSTREAM, from);
      this.#from = from;
    }
    return this.#found;
  }

  /** The end-of-line marker before `endstream` is none of the data's. */
  #withoutLineEnd(from: number, end: number): number {
    const size = Math.min(2, end - from);
    const tail = this.#source.window(end - size, size).toString('latin1', 0, size);
    if (tail.endsWith('\r\n')) return end - 2;
    return tail.endsWith('\n') || tail.endsWith('\r') ? end - 1 : end;
  }
}

/** Where bytes are found from an offset on; undefined for nowhere. */
export function find(source: ByteSource, bytes: Buffer, from: number): number | undefined {
  for (let offset = from; offset < source.length;) {
    const view = source.window(offset, CHUNK);
    const at = view.indexOf(bytes);
    if (at >= 0) return offset + at;
    if (offset + view.length >= source.length) return undefined;
    offset += Math.max(1, view.length - bytes.length + 1);
  }
  return undefined;
}
