import { PdfDict } from '../../syntax/objects.js';
import type { PdfFunction } from './functions.js';

/** Maximum error of a gray value, a quarter of a step of 8 bits. */
const TOLERANCE = 1 / 1024;
const MAX_PIECES = 512;
/** Shorter pieces, as a fraction of the domain, are not split. The function jumps there. */
const SHORTEST = 1 / 4096;
/** Relative positions at which a piece is compared with a line. */
const PROBES = [0.25, 0.5, 0.75];

/**
 * Approximates the gray of another function's colours by a dictionary without a stream: lines (ISO 32000-2, 7.10.3)
 * stitched together (7.10.4). `gray` may throw a `PdfError`.
 */
export function grayFunction(
  { evaluate, breaks }: PdfFunction,
  gray: (color: readonly number[]) => number,
  domain: readonly number[],
): PdfDict {
  const [low = 0, high = 1] = domain;
  const at = (x: number): number => gray(evaluate([x]));
  const nudge = (high - low) * SHORTEST * 0.01;
  const edges = [low, ...breaks.filter((bound) => bound > low && bound < high), high];
  const left = edges.slice(1).map((end, index) => [edges[index] ?? low, end] as const);
  left.reverse();
  const pieces: Piece[] = [];
  for (let next = left.pop(); next; next = left.pop()) {
    const [from, to] = next;
    // Evaluates just inside the piece, because the function may jump at its breaks.
    const piece = { from, to, start: at(from === low ? from : from + nudge), end: at(to === high ? to : to - nudge) };
    const isFinal = to - from <= (high - low) * SHORTEST || pieces.length + left.length >= MAX_PIECES;
    if (isFinal || isLine(piece, at)) pieces.push(piece);
    else {
      const middle = (from + to) / 2;
      left.push([middle, to], [from, middle]);
    }
  }
  return stitched(pieces, low, high);
}

interface Piece {
  readonly from: number;
  readonly to: number;
  readonly start: number;
  readonly end: number;
}

function isLine({ from, to, start, end }: Piece, at: (x: number) => number): boolean {
  return PROBES.every((part) => {
    return Math.abs(at(from + part * (to - from)) - (start + part * (end - start))) <= TOLERANCE;
  });
}

function stitched(pieces: readonly Piece[], low: number, high: number): PdfDict {
  const lines = pieces.map(({ start, end }) =>
    PdfDict.of({ FunctionType: 2, Domain: [0, 1], C0: [round(start)], C1: [round(end)], N: 1 }),
  );
  const [only] = lines;
  if (only && lines.length === 1 && low === 0 && high === 1) return only;
  return PdfDict.of({
    FunctionType: 3,
    Domain: [low, high],
    Functions: lines,
    Bounds: pieces.slice(1).map(({ from }) => from),
    Encode: pieces.flatMap(() => [0, 1]),
  });
}

function round(gray: number): number {
  return Math.round(gray * 10_000) / 10_000;
}
