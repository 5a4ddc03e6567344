import type { Orientation } from '../exif.js';
import type { Rotation } from './layout.js';

/** A transformation matrix [a b c d e f] (ISO 32000-2, 8.3.3). */
export type Matrix = readonly [number, number, number, number, number, number];

/** A rectangle by its lower left corner. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Each orientation is followed by the one that it becomes when the upright image is turned 90 degrees clockwise. */
const TURNS: readonly (readonly Orientation[])[] = [
  [1, 6, 3, 8],
  [2, 7, 4, 5],
];

/** Returns the orientation of an image that is first brought upright and then rotated clockwise. */
export function rotateOrientation(orientation: Orientation, rotation: Rotation): Orientation {
  const cycle = TURNS.find((turns) => turns.includes(orientation)) ?? [];
  return cycle[(cycle.indexOf(orientation) + rotation / 90) % cycle.length] ?? orientation;
}

/** Whether rows of the stored image are columns of the visible one. */
export function swapsSides(orientation: Orientation): boolean {
  return orientation >= 5;
}

/**
 * Returns the matrix that puts the unit square of an image into a box so that the image is seen as its orientation
 * requires. Rows are stored from the top, and the origin of the unit square is at the bottom left (ISO 32000-2, 8.9.5.1).
 */
export function imageMatrix(orientation: Orientation, { x, y, width, height }: Box): Matrix {
  const [right, top] = [round(x + width), round(y + height)];
  switch (orientation) {
    case 1:
      return [width, 0, 0, height, x, y];
    case 2:
      return [-width, 0, 0, height, right, y];
    case 3:
      return [-width, 0, 0, -height, right, top];
    case 4:
      return [width, 0, 0, -height, x, top];
    case 5:
      return [0, -height, -width, 0, right, top];
    case 6:
      return [0, -height, width, 0, x, top];
    case 7:
      return [0, height, width, 0, x, y];
    case 8:
      return [0, height, -width, 0, right, y];
  }
}

/** Rounds to thousandths of a unit, which no renderer can show. */
export function round(units: number): number {
  return Math.round(units * 1000) / 1000;
}
