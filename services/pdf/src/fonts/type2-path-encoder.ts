import { encodeType2Number, type2NumberBytes } from './type2-numbers.js';
import { PATH_OPERATORS } from './type2-operators.js';
import type { Distances, PathOperator } from './type2-operators.js';

/** Maximum number of operands (TN 5177, appendix B). */
const MAX_OPERANDS = 48;

/** An operator that draws the next `count` segments, and the bytes of the charstring from it on. */
interface Step {
  readonly operator: PathOperator;
  readonly count: number;
  readonly bytes: number;
}

/** Returns the shortest operators that draw these segments. */
export function encodeSegments(segments: readonly Distances[]): number[] {
  const steps = shortestSteps(segments);
  const bytes: number[] = [];
  for (let at = 0; at < segments.length;) {
    const step = steps[at];
    if (!step) break;
    for (let position = 0; position < step.count; position++) {
      const segment = segments[at + position];
      const match = segment && step.operator.match(segment, position);
      bytes.push(...(match?.operands ?? []).flatMap(encodeType2Number));
    }
    bytes.push(step.operator.code);
    at += step.count;
  }
  return bytes;
}

/** Finds the best operator at each segment, from the last one back. */
function shortestSteps(segments: readonly Distances[]): Step[] {
  const steps = Array<Step>(segments.length);
  const bytesFrom = (at: number): number => (at === segments.length ? 0 : (steps[at]?.bytes ?? Infinity));
  for (let at = segments.length - 1; at >= 0; at--) {
    let best: Step | undefined;
    for (const operator of PATH_OPERATORS) {
      for (const { count, bytes } of runsOf(operator, segments, at)) {
        const total = bytes + bytesFrom(at + count);
        if (!best || total < best.bytes) best = { operator, count, bytes: total };
      }
    }
    if (best) steps[at] = best;
  }
  return steps;
}

/** Returns the numbers of segments that an operator can draw from a position on, with its bytes. */
function runsOf(
  operator: PathOperator,
  segments: readonly Distances[],
  at: number,
): { readonly count: number; readonly bytes: number }[] {
  const runs: { readonly count: number; readonly bytes: number }[] = [];
  let [operands, bytes] = [0, 1];
  for (let position = 0; at + position < segments.length; position++) {
    const segment = segments[at + position];
    const match = segment && operator.match(segment, position);
    operands += match?.operands.length ?? 0;
    if (!match || operands > MAX_OPERANDS) break;
    bytes += match.operands.reduce((sum, operand) => sum + type2NumberBytes(operand), 0);
    if (match.end !== 'cannot') runs.push({ count: position + 1, bytes });
    if (match.end === 'must') break;
  }
  return runs;
}
