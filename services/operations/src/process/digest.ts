import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import type { Output } from './messages.js';

/** Kept, because fresh pages cost more than the digest of what is read into them. */
const chunk = Buffer.allocUnsafeSlow(256 * 1024);

/** Returns size and SHA-256 of a file. It blocks, which is fine in a child process: it has nothing else to do. */
export function digestOutput(path: string): Output {
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
