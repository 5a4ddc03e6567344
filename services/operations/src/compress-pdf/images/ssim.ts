import type { Samples } from './samples.js';

/** Structural similarity of an encoded image to its source, 1 for equal images. */
export interface Similarity {
  readonly mean: number;
  /** The value that 98 % of the windows reach. */
  readonly low: number;
  /** The mean over the windows that are not equal, so that empty areas do not hide what happens to small text. */
  readonly changed: number;
}

const SIDE = 8;
const AREA = SIDE * SIDE;
const LOW_SHARE = 0.02;
/** Windows above are equal but for rounding. */
const EQUAL = 1 - 1e-9;
/** The constants of Wang et al. 2004 for samples of 8 bits. */
const [C1, C2] = [(0.01 * 255) ** 2, (0.03 * 255) ** 2];
/** More windows than these are sampled evenly. */
const MAX_WINDOWS = 4_096;

/** Compares the luma of two images of the same size in windows of 8 x 8 pixels. */
export function similarity(source: Samples, encoded: Samples): Similarity {
  const columns = Math.floor(source.width / SIDE);
  const rows = Math.floor(source.height / SIDE);
  const count = columns * rows;
  if (count === 0) return { mean: 1, low: 1, changed: 1 };
  const step = Math.max(1, Math.ceil(count / MAX_WINDOWS));
  const values: number[] = [];
  for (let window = 0; window < count; window += step) {
    const left = (window % columns) * SIDE;
    const top = Math.floor(window / columns) * SIDE;
    values.push(windowSimilarity(source, encoded, top * source.width + left));
  }
  const low = Float64Array.from(values).sort()[Math.floor(values.length * LOW_SHARE)] ?? 1;
  return { mean: meanOf(values), low, changed: meanOf(values.filter((value) => value < EQUAL)) };
}

function meanOf(values: readonly number[]): number {
  return values.length === 0 ? 1 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function windowSimilarity(source: Samples, encoded: Samples, first: number): number {
  // This loop runs for most of the time that a check takes. It therefore allocates nothing.
  let a = 0;
  let b = 0;
  let squares = 0;
  let products = 0;
  for (let y = 0; y < SIDE; y++) {
    for (let pixel = first + y * source.width, end = pixel + SIDE; pixel < end; pixel++) {
      const one = lumaAt(source, pixel);
      const other = lumaAt(encoded, pixel);
      a += one;
      b += other;
      squares += one * one + other * other;
      products += one * other;
    }
  }
  const meanA = a / AREA;
  const meanB = b / AREA;
  const means = meanA * meanA + meanB * meanB;
  const variances = squares / AREA - means;
  const covariance = products / AREA - meanA * meanB;
  return (((2 * meanA * meanB + C1) / (means + C1)) * (2 * covariance + C2)) / (variances + C2);
}

/** The mean of all components stands for luma if there are not three. */
function lumaAt(samples: Samples, pixel: number): number {
  const { channels, data } = samples;
  const at = pixel * channels;
  if (channels === 1) return data[at] ?? 0;
  if (channels === 3) return 0.299 * (data[at] ?? 0) + 0.587 * (data[at + 1] ?? 0) + 0.114 * (data[at + 2] ?? 0);
  let sum = 0;
  for (let channel = 0; channel < channels; channel++) sum += data[at + channel] ?? 0;
  return sum / channels;
}
