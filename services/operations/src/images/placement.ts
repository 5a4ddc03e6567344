import type { Orientation } from './exif.js';
import type { ImageFrame } from './pdf-image.js';
import { DEFAULT_DPI } from './resolution.js';

/** Longest and shortest side of a page in default user space units (ISO 32000-1, table C.1). */
const MAX_PAGE_UNITS = 14_400;
const MIN_PAGE_UNITS = 3;
const UNITS_PER_INCH = 72;

/** A transformation matrix [a b c d e f] (ISO 32000-2, 8.3.3). */
export type Matrix = readonly [number, number, number, number, number, number];

/** A page that shows one picture at its own size: sides in default user space units, and where the unit square goes. */
export interface Placement {
  readonly width: number;
  readonly height: number;
  readonly matrix: Matrix;
}

/** The page for a picture at its resolution, 96 dpi where it has none, shrunk or grown into what viewers can show. */
export function placeFrame({ image, orientation, dpi = DEFAULT_DPI }: ImageFrame): Placement {
  const stored = { x: (image.width / dpi.x) * UNITS_PER_INCH, y: (image.height / dpi.y) * UNITS_PER_INCH };
  const upright = orientation >= 5 ? { x: stored.y, y: stored.x } : stored;
  const grow = Math.max(1, MIN_PAGE_UNITS / Math.min(upright.x, upright.y));
  const shrink = Math.min(grow, MAX_PAGE_UNITS / Math.max(upright.x, upright.y));
  const width = round(upright.x * shrink);
  const height = round(upright.y * shrink);
  return { width, height, matrix: orient(orientation, width, height) };
}

/**
 * Where an image's unit square goes so that the picture is seen as its EXIF orientation says: rows are stored from the
 * top, and the unit square's origin is at the bottom left (ISO 32000-2, 8.9.5.1).
 */
function orient(orientation: Orientation, w: number, h: number): Matrix {
  switch (orientation) {
    case 1:
      return [w, 0, 0, h, 0, 0];
    case 2:
      return [-w, 0, 0, h, w, 0];
    case 3:
      return [-w, 0, 0, -h, w, h];
    case 4:
      return [w, 0, 0, -h, 0, h];
    case 5:
      return [0, -h, -w, 0, w, h];
    case 6:
      return [0, -h, w, 0, 0, h];
    case 7:
      return [0, h, w, 0, 0, 0];
    case 8:
      return [0, h, -w, 0, w, 0];
  }
}

function round(units: number): number {
  return Math.round(units * 1000) / 1000;
}
