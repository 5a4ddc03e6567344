import { constants, inflateSync } from 'node:zlib';
import type { Png } from './parse-png.js';
import { filteredRowBytes } from './verify-rows.js';

/** Deflate makes images of few colours smaller than this part of their rows, and photos hardly ever. */
const MIN_PHOTO_RATIO = 0.25;
/** Compressed bytes of the first rows. */
const SAMPLE_BYTES = 64 * 1024;
/** Inflated bytes of the first rows. Those of a photo are a few times the compressed ones. */
const MAX_INFLATED_BYTES = 4 * 1024 * 1024;

/** Whether an image with the compressed size of a photo has no filter in most of its first rows. */
export function isUnfilteredPhoto(png: Png): boolean {
  const rowBytes = filteredRowBytes(png);
  const compressed = png.idat.reduce((sum, { length }) => sum + length, 0);
  if (compressed < MIN_PHOTO_RATIO * rowBytes * png.height) return false;
  const rows = firstRows(png.idat, compressed);
  let [count, unfiltered] = [0, 0];
  for (let at = 0; at < rows.length; at += rowBytes, count++) if (rows[at] === 0) unfiltered++;
  return unfiltered > count / 2;
}

/** Inflates the beginning of the stream. Returns nothing if it is damaged there, or deflated too well for a photo. */
function firstRows(parts: readonly Uint8Array[], compressed: number): Uint8Array {
  const sample = new Uint8Array(Math.min(SAMPLE_BYTES, compressed));
  let filled = 0;
  for (const part of parts) {
    const taken = part.subarray(0, sample.length - filled);
    sample.set(taken, filled);
    filled += taken.length;
    if (filled === sample.length) break;
  }
  try {
    return inflateSync(sample, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: MAX_INFLATED_BYTES });
  } catch {
    return new Uint8Array();
  }
}
