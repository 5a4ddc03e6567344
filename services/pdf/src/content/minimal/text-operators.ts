import type { Operation } from '../operation.js';
import type { MinimizerParts, OperatorHandler } from './minimizer-parts.js';
import { exactNumber, valueToken } from './numbers.js';
import { checkCount, nameAt, numbersOf } from './operands.js';
import { handled, setExact } from './state-operators.js';

/** Operators of text (ISO 32000-2, tables 103, 105, 106 and 107). */
export const TEXT_OPERATORS: ReadonlyMap<string, OperatorHandler> = new Map([
  ...handled(['Tc', 'Tw', 'Tr', 'Ts'], setExact),
  ['BT', begin],
  ['ET', end],
  ['Tz', setStretch],
  ['Tf', setFont],
  ['TL', setLeading],
  ['Tm', setMatrix],
  ...handled(['Td', 'TD'], move),
  ['T*', nextLine],
  ['Tj', show],
  ['TJ', showArray],
  ["'", showOnNextLine],
  ['"', showWithSpacing],
]);

function begin(parts: MinimizerParts, operation: Operation): void {
  checkCount(operation, 0);
  parts.checkNoPath();
  parts.text.begin();
}

function end(parts: MinimizerParts): void {
  parts.text.end();
}

function setStretch(parts: MinimizerParts, operation: Operation): void {
  setExact(parts, operation);
  parts.stack.state.stretch = (operation.number(0) ?? 0) / 100;
}

function setFont(parts: MinimizerParts, operation: Operation): void {
  checkCount(operation, 2);
  parts.names.add('Font', nameAt(operation, 0));
  const size = exactNumber(operation.token(1));
  parts.set('Tf', `${operation.token(0)} ${size.token} Tf`);
  parts.stack.state.fontSize = size.value;
}

function setLeading({ stack }: MinimizerParts, operation: Operation): void {
  const [leading] = numbersOf(operation, 1);
  stack.state.leading = `${leading?.token ?? ''} TL`;
}

function setMatrix(parts: MinimizerParts, operation: Operation): void {
  parts.text.setMatrix(operation);
}

function move(parts: MinimizerParts, operation: Operation): void {
  parts.text.move(operation);
  const [, up] = numbersOf(operation, 2);
  if (operation.operator === 'TD') parts.stack.state.leading = `${valueToken(-(up?.value ?? 0), Infinity).token} TL`;
}

function nextLine(parts: MinimizerParts): void {
  parts.text.nextLine();
}

function show(parts: MinimizerParts, operation: Operation): void {
  checkCount(operation, 1);
  parts.text.showString(operation, 0);
}

function showArray(parts: MinimizerParts, operation: Operation): void {
  checkCount(operation, 1);
  parts.text.showArray(operation);
}

function showOnNextLine(parts: MinimizerParts, operation: Operation): void {
  checkCount(operation, 1);
  parts.text.nextLine();
  parts.text.showString(operation, 0);
}

function showWithSpacing(parts: MinimizerParts, operation: Operation): void {
  checkCount(operation, 3);
  parts.set('Tw', `${exactNumber(operation.token(0)).token} Tw`);
  parts.set('Tc', `${exactNumber(operation.token(1)).token} Tc`);
  parts.text.nextLine();
  parts.text.showString(operation, 2);
}
