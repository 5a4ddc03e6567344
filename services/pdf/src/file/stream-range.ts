import { isWhiteSpace } from '../syntax/characters.js';
import type { FileRange } from '../syntax/objects.js';
import type { ByteSource } from './byte-source.js';

const ENDSTREAM = Buffer.from('endstream');
const ENDOBJ = Buffer.from('endobj');
const ROOM = 64;
/** The index holds the first `endstream` of each block of this size. */
const PART = 4096;

/** Finds the ends of the streams of a file. */
export class StreamRanges {
  readonly #source: ByteSource;
  /** Offsets of the first `endstream` in each block that has one. Built on first use. */
  #ends: readonly number[] | undefined;
  /** Whether a stream did not end at its /Length. */
  guessed = false;

  constructor(source: ByteSource) {
    this.#source = source;
  }

  /**
   * Returns the range of a stream's data (ISO 32000-2, 7.3.8.2). It has the declared length if `endstream` follows.
   * Otherwise it ends at the next `endstream`, or at the declared length or the end of the file.
   */
  of(dataOffset: number, declared: number | undefined): FileRange {
    if (declared !== undefined && declared >= 0 && this.#endsAt(dataOffset + declared))
      return { offset: dataOffset, length: declared };
    this.guessed = true;
    const found = this.#next(dataOffset);
    const limit = Math.max(0, this.#source.length - dataOffset);
    if (found === undefined)
      return {
        offset: dataOffset,
        length: Math.min(declared !== undefined && declared >= 0 ? declared : limit, limit),
      };
    return { offset: dataOffset, length: this.#withoutLineEnd(dataOffset, found) - dataOffset };
  }

  #endsAt(offset: number): boolean {
    if (offset > this.#source.length) return false;
    const view = this.#source.window(offset, ROOM);
    let at = 0;
    while (at < ROOM && isWhiteSpace(view[at])) at++;
    return begins(view, at, ENDSTREAM) || begins(view, at, ENDOBJ);
  }

  /** Finds the next `endstream`. Searches the file once for any number of streams without one. */
  #next(from: number): number | undefined {
    const part = partBehind(from);
    const size = part - from + ENDSTREAM.length - 1;
    const near = this.#source.window(from, size).subarray(0, size).indexOf(ENDSTREAM);
    if (near >= 0) return from + near;
    this.#ends ??= this.#firstEnds();
    let [low, high] = [0, this.#ends.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#ends[middle] ?? part) < part) low = middle + 1;
      else high = middle;
    }
    return this.#ends[low];
  }

  #firstEnds(): number[] {
    const ends: number[] = [];
    for (
      let at = find(this.#source, ENDSTREAM, 0);
      at !== undefined;
      at = find(this.#source, ENDSTREAM, partBehind(at))
    )
      ends.push(at);
    return ends;
  }

  /** Excludes the end-of-line marker before `endstream`. */
  #withoutLineEnd(from: number, end: number): number {
    const size = Math.min(2, end - from);
    const tail = this.#source.window(end - size, size).toString('latin1', 0, size);
    if (tail.endsWith('\r\n')) return end - 2;
    return tail.endsWith('\n') || tail.endsWith('\r') ? end - 1 : end;
  }
}

function begins(view: Buffer, at: number, word: Buffer): boolean {
  return view.length - at >= word.length && view.compare(word, 0, word.length, at, at + word.length) === 0;
}

/** Offset of the block after the one that contains an offset. */
function partBehind(offset: number): number {
  return (Math.floor(offset / PART) + 1) * PART;
}

/** Finds bytes from an offset on. Returns undefined if they do not occur. */
export function find(source: ByteSource, bytes: Buffer, from: number): number | undefined {
  for (let offset = from; offset < source.length;) {
    // The window contains all bytes that the source has in memory.
    const view = source.window(offset, bytes.length);
    const at = view.indexOf(bytes);
    if (at >= 0) return offset + at;
    if (offset + view.length >= source.length) return undefined;
    offset += Math.max(1, view.length - bytes.length + 1);
  }
  return undefined;
}
