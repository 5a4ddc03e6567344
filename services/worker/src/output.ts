import { createHash } from 'node:crypto';
import { fstatSync, read } from 'node:fs';
import { promisify } from 'node:util';
import { AppError } from '@pdf-tools/shared/errors';

const CHUNK = 1024 * 1024;
/** A PDF ends with its end-of-file marker; some bytes may follow it (ISO 32000-2, 7.5.5 and Annex I). */
const TRAILER_WINDOW = 1024;

const readFile = promisify(read);

/**
 * Size in bytes and SHA-256 of a finished output, given as an open file. Throws `internal_error` for one that is not a
 * whole PDF.
 */
export async function inspectOutput(file: number): Promise<{ readonly bytes: number; readonly sha256: string }> {
  const { size } = fstatSync(file);
  const hash = createHash('sha256');
  const buffer = Buffer.allocUnsafe(Math.min(CHUNK, size));
  let head = '';
  let tail = '';
  for (let position = 0; position < size;) {
    const { bytesRead } = await readFile(file, buffer, 0, buffer.length, position);
    if (bytesRead === 0) break;
    const chunk = buffer.subarray(0, bytesRead);
    hash.update(chunk);
    if (position === 0) head = chunk.toString('latin1', 0, 5);
    tail = (tail + chunk.toString('latin1', Math.max(0, bytesRead - TRAILER_WINDOW))).slice(-TRAILER_WINDOW);
    position += bytesRead;
  }
  if (head !== '%PDF-' || !tail.includes('%%EOF'))
    throw new AppError('internal_error', 'The work did not produce a whole PDF.');
  return { bytes: size, sha256: hash.digest('hex') };
}
