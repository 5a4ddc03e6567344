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
  #failure: unknown;

  constructor(path: string) {
    this.#written = pipeline(this.#zip.outputStream, createWriteStream(path));
    // `finish` throws the failure. Without a handler, one before that would end the process.
    this.#written.catch((thrown: unknown) => {
      this.#failure = thrown;
    });
  }

  /** Adds a file that does not deflate further, such as a PDF. Throws if the archive could not be written so far. */
  addStored(name: string, data: Buffer): void {
    this.#add(name, data, false);
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

  #add(name: string, data: Buffer, compress: boolean): void {
    if (this.#failure !== undefined) throw this.#failure as Error;
    this.#zip.addBuffer(data, name, { ...OPTIONS, compress });
  }
}
