import { FontError } from './font-error.js';
import type { RelativePath } from './relative-path.js';

type DrawOperator = (operands: readonly number[], path: RelativePath) => void;

/** The path construction operators of a Type 2 charstring (TN 5177, 4.1) except the moves. */
export const DRAW_OPERATORS: ReadonlyMap<number, DrawOperator> = new Map<number, DrawOperator>([
  [5, drawLines],
  [6, drawAlternatingLines(true)],
  [7, drawAlternatingLines(false)],
  [8, drawCurves],
  [24, drawCurvesThenLine],
  [25, drawLinesThenCurve],
  [26, drawVerticalCurves],
  [27, drawHorizontalCurves],
  [30, drawAlternatingCurves(false)],
  [31, drawAlternatingCurves(true)],
  [0x0c22, drawHorizontalFlex],
  [0x0c23, drawFlex],
  [0x0c24, drawHorizontalFlex1],
  [0x0c25, drawFlex1],
]);

/** Reads operands in their order. */
class Operands {
  #at = 0;

  constructor(readonly values: readonly number[]) {}

  get left(): number {
    return this.values.length - this.#at;
  }

  next(): number {
    const value = this.values[this.#at++];
    if (value === undefined) throw new FontError('has a charstring with too few operands');
    return value;
  }
}

/** Throws a `FontError` unless there are at least `min` operands, and `remainder` after groups of `group`. */
function check(operands: readonly number[], min: number, group: number, remainder = 0): Operands {
  if (operands.length < min || operands.length % group !== remainder)
    throw new FontError('has a charstring with a wrong number of operands');
  return new Operands(operands);
}

function drawLines(values: readonly number[], path: RelativePath): void {
  const operands = check(values, 2, 2);
  while (operands.left > 0) path.line(operands.next(), operands.next());
}

function drawAlternatingLines(startsHorizontally: boolean): DrawOperator {
  return (values, path) => {
    const operands = check(values, 1, 1);
    for (let isHorizontal = startsHorizontally; operands.left > 0; isHorizontal = !isHorizontal) {
      const distance = operands.next();
      if (isHorizontal) path.line(distance, 0);
      else path.line(0, distance);
    }
  };
}

function drawCurve(operands: Operands, path: RelativePath): void {
  const next = (): number => operands.next();
  path.curve(next(), next(), next(), next(), next(), next());
}

function drawCurves(values: readonly number[], path: RelativePath): void {
  const operands = check(values, 6, 6);
  while (operands.left > 0) drawCurve(operands, path);
}

function drawCurvesThenLine(values: readonly number[], path: RelativePath): void {
  const operands = check(values, 8, 6, 2);
  while (operands.left > 2) drawCurve(operands, path);
  path.line(operands.next(), operands.next());
}

function drawLinesThenCurve(values: readonly number[], path: RelativePath): void {
  const operands = check(values, 8, 2);
  while (operands.left > 6) path.line(operands.next(), operands.next());
  drawCurve(operands, path);
}

function drawVerticalCurves(values: readonly number[], path: RelativePath): void {
  const operands = check(values, 4, 4, values.length % 4 === 1 ? 1 : 0);
  let dx1 = values.length % 4 === 1 ? operands.next() : 0;
  while (operands.left > 0) {
    path.curve(dx1, operands.next(), operands.next(), operands.next(), 0, operands.next());
    dx1 = 0;
  }
}

function drawHorizontalCurves(values: readonly number[], path: RelativePath): void {
  const operands = check(values, 4, 4, values.length % 4 === 1 ? 1 : 0);
  let dy1 = values.length % 4 === 1 ? operands.next() : 0;
  while (operands.left > 0) {
    path.curve(operands.next(), dy1, operands.next(), operands.next(), operands.next(), 0);
    dy1 = 0;
  }
}

/** Curves that start and end horizontally and vertically in turn. The last one may end in any direction. */
function drawAlternatingCurves(startsHorizontally: boolean): DrawOperator {
  return (values, path) => {
    const operands = check(values, 4, 4, values.length % 4 === 1 ? 1 : 0);
    for (let isHorizontal = startsHorizontally; operands.left > 0; isHorizontal = !isHorizontal) {
      const [first, dx2, dy2, last] = [operands.next(), operands.next(), operands.next(), operands.next()];
      const free = operands.left === 1 ? operands.next() : 0;
      if (isHorizontal) path.curve(first, 0, dx2, dy2, free, last);
      else path.curve(0, first, dx2, dy2, last, free);
    }
  };
}

function drawFlex(values: readonly number[], path: RelativePath): void {
  const operands = check(values, 13, 13);
  drawCurve(operands, path);
  drawCurve(operands, path);
}

function drawHorizontalFlex(values: readonly number[], path: RelativePath): void {
  const operands = check(values, 7, 7);
  const next = (): number => operands.next();
  const [dx1, dx2, dy2, dx3, dx4, dx5, dx6] = [next(), next(), next(), next(), next(), next(), next()];
  path.curve(dx1, 0, dx2, dy2, dx3, 0);
  path.curve(dx4, 0, dx5, -dy2, dx6, 0);
}

function drawHorizontalFlex1(values: readonly number[], path: RelativePath): void {
  const operands = check(values, 9, 9);
  const startY = path.y;
  const next = (): number => operands.next();
  path.curve(next(), next(), next(), next(), next(), 0);
  const [dx4, dx5, dy5, dx6] = [next(), next(), next(), next()];
  path.curve(dx4, 0, dx5, dy5, dx6, startY - (path.y + dy5));
}

/** The last operand is the longer distance of the end. The other coordinate returns to that of the start. */
function drawFlex1(values: readonly number[], path: RelativePath): void {
  const operands = check(values, 11, 11);
  const [startX, startY] = [path.x, path.y];
  drawCurve(operands, path);
  const next = (): number => operands.next();
  const [dx4, dy4, dx5, dy5, last] = [next(), next(), next(), next(), next()];
  const [x, y] = [path.x + dx4 + dx5, path.y + dy4 + dy5];
  const isWide = Math.abs(x - startX) > Math.abs(y - startY);
  const [dx6, dy6] = isWide ? [last, startY - y] : [startX - x, last];
  path.curve(dx4, dy4, dx5, dy5, dx6, dy6);
}
