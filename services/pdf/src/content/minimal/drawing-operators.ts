import type { Operation } from '../operation.js';
import type { MinimizerParts, OperatorHandler } from './minimizer-parts.js';
import { checkCount, exactOperands, nameAt, nameOf, numbersOf } from './operands.js';
import { handled } from './state-operators.js';

/** Operators of external objects, shadings, marked content and Type 3 glyphs (ISO 32000-2, annex A). */
export const DRAWING_OPERATORS: ReadonlyMap<string, OperatorHandler> = new Map([
  ['Do', drawExternal],
  ['sh', drawShading],
  ...handled(['BMC', 'MP', 'EMC'], mark),
  ...handled(['BDC', 'DP'], markWithProperties),
  ...handled(['BX', 'EX'], writeAlone),
  ...handled(['d0', 'd1'], beginGlyph),
]);

/** A form inherits the leading. */
function drawExternal(parts: MinimizerParts, operation: Operation): void {
  parts.names.add('XObject', nameAt(operation, 0));
  parts.text.flush();
  parts.writeLeading();
  parts.draw(`${nameOf(operation)} Do`);
}

function drawShading(parts: MinimizerParts, operation: Operation): void {
  parts.names.add('Shading', nameAt(operation, 0));
  parts.draw(`${nameOf(operation)} sh`);
}

function markWithProperties(parts: MinimizerParts, operation: Operation): void {
  checkCount(operation, 2);
  if (operation.token(1).startsWith('/')) parts.names.add('Properties', nameAt(operation, 1));
  writeMark(parts, operation);
}

function mark(parts: MinimizerParts, operation: Operation): void {
  checkCount(operation, operation.operator === 'EMC' ? 0 : 1);
  writeMark(parts, operation);
}

/** Marked content that begins in a text object must be in it (14.6.1). */
function writeMark(parts: MinimizerParts, operation: Operation): void {
  parts.checkNoPath();
  parts.text.flush();
  if (parts.text.isInside) parts.text.open();
  parts.draw([...exactOperands(operation), operation.operator].join(' '));
}

/** Sections that may contain unknown operators (7.8.2). The minimizer accepts only known ones. */
function writeAlone(parts: MinimizerParts, operation: Operation): void {
  checkCount(operation, 0);
  parts.checkNoPath();
  parts.draw(operation.operator);
}

function beginGlyph(parts: MinimizerParts, operation: Operation): void {
  const numbers = numbersOf(operation, operation.operator === 'd0' ? 2 : 6);
  parts.draw([...numbers.map(({ token }) => token), operation.operator].join(' '));
}
