import { EventEmitter, once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';

/** The earliest time of a ZIP, in local time as ZIP has it. The same entries give the same bytes at any time. */
const TIME = new Date(1980, 0, 1);
const OPTIONS = { mtime: TIME, forceDosTimestamp: true, mode: 0o100644 } as const;

/**
 * A ZIP file that is being written. Names are in UTF-8, and sizes come before the data of an entry, so that readers need
 * not seek. Large archives are in ZIP64.
 */
export class ZipArchive {
  readonly #zip = new ZipFile();
  readonly #written: Promise<void>;
  /** Emits `change` when a part of the archive is written, or cannot be written. */
  readonly #events = new EventEmitter();
  #failure: unknown;
  #addedBytes = 0;
  #passedBytes = 0;

  constructor(path: string) {
    this.#written = pipeline(this.#zip.outputStream, (source) => this.#count(source), createWriteStream(path));
    // `finish` throws the failure. Without a handler, one before that would end the process.
    this.#written.catch((thrown: unknown) => {
      this.#failure = thrown;
      this.#events.emit('change');
    });
  }

  /**
   * Adds a file that does not deflate further, such as a PDF, and waits until it is written. Throws if the archive cannot
   * be written.
   */
  async addStored(name: string, data: Buffer): Promise<void> {
    this.#add(name, data, false);
    this.#addedBytes += data.length;
    while (this.#passedBytes < this.#addedBytes && this.#failure === undefined) await once(this.#events, 'change');
    this.#refuseFailure();
  }

  /** Adds a text, deflated. */
  addText(name: string, text: string): void {
    this.#add(name, Buffer.from(text), true);
  }

  /** Writes the directory. The file is complete when the promise resolves. */
  async finish(): Promise<void> {
    this.#zip.end();
    await this.#written;
  }

  async *#count(source: AsyncIterable<Buffer | string>): AsyncGenerator<Buffer | string> {
    for await (const chunk of source) {
      yield chunk;
      this.#passedBytes += chunk.length;
      this.#events.emit('change');
    }
  }

  #add(name: string, data: Buffer, compress: boolean): void {
    this.#refuseFailure();
    this.#zip.addBuffer(data, name, { ...OPTIONS, compress });
  }
  #refuseFailure(): void {
    if (this.#failure !== undefined) throw this.#failure as Error;
  }
}
