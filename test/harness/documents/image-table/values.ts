import { SeededRandom } from '../random.js';

/** Odd numbers, so that rows of few bits end within a byte. */
export const WIDTH = 241;
export const HEIGHT = 157;

export type ImageContent = 'photo' | 'drawing';
export const CONTENTS: readonly ImageContent[] = ['photo', 'drawing'];

/** Samples of an image, pixels interleaved, with values from 0 to 2^bits - 1. */
export interface TableImage {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly bits: number;
  readonly values: Uint16Array;
}

const SHAPES = 5;
const NOISE = 0.08;

/** An image with noise on slow waves as a photo, or with flat areas and edges as a drawing. */
export function tableImage(content: ImageContent, channels: number, bits: number): TableImage {
  const random = new SeededRandom(100 * channels + bits);
  const values = new Uint16Array(WIDTH * HEIGHT * channels);
  const max = 2 ** bits - 1;
  for (let at = 0; at < values.length; at++) {
    const [pixel, channel] = [Math.floor(at / channels), at % channels];
    const [x, y] = [(pixel % WIDTH) / WIDTH, Math.floor(pixel / WIDTH) / HEIGHT];
    const share = content === 'photo' ? wave(x, y, channel) + noise(random) : shape(x, y, channel);
    values[at] = Math.round(max * Math.min(1, Math.max(0, share)));
  }
  return { width: WIDTH, height: HEIGHT, channels, bits, values };
}

function noise(random: SeededRandom): number {
  return (random.below(1000) / 1000 - 0.5) * 2 * NOISE;
}

function wave(x: number, y: number, channel: number): number {
  return 0.45 + 0.3 * Math.sin(4 * x + 2 * channel) * Math.cos(3 * y - channel) + 0.1 * (x - y);
}

/** A few rectangles and a diagonal band. Each has a colour of its own. */
function shape(x: number, y: number, channel: number): number {
  const cell = Math.floor(4 * x) + 3 * Math.floor(3 * y);
  const isBand = Math.abs(x - y) < 0.06;
  return (((isBand ? 2 : cell) * (channel + 2)) % SHAPES) / (SHAPES - 1);
}

/** The samples as rows of whole bytes (ISO 32000-2, 8.9.3). */
export function packRows({ width, height, channels, bits, values }: TableImage): Buffer {
  const perRow = width * channels;
  const stride = Math.ceil((perRow * bits) / 8);
  const rows = Buffer.alloc(stride * height);
  for (let y = 0, from = 0; y < height; y++) {
    for (let x = 0; x < perRow; x++, from++) {
      const value = values[from] ?? 0;
      const at = y * stride + Math.floor((x * bits) / 8);
      if (bits === 16) rows.writeUInt16BE(value, at);
      else rows[at] = (rows[at] ?? 0) | (value << (8 - bits - ((x * bits) % 8)));
    }
  }
  return rows;
}
