import { BitReader } from './bit-reader.js';
import { clamp, interpolate } from './interpolation.js';
import type { Evaluate } from './functions.js';

/** Each input doubles the number of samples that an evaluation reads. */
const MAX_INPUTS = 6;
const MAX_OUTPUTS = 32;
const BITS = [1, 2, 4, 8, 12, 16, 24, 32];

/** The entries of a sampled function (ISO 32000-2, table 39). */
export interface Samples {
  readonly domain: readonly number[];
  readonly range: readonly number[];
  readonly size: readonly number[];
  readonly bits: number;
  readonly encode: readonly number[] | undefined;
  readonly decode: readonly number[] | undefined;
}

/** A function that interpolates between samples (7.10.2). Undefined if the entries are invalid. */
export function sampled(data: Buffer, samples: Samples): Evaluate | undefined {
  const { domain, range, size, bits } = samples;
  const inputs = domain.length >> 1;
  const outputs = range.length >> 1;
  const isPlausible = inputs > 0 && inputs <= MAX_INPUTS && outputs > 0 && outputs <= MAX_OUTPUTS;
  if (!isPlausible || size.length < inputs || !BITS.includes(bits)) return undefined;
  if (size.some((count) => !Number.isInteger(count) || count < 1)) return undefined;
  const encode = samples.encode ?? size.flatMap((count) => [0, count - 1]);
  const decode = samples.decode ?? range;
  const most = 2 ** bits - 1;
  const reader = new BitReader(data);
  const sampleAt = (index: number, output: number): number => {
    reader.position = (index * outputs + output) * bits;
    return reader.left >= bits ? reader.read(bits) : 0;
  };
  return (values) => {
    const corners = cornersOf(values, { ...samples, encode }, inputs);
    return Array.from({ length: outputs }, (_item, output) => {
      let sum = 0;
      for (const { index, weight } of corners) sum += weight * sampleAt(index, output);
      return interpolate(sum, 0, most, decode[2 * output] ?? 0, decode[2 * output + 1] ?? 1);
    });
  };
}

interface Corner {
  readonly index: number;
  readonly weight: number;
}

/** The samples around a point and their weights. */
function cornersOf(
  values: readonly number[],
  { domain, size, encode }: Pick<Samples, 'domain' | 'size'> & { encode: readonly number[] },
  inputs: number,
): Corner[] {
  let corners: Corner[] = [{ index: 0, weight: 1 }];
  let stride = 1;
  for (let at = 0; at < inputs; at++) {
    const count = size[at] ?? 1;
    const [low, high] = [domain[2 * at] ?? 0, domain[2 * at + 1] ?? 1];
    const encoded = interpolate(values[at] ?? 0, low, high, encode[2 * at] ?? 0, encode[2 * at + 1] ?? count - 1);
    const place = clamp(encoded, 0, count - 1);
    const below = Math.floor(place);
    const part = place - below;
    const step = stride;
    corners = corners.flatMap(({ index, weight }) => [
      { index: index + below * step, weight: weight * (1 - part) },
      ...(part > 0 ? [{ index: index + (below + 1) * step, weight: weight * part }] : []),
    ]);
    stride *= count;
  }
  return corners;
}
