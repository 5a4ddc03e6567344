import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { EDGE_BYTES } from '@pdf-tools/operations/result-format';
import type { ResultFormat } from '@pdf-tools/operations/result-format';
import { AppError } from '@pdf-tools/runtime/errors';

/** Kept, as pages fresh from the system cost more than the digest of what is read into them. */
const chunk = Buffer.allocUnsafeSlow(256 * 1024);
/** Size in bytes and SHA-256 of a file. Synchronous: for a child process, which has nothing else to do. */
export function digestOutput(path: string): { readonly bytes: number; readonly sha256: string } {
  const file = openSync(path, 'r');
  try {
    const hash = createHash('sha256');
    let bytes = 0;
    for (let read = readSync(file, chunk); read > 0; read = readSync(file, chunk)) {
      hash.update(chunk.subarray(0, read));
      bytes += read;
    }
    return { bytes, sha256: hash.digest('hex') };
  } finally {
    closeSync(file);
  }
}

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
