import { fdatasync, writev, writevSync } from 'node:fs';
import { promisify } from 'node:util';

/** Bytes to collect before a write, because a round trip to the thread pool costs more than a small write. */
const BUFFERED_BYTES = 262_144;
/** Bytes that are written without the thread pool, which costs more than to copy them to the system. */
const WRITTEN_AT_ONCE_BYTES = 65_536;
/** Bytes after which a growing file is synced. Unsynced data delays the next sync of any process, Redis included. */
const SYNCED_BYTES = 8_388_608;

/** Runs a task as soon as fewer than a fixed number of others run. */
export type Limiter = <T>(task: () => Promise<T>) => Promise<T>;

const syncData = promisify(fdatasync);
const writePieces = promisify(writev);

/** Collects small chunks and writes them to an open file in large ones. With `syncs` it syncs the file as it grows. */
export class FileWriter {
  #pieces: Buffer[] = [];
  #buffered = 0;
  #unsynced = 0;
  #syncing: Promise<void> | undefined;

  /** `syncs` limits how many files with much unsynced data are synced at a time. Without it only `sync` syncs the file. */
  constructor(
    private readonly file: number,
    private readonly syncs?: Limiter,
  ) {}

  /** Adds a chunk. Resolves when the next one can be added. */
  async add(piece: Buffer): Promise<void> {
    this.#pieces.push(piece);
    this.#buffered += piece.length;
    if (this.#buffered < BUFFERED_BYTES) return;
    await this.flush();
    if (!this.syncs || this.#unsynced < SYNCED_BYTES) return;
    // One sync runs while the data of the next one is collected, so at most two of them are not on the disk.
    await this.#syncing;
    this.#beginSync();
  }

  /** Resolves when everything that was added is on the disk. */
  async sync(): Promise<void> {
    await this.flush();
    await this.#syncing;
    this.#beginSync();
    await this.#syncing;
  }

  /** Resolves when no sync is running, whether it succeeded or failed. */
  async settled(): Promise<void> {
    await this.#syncing?.catch(() => undefined);
  }

  #beginSync(): void {
    const sync = (): Promise<void> => syncData(this.file);
    this.#syncing = this.#unsynced < BUFFERED_BYTES || !this.syncs ? sync() : this.syncs(sync);
    this.#unsynced = 0;
    // The next caller that awaits it gets the error. Until then it must not count as an unhandled rejection.
    this.#syncing.catch(() => undefined);
  }

  /** Writes what was added. It does not join the chunks, which would copy every byte once more. */
  async flush(): Promise<void> {
    let pieces = this.#pieces;
    let left = this.#buffered;
    this.#pieces = [];
    this.#unsynced += left;
    this.#buffered = 0;
    while (left > 0) {
      const written =
        left <= WRITTEN_AT_ONCE_BYTES ? writevSync(this.file, pieces) : await writeLater(this.file, pieces);
      left -= written;
      // `writev` may take fewer bytes than it is given.
      if (left > 0) pieces = [Buffer.concat(pieces).subarray(written)];
    }
  }
}

async function writeLater(file: number, pieces: readonly Buffer[]): Promise<number> {
  return (await writePieces(file, pieces)).bytesWritten;
}
