import { once } from 'node:events';
import { createDeflate } from 'node:zlib';

/** Deflates data that come in parts, and collects the result. */
export class DeflateStream {
  readonly #stream;
  readonly #parts: Buffer[] = [];
  #failure: Error | undefined;

  constructor(level: number) {
    this.#stream = createDeflate({ level, chunkSize: 64 * 1024 });
    this.#stream.on('data', (part: Buffer) => this.#parts.push(part));
    // Node ends the process for an error that nothing listens to.
    this.#stream.on('error', (error) => {
      this.#failure ??= error;
    });
  }

  /** Resolves when the data are deflated, so that parts do not wait in memory. Rejects with an error of zlib. */
  async write(data: Uint8Array): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      // If zlib fails, the callback of the write may not be called.
      this.#stream.once('error', reject);
      this.#stream.write(data, (error) => {
        this.#stream.off('error', reject);
        if (!error) {
          resolve();
          return;
        }
        this.#failure ??= error;
        reject(error);
      });
    });
  }

  /** Returns the zlib stream. Rejects with an error of zlib, also of an earlier write. */
  async end(): Promise<readonly Buffer[]> {
    if (this.#failure) throw this.#failure;
    this.#stream.end();
    await once(this.#stream, 'end');
    return this.#parts;
  }

  /** Frees the memory of a stream that is not needed. */
  discard(): void {
    this.#stream.destroy();
  }
}
