import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';

/**
 * Brings a folder's entries to the disk for many callers: while one sync runs, all who come meanwhile share the next.
 * The folder is opened once and stays open.
 */
export class FolderSync {
  #folder: Promise<FileHandle> | undefined;
  #running: Promise<void> | undefined;
  #next: Promise<void> | undefined;

  constructor(private readonly path: string) {}

  /** Ends when every entry made before the call is on the disk. */
  sync(): Promise<void> {
    if (!this.#running) return this.#run();
    // The one that runs may have begun before the caller's entry was made.
    return (this.#next ??= this.#running
      .catch(() => undefined)
      .then(() => {
        this.#next = undefined;
        return this.#run();
      }));
  }

  async close(): Promise<void> {
    await (await this.#folder)?.close();
  }

  #run(): Promise<void> {
    const running = this.#syncNow().finally(() => {
      this.#running = undefined;
    });
    this.#running = running;
    return running;
  }

  async #syncNow(): Promise<void> {
    try {
      const folder = await (this.#folder ??= open(this.path));
      await folder.sync();
    } catch (error) {
      this.#folder = undefined;
      throw error;
    }
  }
}
