import { fdatasync, writev } from 'node:fs';
import { promisify } from 'node:util';

/** Bytes that are gathered before they are written: each way to the thread pool and back costs more than a small write. */
const GATHERED_BYTES = 262_144;
/** Bytes after which a file is brought to the disk as it grows: what no one has synced delays whoever syncs next, Redis too. */
const SYNCED_BYTES = 8_388_608;

/** Runs a task as soon as fewer than a fixed number of others run. */
export type Limiter = <T>(task: () => Promise<T>) => Promise<T>;

const syncData = promisify(fdatasync);
const writePieces = promisify(writev);

/** Writes what comes in small pieces into an open file in a few large ones, and syncs it as it grows. */
export class FileWriter {
  #pieces: Buffer[] = [];
  #gathered = 0;
  #unsynced = 0;
  #syncing: Promise<void> | undefined;

  /** `syncs` bounds how many files with much to sync are synced at a time. */
  constructor(
    private readonly file: number,
    private readonly syncs: Limiter,
  ) {}

  /** Takes a piece; ends when there is room for the next. */
  async add(piece: Buffer): Promise<void> {
    this.#pieces.push(piece);
    this.#gathered += piece.length;
    if (this.#gathered < GATHERED_BYTES) return;
    await this.#flush();
    if (this.#unsynced < SYNCED_BYTES) return;
    // One is under way while the next is gathered: a file is never further ahead of the disk than two of them.
    await this.#syncing;
    this.#beginSync();
  }

  /** Ends when all that was added is on the disk. */
  async sync(): Promise<void> {
    await this.#flush();
    await this.#syncing;
    this.#beginSync();
    await this.#syncing;
  }

  /** Ends when nothing is done with the file any more, whatever became of it. */
  async settled(): Promise<void> {
    await this.#syncing?.catch(() => undefined);
  }

  #beginSync(): void {
    const sync = (): Promise<void> => syncData(this.file);
    this.#syncing = this.#unsynced < GATHERED_BYTES ? sync() : this.syncs(sync);
    this.#unsynced = 0;
    // Whoever waits for it next is told; until then it is no unhandled rejection.
    this.#syncing.catch(() => undefined);
  }

  /** The pieces as they are: to join them first would copy every byte once more and wake the garbage collector for it. */
  async #flush(): Promise<void> {
    let pieces = this.#pieces;
    let left = this.#gathered;
    this.#pieces = [];
    this.#unsynced += left;
    this.#gathered = 0;
    while (left > 0) {
      const { bytesWritten } = await writePieces(this.file, pieces);
      left -= bytesWritten;
      // `writev` may take fewer bytes than it is given.
      if (left > 0) pieces = [Buffer.concat(pieces).subarray(bytesWritten)];
    }
  }
}
