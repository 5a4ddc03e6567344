import { promisify } from 'node:util';
import { createInflate, deflate, inflateSync } from 'node:zlib';
import { isInputError } from '../../input-error.js';
import { corruptImage } from '../errors.js';
import { samplesPerPixel } from './parse-png.js';
import type { Png } from './parse-png.js';

const deflateAsync = promisify(deflate);
const MAX_FILTER_TYPE = 4;
/** Images up to this size are inflated in one call, which takes a fraction of the time of a stream. */
const INFLATE_AT_ONCE_BYTES = 32 * 1024 * 1024;

/**
 * Inflates the rows of a non-interlaced PNG and checks that they are exactly those that the header promises, with a known
 * filter type before each row. Returns the PNG. If only the end of the zlib stream is wrong, such as an additional row,
 * the rows are deflated again and a note is added. Throws an `InputError` (`corrupt_image`) if rows are missing.
 */
export async function verifyRows(png: Png): Promise<Png> {
  const rowBytes = 1 + Math.ceil((png.width * samplesPerPixel(png.colorType) * png.bitDepth) / 8);
  const expected = rowBytes * png.height;
  if (await isExact(png.idat, rowBytes, expected)) return png;
  const rows = await recoverRows(png.idat, expected);
  checkFilters(rows, 0, rowBytes);
  const notes = [...png.notes, 'the end of its compressed PNG data is wrong, and they have been compressed again'];
  return { ...png, idat: [await deflateAsync(rows, { level: 9 })], notes };
}

/** Whether the parts are an undamaged zlib stream of exactly the expected bytes. Throws for an unknown filter type. */
async function isExact(parts: readonly Uint8Array[], rowBytes: number, expected: number): Promise<boolean> {
  let seen = 0;
  try {
    for await (const chunk of inflated(parts, expected)) {
      if (seen + chunk.length > expected) return false;
      checkFilters(chunk, seen, rowBytes);
      seen += chunk.length;
    }
  } catch (thrown) {
    if (isInputError(thrown)) throw thrown;
    return false;
  }
  return seen === expected;
}

/** `position` is the position of the bytes in the image. */
function checkFilters(bytes: Buffer, position: number, rowBytes: number): void {
  const first = Math.ceil(position / rowBytes) * rowBytes - position;
  for (let at = first; at < bytes.length; at += rowBytes)
    if ((bytes[at] ?? 0) > MAX_FILTER_TYPE) throw corruptImage('has damaged PNG data');
}

async function* inflated(parts: readonly Uint8Array[], expected: number): AsyncGenerator<Buffer> {
  if (expected > INFLATE_AT_ONCE_BYTES) yield* inflateInChunks(parts);
  else yield inflateSync(Buffer.concat(parts), { maxOutputLength: expected });
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

/** Returns the expected bytes even if the stream is damaged after them. */
async function recoverRows(parts: readonly Uint8Array[], expected: number): Promise<Buffer> {
  const rows = Buffer.allocUnsafe(expected);
  let length = 0;
  try {
    for await (const chunk of inflateInChunks(parts)) {
      length += chunk.copy(rows, length);
      if (length === expected) return rows;
    }
  } catch (thrown) {
    throw corruptImage('has damaged PNG data', thrown);
  }
  throw corruptImage('is cut off: rows of its PNG data are missing');
}
