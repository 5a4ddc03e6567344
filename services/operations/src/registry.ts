import compressPdf from './compress-pdf/definition.js';
import imageToPdf from './image-to-pdf/definition.js';
import mergePdf from './merge-pdf/definition.js';
import type { Operations } from './operation.js';

/** Every operation under the name it has in URLs, on the command line and in job records. Adding one is a line here. */
export const OPERATIONS = {
  'image-to-pdf': imageToPdf,
  'merge-pdf': mergePdf,
  'compress-pdf': compressPdf,
} as const satisfies Operations;

export type OperationName = keyof typeof OPERATIONS;

export const OPERATION_NAMES = Object.keys(OPERATIONS) as readonly OperationName[];

/** True for a string that names an operation. */
export function isOperationName(name: string): name is OperationName {
  return Object.hasOwn(OPERATIONS, name);
}
