import { once } from 'node:events';
import { createDeflate } from 'node:zlib';

/** Deflates data that come in parts, and collects the result. */
export class DeflateStream {
  readonly #stream;
  readonly #parts: Buffer[] = [];

  constructor(level: number) {
    this.#stream = createDeflate({ level, chunkSize: 64 * 1024 });
    this.#stream.on('data', (part: Buffer) => this.#parts.push(part));
  }

  /** Resolves when the data are deflated, so that parts do not wait in memory. */
  async write(data: Uint8Array): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#stream.write(data, (error) => {
        if (error) reject(error);
        else resolve();
      });
    });
  }

  /** Returns the zlib stream. */
  async end(): Promise<readonly Buffer[]> {
    this.#stream.end();
    await once(this.#stream, 'end');
    return this.#parts;
  }

  /** Frees the memory of a stream that is not needed. */
  discard(): void {
    this.#stream.destroy();
  }
}
