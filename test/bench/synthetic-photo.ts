import sharp from 'sharp';

/** A generator of pseudorandom numbers that gives the same numbers for the same seed (xorshift32). */
export class Random {
  #state: number;
  #spare: number | undefined;

  constructor(seed: number) {
    this.#state = (Math.imul(seed + 1, 2_654_435_761) ^ 0x9e3779b9) >>> 0 || 1;
  }

  /** From 0 to 1, without 1. */
  next(): number {
    let state = this.#state;
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    this.#state = state >>> 0;
    return this.#state / 2 ** 32;
  }

  /** Normally distributed, with mean 0 and variance 1 (Marsaglia's polar method). */
  normal(): number {
    if (this.#spare !== undefined) {
      const spare = this.#spare;
      this.#spare = undefined;
      return spare;
    }
    for (;;) {
      const [u, v] = [2 * this.next() - 1, 2 * this.next() - 1];
      const s = u * u + v * v;
      if (s >= 1 || s === 0) continue;
      const scale = Math.sqrt((-2 * Math.log(s)) / s);
      this.#spare = v * scale;
      return u * scale;
    }
  }
}

interface Size {
  readonly width: number;
  readonly height: number;
}

const SHAPES = 2_500;
/** Shapes that come first and are large, so that they cover the background. */
const LARGE_SHAPES = 150;
/** Areas of different strength of texture along the width. */
const AREAS = 12;
/** Standard deviation and mean of the logarithm of that strength. */
const [VARIATION, MEAN_STRENGTH] = [1.2, -0.7];

/**
 * The RGB samples of a dead leaves image, which is shapes of power-law sizes that cover each other. Its edges and
 * its spectrum are like those of photos. The shapes are shaded, and have texture in parts of the image.
 */
export async function deadLeaves(seed: number, { width, height }: Size): Promise<Buffer> {
  const random = new Random(seed);
  const parts: string[] = [];
  const baseHue = random.next() * 360;
  for (let index = 0; index < SHAPES; index++) parts.push(leaf(random, { index, baseHue, width, height }));
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">` +
    `<rect width="100%" height="100%" fill="#876"/>${parts.join('')}</svg>`;
  const pixels = await sharp(Buffer.from(svg), { unlimited: true })
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer();
  return sharp(addTexture(pixels, random, { width, height }), { raw: { width, height, channels: 3 } })
    .blur(0.7)
    .raw()
    .toBuffer();
}

interface Leaf extends Size {
  readonly index: number;
  readonly baseHue: number;
}

/** A circle or an ellipse with a gradient. Radii follow a power law with exponent 3, largest first on average. */
function leaf(random: Random, { index, baseHue, width, height }: Leaf): string {
  const smallest = index < LARGE_SHAPES ? width / 12 : width / 250;
  const largest = width / 4;
  const share = random.next();
  const radius = 1 / Math.sqrt((1 - share) / smallest ** 2 + share / largest ** 2);
  const [x, y] = [random.next() * width, random.next() * height];
  const ratio = 0.4 + 0.6 * random.next();
  const [hue, saturation, lightness] = [
    baseHue + 35 * random.normal(),
    5 + random.next() * 30,
    12 + random.next() * 68,
  ];
  const stops = [0, 1].map((offset) => {
    const light = Math.max(3, lightness - offset * (8 + random.next() * 22));
    return `<stop offset="${offset}" stop-color="hsl(${hue.toFixed(0)},${saturation.toFixed(0)}%,${light.toFixed(0)}%)"/>`;
  });
  const turn = (random.next() * 360).toFixed(0);
  return (
    `<linearGradient id="g${index}" gradientTransform="rotate(${turn} .5 .5)">${stops.join('')}</linearGradient>` +
    `<ellipse cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" rx="${radius.toFixed(1)}" ry="${(radius * ratio).toFixed(1)}" ` +
    `fill="url(#g${index})" transform="rotate(${turn} ${x.toFixed(1)} ${y.toFixed(1)})"/>`
  );
}

/**
 * Adds noise whose amplitude falls with its frequency, from cells of 32 pixels to cells of 2 pixels. Its strength varies
 * across the image, because photos have smooth areas (sky, skin, areas out of focus) beside textured ones.
 */
function addTexture(pixels: Buffer, random: Random, size: Size): Buffer {
  const { width, height } = size;
  const strength = noiseField(random, size, Math.ceil(width / AREAS));
  for (const cell of [32, 16, 8, 4, 2]) {
    const noise = noiseField(random, size, cell);
    const amplitude = 1.2 * Math.log2(cell) + 1.5;
    for (let y = 0, at = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        const change = amplitude * Math.exp(VARIATION * strength(x, y) + MEAN_STRENGTH) * noise(x, y);
        for (const end = at + 3; at < end; at++) pixels[at] = clamp((pixels[at] ?? 0) + change);
      }
  }
  return pixels;
}

/** Normally distributed values at the corners of square cells, with linear interpolation between them. */
function noiseField(random: Random, { width, height }: Size, cell: number): (x: number, y: number) => number {
  const columns = Math.ceil(width / cell) + 2;
  const grid = Float32Array.from({ length: columns * (Math.ceil(height / cell) + 2) }, () => random.normal());
  return (x, y) => {
    const [row, below] = [Math.floor(y / cell) * columns, (y % cell) / cell];
    const [at, right] = [row + Math.floor(x / cell), (x % cell) / cell];
    const above = (grid[at] ?? 0) * (1 - right) + (grid[at + 1] ?? 0) * right;
    const under = (grid[at + columns] ?? 0) * (1 - right) + (grid[at + columns + 1] ?? 0) * right;
    return above * (1 - below) + under * below;
  };
}

/** Adds the noise of a sensor to RGB samples, with this standard deviation. Most of it is the same in all components. */
export function addGrain(pixels: Buffer, random: Random, deviation: number): Buffer {
  let common = 0;
  for (const [at, sample] of pixels.entries()) {
    if (at % 3 === 0) common = random.normal();
    pixels[at] = clamp(sample + (0.9 * common + 0.4 * random.normal()) * deviation);
  }
  return pixels;
}

function clamp(value: number): number {
  return Math.max(0, Math.min(255, Math.round(value)));
}
