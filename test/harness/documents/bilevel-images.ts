import type { BilevelImage } from '@pdf-tools/pdf';
import { MAX_BILEVEL_SIDE, rowBytes } from '@pdf-tools/pdf';
import { SeededRandom } from './random.js';

/** Whether the pixel in column `x` of row `y` is black. */
type Paint = (x: number, y: number) => boolean;

/** An image painted pixel by pixel. Its padding bits alternate, and encoders have to ignore them. For tests. */
export function paint(width: number, height: number, isBlack: Paint): BilevelImage {
  const stride = rowBytes(width);
  const data = new Uint8Array(stride * height);
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < 8 * stride; x += 1)
      if (x < width ? isBlack(x, y) : x % 2 === y % 2)
        data[y * stride + (x >> 3)] = (data[y * stride + (x >> 3)] ?? 0) | (0x80 >> (x & 7));
  return { width, height, data };
}

/** Returns the data as decoders give them, with white padding bits. */
export function withWhitePadding({ width, data }: BilevelImage): Buffer {
  const stride = rowBytes(width);
  const pixels = Buffer.from(data);
  for (let at = stride - 1; at < pixels.length; at += stride)
    pixels[at] = (pixels[at] ?? 0) & (0xff << (8 * stride - width));
  return pixels;
}

/** Pixels of which this share is black, at random. */
export function noise(width: number, height: number, { share, seed }: { share: number; seed: number }): BilevelImage {
  const random = new SeededRandom(seed);
  return paint(width, height, () => random.below(1000) < 1000 * share);
}

/** Side of a letter's cell in pixels, and the distance of the lines of text. */
const CELL = 24;
const LINE = 48;

/** Lines of letters with a margin around them, as on a page of text. */
export function textPage(width: number, height: number, seed = 1): BilevelImage {
  const random = new SeededRandom(seed);
  const letters = Array.from({ length: 40 }, () => letterOf(random));
  const stride = rowBytes(width);
  const data = new Uint8Array(stride * height);
  for (let top = 2 * LINE; top + 2 * LINE < height; top += LINE)
    for (let x = 4 * CELL; x + 5 * CELL < width; x += CELL) {
      // Every sixth letter or so is a space.
      const letter = letters[random.below(48)];
      for (const [row, bytes] of letter?.entries() ?? []) data.set(bytes, (top + row) * stride + x / 8);
    }
  return { width, height, data };
}

/** The rows of a letter, in strokes of four pixels. */
function letterOf(random: SeededRandom): Uint8Array[] {
  const strokes = random.bytes(CELL);
  const { data } = paint(CELL, CELL, (x, y) => x < CELL - 4 && ((strokes[y >> 2] ?? 0) >> (x >> 2)) % 2 === 1);
  return Array.from({ length: CELL }, (_none, row) => data.subarray((row * CELL) / 8, ((row + 1) * CELL) / 8));
}

/** Small random images of every kind, such as noise of any density, repeated rows, blank parts and edges. */
export function* randomImages(count: number, seed: number): Generator<BilevelImage> {
  const random = new SeededRandom(seed);
  for (let made = 0; made < count; made += 1) {
    const [width, height] = [1 + random.below(70), 1 + random.below(40)];
    const share = [0.01, 0.1, 0.5, 0.9, 0.99][random.below(5)] ?? 0;
    const grain = 1 + random.below(random.below(2) === 0 ? 1 : 24);
    const [across, down] = [Math.ceil(width / grain), random.below(2) === 0 ? 1 : grain];
    const cells = noise(across, Math.ceil(height / down), { share, seed: random.below(2 ** 31) });
    yield paint(width, height, (x, y) => isBlack(cells, Math.floor(x / grain), Math.floor(y / down)));
  }
}

function isBlack({ width, data }: BilevelImage, x: number, y: number): boolean {
  return ((data[y * rowBytes(width) + (x >> 3)] ?? 0) & (0x80 >> (x & 7))) !== 0;
}

/** Images by what is difficult about them. */
export const DIFFICULT_IMAGES: readonly (readonly [name: string, image: BilevelImage])[] = [
  ['one white pixel', paint(1, 1, () => false)],
  ['one black pixel', paint(1, 1, () => true)],
  ['all white', paint(100, 50, () => false)],
  ['all black', paint(100, 50, () => true)],
  ['all black, whole bytes', paint(96, 50, () => true)],
  ['one column', paint(1, 77, (_x, y) => y % 3 === 1)],
  ['one row', paint(77, 1, (x) => x % 5 > 1)],
  ['a checkerboard', paint(63, 31, (x, y) => (x + y) % 2 === 1)],
  ['columns of one pixel', paint(65, 9, (x) => x % 2 === 0)],
  ['rows of one pixel', paint(65, 20, (_x, y) => y % 2 === 0)],
  ...[7, 8, 9, 15, 16, 17].map(
    (width) => [`noise, ${width} pixels wide`, noise(width, 33, { share: 0.5, seed: width })] as const,
  ),
  ...cornersOf(21, 13).map(
    ([x, y]) => [`a black pixel at ${x}, ${y}`, paint(21, 13, (at, row) => at === x && row === y)] as const,
  ),
  ...cornersOf(24, 13).map(
    ([x, y]) => [`a white pixel at ${x}, ${y}`, paint(24, 13, (at, row) => at !== x || row !== y)] as const,
  ),
  // Runs around the lengths at which CCITT changes its code words (T.4, tables 2 and 3).
  ...[63, 64, 1728, 1791, 1792, 2559, 2560, 2623, 2624, 5120, 5184].map(
    (run) => [`runs of ${run} pixels`, paint(2 * run + 3, 3, (x, y) => y === 1 && x > 1 && x <= 1 + run)] as const,
  ),
  ['the widest image', noise(MAX_BILEVEL_SIDE, 2, { share: 0.02, seed: 4 })],
  ['the highest image', noise(3, MAX_BILEVEL_SIDE, { share: 0.1, seed: 5 })],
];

function cornersOf(width: number, height: number): (readonly [x: number, y: number])[] {
  const [right, bottom, middle] = [width - 1, height - 1, width >> 1];
  return [
    [0, 0],
    [right, 0],
    [0, bottom],
    [right, bottom],
    [middle, 0],
    [middle, bottom],
  ];
}
