import { usableProfile } from '../icc.js';
import { colorSpaceFor } from '../pdf-image.js';
import type { ColorSpace } from '../pdf-image.js';
import type { Png } from './parse-png.js';

type Triple = readonly [number, number, number];

/** Values of gAMA and cHRM for sRGB, and by how much they may differ. */
const SRGB_GAMMA = 45_455;
const SRGB_CHROMATICITIES = [31_270, 32_900, 64_000, 33_000, 30_000, 60_000, 15_000, 6_000];
const TOLERANCE = 1_000;

/**
 * Returns the colour space that a PNG declares for gray or RGB samples: its profile, or a calibrated space for its gamma.
 * The device space stands for sRGB and for a PNG that declares nothing.
 */
export function pngColorSpace(png: Png, components: 1 | 3): ColorSpace {
  const profile = usableProfile(png.icc, components);
  if (profile || png.icc || png.srgb || png.gamma === undefined || png.gamma === 0)
    return colorSpaceFor(components, profile);
  const numbers = png.chromaticities ?? SRGB_CHROMATICITIES;
  const isSrgb = near(png.gamma, SRGB_GAMMA) && numbers.every((value, at) => near(value, SRGB_CHROMATICITIES[at] ?? 0));
  return isSrgb ? colorSpaceFor(components, undefined) : calibrated(png.gamma, numbers, components);
}

function near(value: number, other: number): boolean {
  return Math.abs(value - other) <= TOLERANCE;
}

/** CalGray or CalRGB (ISO 32000-2, 8.6.5.2 and 8.6.5.3). The device space if the chromaticities are impossible. */
function calibrated(encoding: number, numbers: readonly number[], components: 1 | 3): ColorSpace {
  const gamma = round(100_000 / encoding);
  const [white, ...primaries] = [0, 2, 4, 6].map((at) => xyzOf(numbers[at] ?? 0, numbers[at + 1] ?? 0));
  const matrix = white && scalePrimaries(primaries, white);
  if (!matrix) return colorSpaceFor(components, undefined);
  const whitePoint = rounded(white);
  if (components === 1) return { kind: 'CalGray', whitePoint, gamma };
  return { kind: 'CalRGB', whitePoint, gamma: [gamma, gamma, gamma], matrix };
}

/** Returns the XYZ values of full red, green and blue, whose sum is white. */
function scalePrimaries(
  [red, green, blue]: readonly (Triple | undefined)[],
  white: Triple,
): readonly [Triple, Triple, Triple] | undefined {
  const scale = red && green && blue && solve([red, green, blue], white);
  if (!scale) return undefined;
  const scaled = (primary: Triple, factor: number): Triple => rounded(primary.map((value) => value * factor));
  return [scaled(red, scale[0]), scaled(green, scale[1]), scaled(blue, scale[2])];
}

/** The XYZ values of a chromaticity with a Y of 1. */
function xyzOf(x: number, y: number): Triple | undefined {
  return y > 0 && x + y <= 100_000 ? [x / y, 1, (100_000 - x - y) / y] : undefined;
}

/** Returns by how much each primary has to be multiplied so that their sum is white. */
function solve([red, green, blue]: readonly [Triple, Triple, Triple], white: Triple): Triple | undefined {
  const whole = determinant(red, green, blue);
  if (Math.abs(whole) < 1e-9) return undefined;
  return [
    determinant(white, green, blue) / whole,
    determinant(red, white, blue) / whole,
    determinant(red, green, white) / whole,
  ];
}

function determinant([a, b, c]: Triple, [d, e, f]: Triple, [g, h, i]: Triple): number {
  return a * (e * i - f * h) - d * (b * i - c * h) + g * (b * f - c * e);
}

function rounded(values: readonly number[]): Triple {
  const [x = 0, y = 0, z = 0] = values.map(round);
  return [x, y, z];
}

function round(value: number): number {
  return Math.round(value * 100_000) / 100_000;
}
