import type { Samples } from './samples.js';
import type { Family } from './sample-space.js';

/** The weights of red, green and blue in gray (ISO 32000-2, 10.4.2.2). */
const [RED, GREEN, BLUE] = [0.3, 0.59, 0.11];

/** Converts samples to gray. Undefined if their space has no simple conversion. */
export function toGray(samples: Samples, family: Family): Samples | undefined {
  const gray = GRAYS[family];
  if (!gray) return undefined;
  const { width, height, channels, data } = samples;
  const values = new Uint8Array(width * height);
  for (let at = 0, from = 0; at < values.length; at++, from += channels) values[at] = Math.round(gray(data, from));
  return { width, height, channels: 1, data: values };
}

type Gray = (data: Uint8Array, at: number) => number;

const weighted: Gray = (data, at) => RED * (data[at] ?? 0) + GREEN * (data[at + 1] ?? 0) + BLUE * (data[at + 2] ?? 0);

const GRAYS: Readonly<Partial<Record<Family, Gray>>> = {
  gray: (data, at) => data[at] ?? 0,
  rgb: weighted,
  // 10.4.3.3
  cmyk: (data, at) => Math.max(0, 255 - weighted(data, at) - (data[at + 3] ?? 0)),
};
