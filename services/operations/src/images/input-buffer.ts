import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** Files up to this size are read into the buffer that is used again. */
const MAX_REUSED_BYTES = 64 * 1024 * 1024;

let reused = Buffer.alloc(0);

/**
 * Reads a file. The bytes are valid until the next call, because the next file is read into the same memory. Otherwise
 * a request with many images would take memory for several of them until it is collected.
 */
export function readInput(path: string): Buffer {
  const file = openSync(path, 'r');
  try {
    const { size } = fstatSync(file);
    const buffer = size > MAX_REUSED_BYTES ? Buffer.allocUnsafeSlow(size) : reusedOf(size);
    let length = 0;
    for (;;) {
      const read = readSync(file, buffer, length, size - length, null);
      length += read;
      if (read === 0 || length === size) return buffer.subarray(0, length);
    }
  } finally {
    closeSync(file);
  }
}

/**
 * Makes room for the largest of several files before they are read. Otherwise each larger file would get a new buffer, and
 * the one before would take memory until it is collected.
 */
export function reserveInput(bytes: number): void {
  if (bytes <= MAX_REUSED_BYTES) reusedOf(bytes);
}

function reusedOf(size: number): Buffer {
  if (reused.length < size) reused = Buffer.allocUnsafeSlow(Math.min(MAX_REUSED_BYTES, Math.ceil(size * 1.5)));
  return reused;
}
