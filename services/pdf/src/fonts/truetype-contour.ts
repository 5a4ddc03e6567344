import { Segment } from './outline.js';

interface ContourPoint {
  readonly x: number;
  readonly y: number;
  readonly isOn: boolean;
}

/** The points of a closed contour, on and off the curve. */
export type Contour = readonly ContourPoint[];

/**
 * Returns the segments of a contour of quadratic curves. Between two points off the curve there is one on it in the
 * middle. A contour of one point positions other glyphs and draws nothing.
 */
export function contourSegments(contour: Contour): number[] {
  if (contour.length === 1) return [];
  const points = startingOnCurve(contour);
  const [start, ...rest] = points;
  if (!start) return [];
  const segments: number[] = [Segment.Move, start.x, start.y];
  let control: ContourPoint | undefined;
  for (const point of rest) {
    if (control) {
      const end = point.isOn ? point : middle(control, point);
      segments.push(Segment.Quadratic, control.x, control.y, end.x, end.y);
    } else if (point.isOn) segments.push(Segment.Line, point.x, point.y);
    control = point.isOn ? undefined : point;
  }
  if (control) segments.push(Segment.Quadratic, control.x, control.y, start.x, start.y);
  return segments;
}

/** Returns the points from one on the curve on: the first, the last, or the middle of both. */
function startingOnCurve(contour: Contour): Contour {
  const [first, last] = [contour[0], contour.at(-1)];
  if (!first || !last || first.isOn) return contour;
  return last.isOn ? [last, ...contour.slice(0, -1)] : [middle(first, last), ...contour];
}

function middle(one: ContourPoint, other: ContourPoint): ContourPoint {
  return { x: (one.x + other.x) / 2, y: (one.y + other.y) / 2, isOn: true };
}
