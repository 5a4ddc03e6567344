/** A line by its distance, or a curve by the distances of its points, each from the point before it. */
export type Distances =
  | readonly [dx: number, dy: number]
  | readonly [dx1: number, dy1: number, dx2: number, dy2: number, dx3: number, dy3: number];

/** How an operator takes a segment: its operands, and whether the operator may, must or cannot end with it. */
interface Match {
  readonly operands: readonly number[];
  readonly end: 'may' | 'must' | 'cannot';
}

/** An operator that draws several segments (TN 5177, 4.1). `match` returns how it takes the segment at a position. */
export interface PathOperator {
  readonly code: number;
  readonly match: (segment: Distances, position: number) => Match | undefined;
}

export const PATH_OPERATORS: readonly PathOperator[] = [
  { code: 5, match: matchLine },
  { code: 6, match: matchAlternatingLine(true) },
  { code: 7, match: matchAlternatingLine(false) },
  { code: 8, match: matchCurve },
  { code: 24, match: matchCurvesThenLine },
  { code: 25, match: matchLinesThenCurve },
  { code: 26, match: matchVerticalCurve },
  { code: 27, match: matchHorizontalCurve },
  { code: 30, match: matchAlternatingCurve(false) },
  { code: 31, match: matchAlternatingCurve(true) },
];

function matchLine(segment: Distances): Match | undefined {
  return segment.length === 2 ? { operands: segment, end: 'may' } : undefined;
}

function matchCurve(segment: Distances): Match | undefined {
  return segment.length === 6 ? { operands: segment, end: 'may' } : undefined;
}

function matchCurvesThenLine(segment: Distances, position: number): Match | undefined {
  if (segment.length === 6) return { operands: segment, end: 'cannot' };
  return position > 0 ? { operands: segment, end: 'must' } : undefined;
}

function matchLinesThenCurve(segment: Distances, position: number): Match | undefined {
  if (segment.length === 2) return { operands: segment, end: 'cannot' };
  return position > 0 ? { operands: segment, end: 'must' } : undefined;
}

function matchAlternatingLine(startsHorizontally: boolean): PathOperator['match'] {
  return (segment, position) => {
    if (segment.length !== 2) return undefined;
    const [dx, dy] = segment;
    const isHorizontal = startsHorizontally === (position % 2 === 0);
    if ((isHorizontal ? dy : dx) !== 0) return undefined;
    return { operands: [isHorizontal ? dx : dy], end: 'may' };
  };
}

function matchVerticalCurve(segment: Distances, position: number): Match | undefined {
  if (segment.length !== 6) return undefined;
  const [dx1, dy1, dx2, dy2, dx3, dy3] = segment;
  if (dx3 !== 0 || (dx1 !== 0 && position > 0)) return undefined;
  return { operands: [...(dx1 === 0 ? [] : [dx1]), dy1, dx2, dy2, dy3], end: 'may' };
}

function matchHorizontalCurve(segment: Distances, position: number): Match | undefined {
  if (segment.length !== 6) return undefined;
  const [dx1, dy1, dx2, dy2, dx3, dy3] = segment;
  if (dy3 !== 0 || (dy1 !== 0 && position > 0)) return undefined;
  return { operands: [...(dy1 === 0 ? [] : [dy1]), dx1, dx2, dy2, dx3], end: 'may' };
}

function matchAlternatingCurve(startsHorizontally: boolean): PathOperator['match'] {
  return (segment, position) => {
    if (segment.length !== 6) return undefined;
    const [dx1, dy1, dx2, dy2, dx3, dy3] = segment;
    const isHorizontal = startsHorizontally === (position % 2 === 0);
    const [first, other] = isHorizontal ? [dx1, dy1] : [dy1, dx1];
    const [last, free] = isHorizontal ? [dy3, dx3] : [dx3, dy3];
    if (other !== 0) return undefined;
    if (free === 0) return { operands: [first, dx2, dy2, last], end: 'may' };
    return { operands: [first, dx2, dy2, last, free], end: 'must' };
  };
}
