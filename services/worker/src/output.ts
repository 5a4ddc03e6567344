import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { AppError } from '@pdf-tools/runtime/errors';

/** Kept, as pages fresh from the system cost more than the digest of what is read into them. */
const chunk = Buffer.allocUnsafeSlow(256 * 1024);
const MARK = '%PDF-';
/** A PDF ends with its end-of-file marker; some bytes may follow it (ISO 32000-2, 7.5.5 and Annex I). */
const TRAILER_WINDOW = 1024;

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
 * The parent's own look at an open output, whatever the child said of it: throws `internal_error` for one that does not
 * have the size it was told or is not a whole PDF.
 */
export function checkOutput(file: number, bytes: number): void {
  const { size } = fstatSync(file);
  const head = readAt(file, 0, MARK.length);
  const tail = readAt(file, Math.max(0, size - TRAILER_WINDOW), TRAILER_WINDOW);
  if (size !== bytes || head !== MARK || !tail.includes('%%EOF'))
    throw new AppError('internal_error', 'The work did not produce a whole PDF.');
}

function readAt(file: number, position: number, length: number): string {
  const buffer = Buffer.alloc(length);
  return buffer.toString('latin1', 0, readSync(file, buffer, 0, length, position));
}
