import { fdatasync, write } from 'node:fs';
import { promisify } from 'node:util';

/** Bytes that are gathered before they are written: each way to the thread pool and back costs more than a small write. */
const GATHERED_BYTES = 262_144;

const syncData = promisify(fdatasync);
const writeFile = promisify(write);

/** Writes what comes in small pieces into an open file in a few large ones. */
export class FileWriter {
  #pieces: Buffer[] = [];
  #gathered = 0;

  constructor(private readonly file: number) {}

  /** Takes a piece; ends when there is room for the next. */
  async add(piece: Buffer): Promise<void> {
    this.#pieces.push(piece);
    this.#gathered += piece.length;
    if (this.#gathered >= GATHERED_BYTES) await this.#flush();
  }

  /** Ends when all that was added is on the disk. */
  async sync(): Promise<void> {
    await this.#flush();
    await syncData(this.file);
  }

  async #flush(): Promise<void> {
    const bytes = Buffer.concat(this.#pieces);
    this.#pieces = [];
    this.#gathered = 0;
    // `write` may take fewer bytes than it is given.
    for (let done = 0; done < bytes.length;)
      done += (await writeFile(this.file, bytes, done, bytes.length - done, null)).bytesWritten;
  }
}
