import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { AppError } from '@pdf-tools/shared/errors';

const CHUNK = 256 * 1024;
/** A PDF ends with its end-of-file marker; some bytes may follow it (ISO 32000-2, 7.5.5 and Annex I). */
const TRAILER_WINDOW = 1024;

/** Size in bytes and SHA-256 of a finished output. Throws `internal_error` for one that is not a whole PDF. */
export async function inspectOutput(path: string): Promise<{ readonly bytes: number; readonly sha256: string }> {
  const file = await open(path, 'r');
  try {
    const hash = createHash('sha256');
    const buffer = Buffer.allocUnsafe(CHUNK);
    let bytes = 0;
    let head = '';
    let tail = '';
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, CHUNK, null);
      if (bytesRead === 0) break;
      const chunk = buffer.subarray(0, bytesRead);
      hash.update(chunk);
      if (bytes === 0) head = chunk.toString('latin1', 0, 5);
      tail = (tail + chunk.toString('latin1', Math.max(0, bytesRead - TRAILER_WINDOW))).slice(-TRAILER_WINDOW);
      bytes += bytesRead;
    }
    if (head !== '%PDF-' || !tail.includes('%%EOF'))
      throw new AppError('internal_error', 'The work did not produce a whole PDF.');
    return { bytes, sha256: hash.digest('hex') };
  } finally {
    await file.close();
  }
}
