import { corruptImage } from '../errors.js';
import { MAX_FRAMES } from '../limits.js';

/** Sizes of the fields of a file in bytes (TIFF 6.0, section 2, and BigTIFF). */
interface Layout {
  readonly little: boolean;
  /** Of an offset in the file. */
  readonly offset: 4 | 8;
  /** Of the number of entries of a directory. */
  readonly count: 2 | 8;
  readonly entry: 12 | 20;
  /** Position of the offset of the first directory. */
  readonly first: 4 | 8;
}

const [CLASSIC, BIG] = [42, 43];
/** Bytes of a value, by the type of the field. */
const TYPE_BYTES = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8];
const [RATIONAL, SBYTE, SIGNED_SHORT, SIGNED_LONG, SIGNED_RATIONAL, FLOAT, DOUBLE] = [5, 6, 8, 9, 10, 11, 12];

interface Field {
  readonly type: number;
  readonly count: number;
  /** Position of the first value. */
  readonly start: number;
}

/** One directory of a TIFF: the description of one image. */
export class TiffDirectory {
  readonly little: boolean;
  readonly #file: Buffer;
  readonly #fields: ReadonlyMap<number, Field>;

  constructor(file: Buffer, little: boolean, fields: ReadonlyMap<number, Field>) {
    this.#file = file;
    this.little = little;
    this.#fields = fields;
  }

  get file(): Buffer {
    return this.#file;
  }

  has(tag: number): boolean {
    return this.#fields.has(tag);
  }

  /** The first value of a field, or `fallback` if the directory does not have it. */
  number(tag: number, fallback: number): number {
    return this.numbers(tag)?.[0] ?? fallback;
  }

  /** The values of a field. */
  numbers(tag: number): number[] | undefined {
    const field = this.#fields.get(tag);
    if (!field) return undefined;
    const size = TYPE_BYTES[field.type] ?? 0;
    return Array.from({ length: field.count }, (_none, at) => this.#value(field.type, field.start + at * size));
  }

  /** The bytes of a field. */
  bytes(tag: number): Buffer | undefined {
    const field = this.#fields.get(tag);
    const size = field && field.count * (TYPE_BYTES[field.type] ?? 0);
    return field && size !== undefined ? this.#file.subarray(field.start, field.start + size) : undefined;
  }

  #value(type: number, at: number): number {
    const size = TYPE_BYTES[type] ?? 0;
    const view = new DataView(this.#file.buffer, this.#file.byteOffset + at, size);
    const { little } = this;
    switch (type) {
      case RATIONAL:
        return view.getUint32(0, little) / view.getUint32(4, little);
      case SIGNED_RATIONAL:
        return view.getInt32(0, little) / view.getInt32(4, little);
      case SBYTE:
        return view.getInt8(0);
      case SIGNED_SHORT:
        return view.getInt16(0, little);
      case SIGNED_LONG:
        return view.getInt32(0, little);
      case FLOAT:
        return view.getFloat32(0, little);
      case DOUBLE:
        return view.getFloat64(0, little);
      default:
        return readUnsigned(view, size, little);
    }
  }
}

/** An integer above 2^53 is not exact, and outside of any file. */
function readUnsigned(view: DataView, size: number, little: boolean): number {
  if (size === 1) return view.getUint8(0);
  if (size === 2) return view.getUint16(0, little);
  return size === 4 ? view.getUint32(0, little) : Number(view.getBigUint64(0, little));
}

/**
 * Reads the chain of directories, up to one more than the limit of frames. Throws an `InputError` (`corrupt_image`) if it
 * leaves the file or has no end.
 */
export function readDirectories(file: Buffer): TiffDirectory[] {
  const layout = readLayout(file);
  const directories: TiffDirectory[] = [];
  const seen = new Set<number>();
  let at = numberAt(file, layout, layout.first, layout.offset);
  while (at !== 0 && directories.length <= MAX_FRAMES) {
    if (seen.has(at)) throw corruptImage('has damaged TIFF data: its chain of pages has no end');
    seen.add(at);
    const count = numberAt(file, layout, at, layout.count);
    const next = at + layout.count + count * layout.entry;
    directories.push(readDirectory(file, layout, { start: at + layout.count, count }));
    at = numberAt(file, layout, next, layout.offset);
  }
  if (directories.length === 0) throw corruptImage('has no image in its TIFF data');
  return directories;
}

function readLayout(file: Buffer): Layout {
  const little = file.toString('latin1', 0, 2) === 'II';
  const version = file.length < 16 ? 0 : little ? file.readUInt16LE(2) : file.readUInt16BE(2);
  if (version === CLASSIC) return { little, offset: 4, count: 2, entry: 12, first: 4 };
  if (version === BIG) return { little, offset: 8, count: 8, entry: 20, first: 8 };
  throw corruptImage('has no TIFF header');
}

function readDirectory(
  file: Buffer,
  layout: Layout,
  { start, count }: { readonly start: number; readonly count: number },
): TiffDirectory {
  if (start + count * layout.entry > file.length) throw cutOff();
  const fields = new Map<number, Field>();
  for (let at = start; at < start + count * layout.entry; at += layout.entry) {
    const tag = numberAt(file, layout, at, SHORT_BYTES);
    const type = numberAt(file, layout, at + 2, SHORT_BYTES);
    const values = numberAt(file, layout, at + 4, layout.offset);
    const inline = at + 4 + layout.offset;
    const size = values * (TYPE_BYTES[type] ?? 0);
    const first = size <= layout.offset ? inline : numberAt(file, layout, inline, layout.offset);
    // A field of an unknown type, or one outside of the file, is as good as none.
    if (size > 0 && first + size <= file.length && !fields.has(tag)) {
      fields.set(tag, { type, count: values, start: first });
    }
  }
  return new TiffDirectory(file, layout.little, fields);
}

const SHORT_BYTES = 2;

/** An unsigned integer. Throws if it is outside of the file. */
function numberAt(file: Buffer, { little }: Layout, at: number, size: number): number {
  if (at + size > file.length) throw cutOff();
  return readUnsigned(new DataView(file.buffer, file.byteOffset + at, size), size, little);
}

function cutOff(): Error {
  return corruptImage('is cut off: its TIFF data refer to bytes after its end');
}
