import compressPdf from './compress-pdf/definition.js';
import imageToPdf from './image-to-pdf/definition.js';
import mergePdf from './merge-pdf/definition.js';
import type { Operations } from './operation.js';

/** Every operation by its name in URLs, on the command line and in job records. A new operation needs one line here. */
export const OPERATIONS = {
  'image-to-pdf': imageToPdf,
  'merge-pdf': mergePdf,
  'compress-pdf': compressPdf,
} as const satisfies Operations;

export type OperationName = keyof typeof OPERATIONS;

export const OPERATION_NAMES = Object.keys(OPERATIONS) as readonly OperationName[];

/** Whether a string names an operation. */
export function isOperationName(name: string): name is OperationName {
  return Object.hasOwn(OPERATIONS, name);
}
