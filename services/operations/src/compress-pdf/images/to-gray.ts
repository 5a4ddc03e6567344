import { PdfError, readGraySpace } from '@pdf-tools/pdf';
import type { PdfFile } from '@pdf-tools/pdf';
import { pixelAt } from './content.js';
import type { Samples } from './samples.js';
import type { Family, SampleSpace } from './sample-space.js';

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

/** Components that fit one integer, by which grays are found again. More are found by a string, which is slower. */
const MAX_INTEGER_CHANNELS = 4;
/** Colours whose gray is kept. */
const MAX_KEPT = 65_536;

/**
 * Converts samples of a space such as Lab, Separation or DeviceN to gray with its functions. Undefined if they cannot
 * be evaluated.
 */
export function evaluateGray(file: PdfFile, { entry }: SampleSpace, samples: Samples): Samples | undefined {
  const { width, height, channels, data } = samples;
  const space = readGraySpace(file, entry);
  if (space?.components !== channels) return undefined;
  const limits = space.decode(8);
  const grayAt = (from: number): number => {
    const color = Array.from({ length: channels }, (_none, channel) => {
      const [low = 0, high = 1] = limits.slice(2 * channel);
      return low + ((data[from + channel] ?? 0) / 255) * (high - low);
    });
    return Math.round(255 * space.gray(color));
  };
  const values = new Uint8Array(width * height);
  const keyAt = keysOf(data, channels);
  const kept = new Map<number | string, number>();
  try {
    for (let at = 0, from = 0; at < values.length; at++, from += channels) {
      const pixel = keyAt(from);
      const gray = kept.get(pixel) ?? grayAt(from);
      if (kept.size >= MAX_KEPT) kept.clear();
      kept.set(pixel, gray);
      values[at] = gray;
    }
  } catch (thrown) {
    if (!(thrown instanceof PdfError)) throw thrown;
    return undefined;
  }
  return { width, height, channels: 1, data: values };
}

/** Returns a function that identifies the components of the pixel at an offset. */
function keysOf(data: Uint8Array, channels: number): (from: number) => number | string {
  if (channels <= MAX_INTEGER_CHANNELS) return (from) => pixelAt(data, from, channels);
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  return (from) => bytes.toString('latin1', from, from + channels);
}

type Gray = (data: Uint8Array, at: number) => number;

const weighted: Gray = (data, at) => RED * (data[at] ?? 0) + GREEN * (data[at + 1] ?? 0) + BLUE * (data[at + 2] ?? 0);

const GRAYS: Readonly<Partial<Record<Family, Gray>>> = {
  gray: (data, at) => data[at] ?? 0,
  rgb: weighted,
  // 10.4.3.3
  cmyk: (data, at) => Math.max(0, 255 - weighted(data, at) - (data[at + 3] ?? 0)),
};
