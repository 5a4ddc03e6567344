import { fstatSync, readSync } from 'node:fs';
import { EDGE_BYTES } from '@pdf-tools/operations/result-format';
import type { ResultFormat } from '@pdf-tools/operations/result-format';
import { AppError } from '@pdf-tools/runtime/errors';

/**
 * Checks an open output in the parent process, which does not trust what the child reports. Throws `internal_error` if the
 * file does not have the reported size or is not a complete file of the operation's format.
 */
export function checkOutput(file: number, bytes: number, { label, isComplete }: ResultFormat): void {
  const { size } = fstatSync(file);
  const head = readAt(file, 0);
  const tail = readAt(file, Math.max(0, size - EDGE_BYTES));
  if (size !== bytes || !isComplete(head, tail))
    throw new AppError('internal_error', `The operation did not write a complete ${label}. Send the request again.`);
}

function readAt(file: number, position: number): string {
  const buffer = Buffer.alloc(EDGE_BYTES);
  return buffer.toString('latin1', 0, readSync(file, buffer, 0, EDGE_BYTES, position));
}
