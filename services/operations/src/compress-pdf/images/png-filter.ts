import { constants, deflateSync } from 'node:zlib';
import { PREDICTORS, paeth } from './codec.js';
import type { Samples } from './samples.js';

/** Rows that are deflated to find out whether predictors help. */
const TRIED_ROWS = 64;
const TRIED_LEVEL = { level: constants.Z_DEFAULT_COMPRESSION };
const [NONE, SUB, UP, AVERAGE, PAETH] = [0, 1, 2, 3, 4];

/** Whether some rows from the middle deflate better with predictors. */
export function isFilteringBetter({ width, height, channels, data }: Samples): boolean {
  const rows = Math.min(height, TRIED_ROWS);
  const start = Math.floor((height - rows) / 2) * width * channels;
  const part = { width, height: rows, channels, data: data.subarray(start, start + rows * width * channels) };
  return deflateSync(filterRows(part), TRIED_LEVEL).length < deflateSync(part.data, TRIED_LEVEL).length;
}

/** Filters each row by the predictor with the smallest sum of absolute differences, as libpng does. */
export function filterRows({ width, height, channels, data }: Samples): Uint8Array {
  const stride = width * channels;
  const filtered = new Uint8Array((stride + 1) * height);
  const tries = PREDICTORS.map(() => new Uint8Array(stride));
  const blank = new Uint8Array(stride);
  for (let y = 0; y < height; y++) {
    const row = data.subarray(y * stride, (y + 1) * stride);
    const above = y === 0 ? blank : data.subarray((y - 1) * stride, y * stride);
    let [best, least] = [NONE, Infinity];
    for (const predictor of [NONE, SUB, UP, AVERAGE, PAETH]) {
      const sum = applyPredictor(PREDICTORS[predictor] ?? paeth, { row, above, channels }, tries[predictor] ?? blank);
      if (sum < least) [best, least] = [predictor, sum];
    }
    filtered[y * (stride + 1)] = best;
    filtered.set(tries[best] ?? row, y * (stride + 1) + 1);
  }
  return filtered;
}

/** Writes the differences of a row. Returns the sum of their absolute values as signed bytes. */
function applyPredictor(
  predict: typeof paeth,
  { row, above, channels }: { row: Uint8Array; above: Uint8Array; channels: number },
  to: Uint8Array,
): number {
  let sum = 0;
  for (let x = 0; x < row.length; x++) {
    const isFirst = x < channels;
    const left = isFirst ? 0 : (row[x - channels] ?? 0);
    const corner = isFirst ? 0 : (above[x - channels] ?? 0);
    const difference = ((row[x] ?? 0) - predict(left, above[x] ?? 0, corner)) & 255;
    to[x] = difference;
    sum += difference < 128 ? difference : 256 - difference;
  }
  return sum;
}
