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
      for (const operand of match?.operands ?? []) bytes.push(...encodeType2Number(operand));
    }
    bytes.push(step.operator.code);
    at += step.count;
  }
  return bytes;
}

/** Finds the best operator at each segment, from the last one back. */
function shortestSteps(segments: readonly Distances[]): Step[] {
  const steps = Array<Step>(segments.length);
  for (let at = segments.length - 1; at >= 0; at--) {
    let best: Step | undefined;
    for (const operator of PATH_OPERATORS) best = betterStep(operator, segments, { at, steps, best });
    if (best) steps[at] = best;
  }
  return steps;
}

interface Search {
  readonly at: number;
  readonly steps: readonly Step[];
  readonly best: Step | undefined;
}

/** Returns the best step with this operator, or `best` if that takes at most as many bytes. */
function betterStep(
  operator: PathOperator,
  segments: readonly Distances[],
  { at, steps, best }: Search,
): Step | undefined {
  let [operands, bytes, found] = [0, 1, best];
  for (let end = at; end < segments.length; end++) {
    const segment = segments[end];
    const match = segment && operator.match(segment, end - at);
    if (!match) break;
    operands += match.operands.length;
    if (operands > MAX_OPERANDS) break;
    bytes += bytesOf(match.operands);
    const total = bytes + (steps[end + 1]?.bytes ?? 0);
    if (match.end !== 'cannot' && total < (found?.bytes ?? Infinity))
      found = { operator, count: end + 1 - at, bytes: total };
    if (match.end === 'must') break;
  }
  return found;
}

function bytesOf(operands: readonly number[]): number {
  let bytes = 0;
  for (const operand of operands) bytes += type2NumberBytes(operand);
  return bytes;
}
