import { closeSync, openSync, writeSync } from 'node:fs';

const BUFFER_BYTES = 256 * 1024;

/** Takes the bytes of a document from its beginning to its end. */
export interface ByteSink {
  /** How many bytes were written so far: the offset of the next. */
  readonly position: number;
  /** Latin-1 text. */
  text(text: string): void;
  bytes(bytes: Buffer): void;
  /** Completes the document. */
  end(): void;
  /** Leaves the document incomplete. */
  discard(): void;
}

/** Keeps a small document in memory. */
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
    // Nothing is open.
  }

  discard(): void {
    this.#parts.length = 0;
  }

  /** Returns a copy of everything that was written. */
  toBuffer(): Buffer {
    return Buffer.concat(this.#parts);
  }
}

/** A file that is written from its beginning to its end, in large steps. */
export class FileSink implements ByteSink {
  position = 0;
  readonly #fd: number;
  readonly #buffer = Buffer.allocUnsafeSlow(BUFFER_BYTES);
  #filled = 0;

  /** Creates the file or empties it. Throws what the file system says, also later. */
  constructor(path: string) {
    this.#fd = openSync(path, 'w');
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

  /** Writes what is left and closes the file. */
  end(): void {
    this.#flush();
    closeSync(this.#fd);
  }

  /** Closes the file as it is. */
  discard(): void {
    closeSync(this.#fd);
  }

  #flush(): void {
    writeAll(this.#fd, this.#buffer.subarray(0, this.#filled));
    this.#filled = 0;
  }
}

function writeAll(fd: number, bytes: Buffer): void {
  for (let at = 0; at < bytes.length;) at += writeSync(fd, bytes, at);
}
