import { closeSync, openSync, writeSync } from 'node:fs';

const BUFFER_BYTES = 256 * 1024;
/** The buffer of the last closed file. A new one for each small file would cost more than the file, mostly its collection. */
let spareBuffer: Buffer | undefined;

/** Receives the bytes of a document in order. */
export interface ByteSink {
  /** Number of bytes written, which is the offset of the next one. */
  readonly position: number;
  /** Writes Latin-1 text. */
  text(text: string): void;
  bytes(bytes: Buffer): void;
  /** Completes the document. */
  end(): void;
  /** Closes an incomplete document. */
  discard(): void;
}

/** Collects a small document in memory. */
export class MemorySink implements ByteSink {
  position = 0;
  readonly #parts: Buffer[] = [];

  text(text: string): void {
    this.bytes(Buffer.from(text, 'latin1'));
  }

  bytes(bytes: Buffer): void {
    this.position += bytes.length;
    this.#parts.push(bytes);
  }

  end(): void {
    // There is nothing to close.
  }

  discard(): void {
    this.#parts.length = 0;
  }

  /** Returns a copy of everything that was written. */
  toBuffer(): Buffer {
    return Buffer.concat(this.#parts);
  }
}

/** Writes a file sequentially, in large blocks. */
export class FileSink implements ByteSink {
  position = 0;
  readonly #fd: number;
  readonly #buffer: Buffer;
  #filled = 0;
  #isClosed = false;

  /** Creates or truncates the file. All methods throw the file system's errors. */
  constructor(path: string) {
    this.#fd = openSync(path, 'w');
    this.#buffer = spareBuffer ?? Buffer.allocUnsafeSlow(BUFFER_BYTES);
    spareBuffer = undefined;
  }

  text(text: string): void {
    if (text.length > BUFFER_BYTES - this.#filled) {
      this.bytes(Buffer.from(text, 'latin1'));
      return;
    }
    this.#filled += this.#buffer.write(text, this.#filled, 'latin1');
    this.position += text.length;
  }

  bytes(bytes: Buffer): void {
    this.position += bytes.length;
    if (bytes.length > BUFFER_BYTES - this.#filled) this.#flush();
    if (bytes.length >= BUFFER_BYTES) {
      writeAll(this.#fd, bytes);
      return;
    }
    this.#filled += bytes.copy(this.#buffer, this.#filled);
  }

  /** Writes the remaining bytes and closes the file. */
  end(): void {
    this.#flush();
    this.#close();
  }

  /** Closes the file without the remaining bytes, unless it is closed. */
  discard(): void {
    if (!this.#isClosed) this.#close();
  }

  #close(): void {
    this.#isClosed = true;
    closeSync(this.#fd);
    spareBuffer = this.#buffer;
  }

  #flush(): void {
    writeAll(this.#fd, this.#buffer.subarray(0, this.#filled));
    this.#filled = 0;
  }
}

function writeAll(fd: number, bytes: Buffer): void {
  for (let at = 0; at < bytes.length;) at += writeSync(fd, bytes, at);
}
