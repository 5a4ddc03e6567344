import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** Files up to this size are read into memory. */
const MAX_HELD = 4 * 1024 * 1024;
const WINDOW = 256 * 1024;
/** Read at an offset far from the last one. Objects beside images are far apart, and need few bytes each. */
const DISTANT_WINDOW = 16 * 1024;

/**
 * The bytes of a file, read in ranges so that memory does not grow with the file. Reads are synchronous, because a
 * parser cannot continue without the bytes.
 */
export interface ByteSource {
  readonly length: number;
  /**
   * Returns the bytes from an offset: at least `size` of them unless the file ends. They are valid until the next call.
   * Use `own` to keep them.
   */
  window(offset: number, size: number): Buffer;
  /** Returns the same bytes in memory that stays valid. */
  own(view: Buffer): Buffer;
  /** Returns `size` bytes from an offset, or fewer if the file ends, in memory that stays valid. */
  read(offset: number, size: number): Buffer;
  close(): void;
}

/** Opens a file. Throws the file system's errors. */
export function openSource(path: string): ByteSource {
  const fd = openSync(path, 'r');
  const { size } = fstatSync(fd);
  if (size > MAX_HELD) return new FileSource(fd, size);
  try {
    const bytes = Buffer.allocUnsafeSlow(size);
    return new MemorySource(bytes.subarray(0, readInto(fd, bytes, 0, size)));
  } finally {
    closeSync(fd);
  }
}

/** Bytes that are already in memory. */
export class MemorySource implements ByteSource {
  readonly length: number;
  readonly #bytes: Buffer;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    this.length = bytes.length;
  }

  window(offset: number): Buffer {
    return this.#bytes.subarray(offset);
  }

  own(view: Buffer): Buffer {
    return view;
  }

  read(offset: number, size: number): Buffer {
    return this.#bytes.subarray(offset, offset + size);
  }

  close(): void {
    // There is nothing to close.
  }
}

class FileSource implements ByteSource {
  readonly length: number;
  readonly #fd: number;
  #buffer = Buffer.allocUnsafeSlow(WINDOW);
  #offset = 0;
  #filled = 0;

  constructor(fd: number, length: number) {
    this.#fd = fd;
    this.length = length;
  }

  window(offset: number, size: number): Buffer {
    const wanted = Math.max(0, Math.min(size, this.length - offset));
    if (offset < this.#offset || offset + wanted > this.#offset + this.#filled) this.#fill(offset, wanted);
    return this.#buffer.subarray(offset - this.#offset, this.#filled);
  }

  own(view: Buffer): Buffer {
    return Buffer.from(view);
  }

  read(offset: number, size: number): Buffer {
    if (size <= WINDOW) return Buffer.from(this.window(offset, size).subarray(0, size));
    const bytes = Buffer.allocUnsafeSlow(Math.max(0, Math.min(size, this.length - offset)));
    return bytes.subarray(0, readInto(this.#fd, bytes, offset, bytes.length));
  }

  close(): void {
    closeSync(this.#fd);
  }

  #fill(offset: number, wanted: number): void {
    const isNear = offset >= this.#offset && offset <= this.#offset + this.#filled;
    const size = Math.min(Math.max(wanted, isNear ? WINDOW : DISTANT_WINDOW), this.length - offset);
    if (size > this.#buffer.length) this.#buffer = Buffer.allocUnsafeSlow(size);
    else if (this.#buffer.length > WINDOW && size <= WINDOW) this.#buffer = Buffer.allocUnsafeSlow(WINDOW);
    this.#offset = offset;
    this.#filled = readInto(this.#fd, this.#buffer, offset, size);
  }
}

/** Fills a buffer from an offset of a file. Returns the number of bytes read. */
function readInto(fd: number, buffer: Buffer, offset: number, size: number): number {
  let filled = 0;
  while (filled < size) {
    const read = readSync(fd, buffer, filled, size - filled, offset + filled);
    if (read === 0) break;
    filled += read;
  }
  return filled;
}
