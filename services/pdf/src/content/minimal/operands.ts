import type { PdfObject } from '../../syntax/objects.js';
import { MAX_OPERANDS } from '../operation.js';
import type { Operation } from '../operation.js';
import { NotUnderstood, exactNumber } from './numbers.js';
import type { ShortNumber } from './numbers.js';

/** Throws `NotUnderstood` unless the operation has this number of operands. */
export function checkCount({ count }: Operation, expected: number): void {
  if (count !== expected) throw new NotUnderstood('an unexpected number of operands');
}

/** All operands as numbers, of which there must be `count`. */
export function numbersOf(operation: Operation, count: number): ShortNumber[] {
  checkCount(operation, count);
  const numbers: ShortNumber[] = [];
  for (let at = 0; at < count; at++) numbers.push(exactNumber(operation.token(at)));
  return numbers;
}

/** The token of the only operand of an operation that takes a name. */
export function nameOf(operation: Operation): string {
  checkCount(operation, 1);
  const token = operation.token(0);
  if (!token.startsWith('/')) throw new NotUnderstood('an operand that is not a name');
  return token;
}

/** The decoded text of a name operand. */
export function nameAt(operation: Operation, index: number): string {
  const name = operation.name(index);
  if (name === undefined) throw new NotUnderstood('an operand that is not a name');
  return name;
}

/** All operands as they are, with one space between them. */
export function exactOperands(operation: Operation): string[] {
  if (operation.count >= MAX_OPERANDS) throw new NotUnderstood('too many operands');
  return Array.from({ length: operation.count }, (_item, at) => operation.token(at));
}

/** The items of an array operand. */
export function arrayAt(operation: Operation, index: number): PdfObject[] {
  const value = operation.at(index);
  if (!Array.isArray(value)) throw new NotUnderstood('an operand that is not an array');
  return value;
}
