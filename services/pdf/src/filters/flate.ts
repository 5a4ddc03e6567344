import { constants, inflateRawSync } from 'node:zlib';
import type { DecodingBudget } from './budget.js';
import { inflateDamaged } from './inflate.js';
import { skipWhitespace } from './whitespace.js';

const ZLIB_HEADER_BYTES = 2;

/**
 * FlateDecode without its predictor (7.4.4). Decodes truncated and damaged data as far as possible and ignores the
 * checksum. If the zlib header is bad, it tries the data with and without those bytes and uses the longer result.
 * Throws the budget's error for too much output.
 */
export function decodeFlate(data: Buffer, budget: DecodingBudget): Buffer {
  let longest: Buffer = Buffer.alloc(0);
  for (const body of deflateBodies(data)) {
    const bytes = inflate(body, budget) ?? inflateDamaged(body, budget);
    if (bytes.length > longest.length) longest = bytes;
  }
  return longest;
}

/** The possible starts of the deflate data. */
function deflateBodies(data: Buffer): Buffer[] {
  const start = zlibHeaderEnd(data);
  if (start !== undefined) return [data.subarray(start)];
  return [data.subarray(ZLIB_HEADER_BYTES), data];
}

/**
 * Offset of the deflate data after the zlib header. Undefined if the header is bad or missing. Some writers leave
 * end-of-line characters before the header.
 */
export function zlibHeaderEnd(data: Buffer): number | undefined {
  const start = skipWhitespace(data);
  return hasZlibHeader(data[start] ?? 0, data[start + 1] ?? 0) ? start + ZLIB_HEADER_BYTES : undefined;
}

/** Returns undefined if the data are damaged. */
function inflate(data: Buffer, budget: DecodingBudget): Buffer | undefined {
  try {
    return inflateRawSync(data, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: budget.limit });
  } catch (thrown) {
    if (isTooLarge(thrown)) throw budget.exceeded(thrown);
    return undefined;
  }
}

/** Method 8, a window of at most 32 KiB, no dictionary, and a check (RFC 1950, 2.2). */
function hasZlibHeader(method: number, flags: number): boolean {
  return (method & 0x0f) === 8 && method >> 4 <= 7 && (flags & 0x20) === 0 && (method * 256 + flags) % 31 === 0;
}

/** Whether zlib stopped because the output is larger than allowed. */
export function isTooLarge(thrown: unknown): boolean {
  return typeof thrown === 'object' && thrown !== null && 'code' in thrown && thrown.code === 'ERR_BUFFER_TOO_LARGE';
}
