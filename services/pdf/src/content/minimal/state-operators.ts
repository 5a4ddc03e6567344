import { serialize } from '../../syntax/serializer.js';
import type { MinimizerParts, OperatorHandler } from './minimizer-parts.js';
import type { Operation } from '../operation.js';
import { NotUnderstood, exactNumber, roundedNonzero } from './numbers.js';
import { arrayAt, checkCount, nameAt, nameOf, numbersOf } from './operands.js';

/** Operators of graphics state (ISO 32000-2, tables 56 and 73) and paths (tables 58 to 60). */
export const STATE_OPERATORS: ReadonlyMap<string, OperatorHandler> = new Map([
  ['q', save],
  ['Q', restore],
  ['cm', concat],
  ['w', setLineWidth],
  ['d', setDash],
  ['ri', setIntent],
  ['gs', setDictionary],
  ...handled(['J', 'j', 'M', 'i'], setExact),
  ...handled(['g', 'G', 'rg', 'RG', 'k', 'K', 'cs', 'CS', 'sc', 'SC', 'scn', 'SCN'], setColor),
  ...handled(['m', 'l', 'c', 'v', 'y', 'h', 're'], addSegment),
  ...handled(['n', 'S', 's', 'f', 'F', 'f*', 'B', 'B*', 'b', 'b*', 'W', 'W*'], endPath),
]);

/** The same handler for several operators. */
export function handled(operators: readonly string[], handler: OperatorHandler): [string, OperatorHandler][] {
  return operators.map((operator) => [operator, handler]);
}

/** Sets a parameter to a number that is not rounded. */
export function setExact(parts: MinimizerParts, operation: Operation): void {
  const { operator } = operation;
  checkCount(operation, 1);
  parts.set(operator, `${exactNumber(operation.token(0)).token} ${operator}`);
}

function save(parts: MinimizerParts, operation: Operation): void {
  checkCount(operation, 0);
  parts.checkOutsideText();
  parts.settle();
  parts.stack.save();
  parts.output.save();
}

function restore(parts: MinimizerParts, operation: Operation): void {
  checkCount(operation, 0);
  parts.checkOutsideText();
  parts.settle();
  parts.stack.restore();
  parts.output.restore();
}

function concat(parts: MinimizerParts, operation: Operation): void {
  parts.checkOutsideText();
  parts.settle();
  const text = parts.stack.concat(operation);
  if (text !== undefined) parts.output.addState(text);
}

function setLineWidth(parts: MinimizerParts, operation: Operation): void {
  const [width] = numbersOf(operation, 1);
  if (width) parts.set('w', `${roundedNonzero(width, parts.stack.decimals).token} w`);
}

/** Errors of a dash pattern add up along a line, so it stays exact. */
function setDash(parts: MinimizerParts, operation: Operation): void {
  checkCount(operation, 2);
  const array = arrayAt(operation, 0);
  if (!array.every((item) => typeof item === 'number')) throw new NotUnderstood('a dash that is not a number');
  parts.set('d', `${serialize(array)}${exactNumber(operation.token(1)).token} d`);
}

function setIntent(parts: MinimizerParts, operation: Operation): void {
  parts.set('ri', `${nameOf(operation)} ri`);
}

function setDictionary(parts: MinimizerParts, operation: Operation): void {
  parts.checkNoPath();
  parts.text.flush();
  parts.names.add('ExtGState', nameAt(operation, 0));
  parts.parameters.setDictionary(parts.stack.state, operation);
}

function setColor(parts: MinimizerParts, operation: Operation): void {
  parts.checkNoPath();
  parts.parameters.setColor(parts.stack.state, operation);
  const { operator } = operation;
  if (operator === 'cs' || operator === 'CS') parts.names.add('ColorSpace', nameAt(operation, 0));
  else if (operation.token(-1).startsWith('/')) parts.names.add('Pattern', nameAt(operation, -1));
}

function addSegment(parts: MinimizerParts, operation: Operation): void {
  parts.settle();
  parts.path.addSegment(operation, parts.stack.decimals);
}

function endPath(parts: MinimizerParts, operation: Operation): void {
  checkCount(operation, 0);
  parts.settle();
  parts.path.end(operation);
}
