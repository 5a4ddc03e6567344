import type { ImageUse } from '@pdf-tools/pdf';
import type { Size } from './pixels.js';

/** Images are resampled only if they have clearly more pixels than the target, so that the gain is worth the loss. */
const RESAMPLE_ABOVE = 1.2;
const POINTS_PER_INCH = 72;
/** Tolerance for sizes from matrix products, so that a rounding error does not add a pixel. */
const ROUNDING = 1e-6;
/** An axis with fewer pixels is kept, because rounding would distort it visibly, as in strips of a scan. */
const MIN_PIXELS = 32;
/** Text of one bit per pixel needs about twice the resolution of gray text. */
const BILEVEL_FACTOR = 2;
const MIN_BILEVEL_DPI = 300;
const BILEVEL_ABOVE = 1.5;

/** The pixels that an image needs for its largest use. Both axes have their own resolution. */
export function targetSize(image: Size, use: ImageUse, dpi: number): Size {
  return reducedSize(image, use, dpi, RESAMPLE_ABOVE);
}

/** The pixels that an image of one bit per pixel needs. */
export function bilevelTargetSize(image: Size, use: ImageUse, dpi: number): Size {
  return reducedSize(image, use, Math.max(MIN_BILEVEL_DPI, BILEVEL_FACTOR * dpi), BILEVEL_ABOVE);
}

function reducedSize({ width, height }: Size, use: ImageUse, dpi: number, above: number): Size {
  const [x, y] = resolutionOf({ width, height }, use);
  if (Math.max(x, y) <= dpi * above) return { width, height };
  return { width: reduced(width, x, dpi), height: reduced(height, y, dpi) };
}

function reduced(pixels: number, from: number, to: number): number {
  if (from <= to || pixels < MIN_PIXELS) return pixels;
  return Math.max(1, Math.ceil((pixels * to) / from - ROUNDING));
}

/** Pixels per inch along both axes. 0 if the image is drawn without extent. */
export function resolutionOf(image: Size, use: ImageUse): [number, number] {
  const perInch = (pixels: number, points: number): number => (points > 0 ? (pixels * POINTS_PER_INCH) / points : 0);
  return [perInch(image.width, use.widthPoints), perInch(image.height, use.heightPoints)];
}
