import { MAX_FRAMES } from './limits.js';

/** Sizes of a TIFF's fields in bytes: TIFF 6.0, section 2, and BigTIFF. */
interface Layout {
  readonly little: boolean;
  /** Of an offset in the file. */
  readonly offset: 4 | 8;
  /** Of a directory's number of entries. */
  readonly count: 2 | 8;
  readonly entry: 12 | 20;
  /** Where the offset of the first directory lies. */
  readonly first: 4 | 8;
}

const [CLASSIC, BIG] = [42, 43];

interface Directory {
  readonly offset: number;
  /** Where the offset of the next directory lies. */
  readonly next: number;
}

/**
 * The pages of a TIFF, each of which can be made the only one. libtiff finds a page by walking over all directories, so
 * that reading them by their numbers takes time that grows with their square.
 */
export class TiffPages {
  readonly #bytes: Buffer;
  readonly #layout: Layout;
  readonly #directories: readonly Directory[];

  private constructor(bytes: Buffer, layout: Layout, directories: readonly Directory[]) {
    this.#bytes = bytes;
    this.#layout = layout;
    this.#directories = directories;
  }

  /** Reads the chain of directories up to one more than the limit of frames; undefined for a damaged chain. */
  static read(bytes: Buffer): TiffPages | undefined {
    const layout = readLayout(bytes);
    if (!layout) return undefined;
    const directories: Directory[] = [];
    const seen = new Set<number>();
    for (let at = readOffset(bytes, layout, layout.first); at !== 0 && directories.length <= MAX_FRAMES;) {
      const next = at === undefined || seen.has(at) ? undefined : nextField(bytes, layout, at);
      if (at === undefined || next === undefined) return undefined;
      seen.add(at);
      directories.push({ offset: at, next });
      at = readOffset(bytes, layout, next);
    }
    return directories.length === 0 ? undefined : new TiffPages(bytes, layout, directories);
  }

  get count(): number {
    return this.#directories.length;
  }

  /** The file with a page, counted from 0, as its only one. Changes the bytes of the file: they are of one page at a time. */
  only(page: number): Buffer {
    const directory = this.#directories[page];
    if (directory) {
      this.#write(this.#layout.first, directory.offset);
      this.#write(directory.next, 0);
    }
    return this.#bytes;
  }

  #write(at: number, offset: number): void {
    const { little, offset: size } = this.#layout;
    const [low, high] = [offset % 2 ** 32, Math.floor(offset / 2 ** 32)];
    const words = size === 4 ? [low] : little ? [low, high] : [high, low];
    for (const [nth, word] of words.entries()) {
      if (little) this.#bytes.writeUInt32LE(word, at + nth * 4);
      else this.#bytes.writeUInt32BE(word, at + nth * 4);
    }
  }
}

function readLayout(bytes: Buffer): Layout | undefined {
  const order = bytes.toString('latin1', 0, 2);
  if (bytes.length < 16 || (order !== 'II' && order !== 'MM')) return undefined;
  const little = order === 'II';
  const version = little ? bytes.readUInt16LE(2) : bytes.readUInt16BE(2);
  if (version === CLASSIC) return { little, offset: 4, count: 2, entry: 12, first: 4 };
  return version === BIG ? { little, offset: 8, count: 8, entry: 20, first: 8 } : undefined;
}

/** Where the offset of the next directory lies; undefined for a directory that the file does not hold. */
function nextField(bytes: Buffer, layout: Layout, directory: number): number | undefined {
  const count = readNumber(bytes, layout, directory, layout.count);
  if (count === undefined) return undefined;
  const next = directory + layout.count + count * layout.entry;
  return next + layout.offset <= bytes.length ? next : undefined;
}

function readOffset(bytes: Buffer, layout: Layout, at: number): number | undefined {
  return readNumber(bytes, layout, at, layout.offset);
}

/** An unsigned integer; undefined outside of the file. One above 2^53 is not exact, and outside of any file. */
function readNumber(bytes: Buffer, { little }: Layout, at: number, size: 2 | 4 | 8): number | undefined {
  if (at + size > bytes.length) return undefined;
  if (size === 8) return Number(little ? bytes.readBigUInt64LE(at) : bytes.readBigUInt64BE(at));
  return little ? bytes.readUIntLE(at, size) : bytes.readUIntBE(at, size);
}
