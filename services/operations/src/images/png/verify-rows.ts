import { promisify } from 'node:util';
import { createInflate, deflate, inflateSync } from 'node:zlib';
import { releaseMemory } from '../../release-memory.js';
import { corruptImage } from '../errors.js';
import { samplesPerPixel } from './parse-png.js';
import type { Png } from './parse-png.js';

const deflateAsync = promisify(deflate);
const MAX_FILTER_TYPE = 4;
/** Images up to this size are inflated in one call, which takes a fraction of the time of a stream. */
const INFLATE_AT_ONCE_BYTES = 32 * 1024 * 1024;
/** The smallest that zlib accepts. */
const MIN_CHUNK_BYTES = 64;

/** Takes the next filtered rows, which may begin and end within a row. They are valid until it resolves. */
type TakeRows = (rows: Buffer) => Promise<void> | void;

/**
 * Inflates the rows of a non-interlaced PNG and checks that they are exactly those that the header promises, with a known
 * filter type before each row. Returns the PNG. If only the end of the zlib stream is wrong, such as an additional row,
 * the rows are deflated again and a note is added. Throws an `InputError` (`corrupt_image`) if rows are missing.
 */
export async function verifyRows(png: Png): Promise<Png> {
  if (await inflateExactly(png)) return png;
  const rows = await recoverRows(png);
  const notes = [...png.notes, 'the end of its compressed PNG data is wrong, and they have been compressed again'];
  return { ...png, idat: [await deflateAsync(rows, { level: 9 })], notes };
}

/** Returns the bytes of a filtered row with its filter type. */
export function filteredRowBytes({ width, colorType, bitDepth }: Png): number {
  return 1 + Math.ceil((width * samplesPerPixel(colorType) * bitDepth) / 8);
}

/**
 * Inflates the rows and passes them on. Returns whether they are an undamaged zlib stream of exactly the expected bytes.
 * Throws for an unknown filter type, and the errors of `take`.
 */
export async function inflateExactly(png: Png, take?: TakeRows): Promise<boolean> {
  const rowBytes = filteredRowBytes(png);
  const expected = rowBytes * png.height;
  let seen = 0;
  for await (const chunk of inflatedUntilDamage(png.idat, expected)) {
    if (!chunk || seen + chunk.length > expected) return false;
    checkFilters(chunk, seen, rowBytes);
    seen += chunk.length;
    await take?.(chunk);
  }
  return seen === expected;
}

/** Returns the expected rows even if the stream is damaged after them. Throws `corrupt_image` if it is damaged before. */
export async function recoverRows(png: Png): Promise<Buffer> {
  const rowBytes = filteredRowBytes(png);
  const rows = Buffer.allocUnsafe(rowBytes * png.height);
  let length = 0;
  try {
    for await (const chunk of inflateInChunks(png.idat)) {
      length += chunk.copy(rows, length);
      if (length === rows.length) break;
    }
  } catch (thrown) {
    throw corruptImage('has damaged PNG data', thrown);
  }
  if (length < rows.length) throw corruptImage('is cut off: rows of its PNG data are missing');
  checkFilters(rows, 0, rowBytes);
  return rows;
}

/** `position` is the position of the bytes in the image. */
function checkFilters(bytes: Buffer, position: number, rowBytes: number): void {
  const first = Math.ceil(position / rowBytes) * rowBytes - position;
  for (let at = first; at < bytes.length; at += rowBytes)
    if ((bytes[at] ?? 0) > MAX_FILTER_TYPE) throw corruptImage('has damaged PNG data');
}

/** Yields undefined at the end if the stream is damaged. */
async function* inflatedUntilDamage(
  parts: readonly Uint8Array[],
  expected: number,
): AsyncGenerator<Buffer | undefined> {
  try {
    yield* inflated(parts, expected);
  } catch {
    yield undefined;
  }
}

async function* inflated(parts: readonly Uint8Array[], expected: number): AsyncGenerator<Buffer> {
  if (expected > INFLATE_AT_ONCE_BYTES) {
    yield* inflateInChunks(parts);
    return;
  }
  // One chunk for all rows saves copies. zlib asks for another chunk unless a byte remains.
  const chunkSize = Math.max(MIN_CHUNK_BYTES, expected + 1);
  const rows = inflateSync(Buffer.concat(parts), { maxOutputLength: expected, chunkSize });
  yield rows;
  releaseMemory(rows);
}

async function* inflateInChunks(parts: readonly Uint8Array[]): AsyncGenerator<Buffer> {
  const inflate = createInflate({ chunkSize: 256 * 1024 });
  for (const part of parts) inflate.write(part);
  inflate.end();
  try {
    for await (const chunk of inflate) if (Buffer.isBuffer(chunk)) yield chunk;
  } finally {
    inflate.destroy();
  }
}
