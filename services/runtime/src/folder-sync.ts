import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';

/**
 * Syncs the entries of a folder for many callers. Callers that come while a sync runs share the next one. The folder is
 * opened once and stays open.
 */
export class FolderSync {
  #folder: Promise<FileHandle> | undefined;
  #running: Promise<void> | undefined;
  #next: Promise<void> | undefined;

  constructor(private readonly path: string) {}

  /** Resolves when every entry made before the call is on the disk. */
  sync(): Promise<void> {
    if (!this.#running) return this.#run();
    // The running sync may have started before the caller's entry was made.
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
