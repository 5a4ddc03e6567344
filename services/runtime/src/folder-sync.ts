import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { SharedRun } from './shared-run.js';

/** Syncs the entries of a folder for many callers, who share syncs. The folder is opened once and stays open. */
export class FolderSync {
  #folder: Promise<FileHandle> | undefined;
  readonly #syncs = new SharedRun(() => this.#syncNow());

  constructor(private readonly path: string) {}

  /** Resolves when every entry made before the call is on the disk. */
  sync(): Promise<void> {
    return this.#syncs.run();
  }

  async close(): Promise<void> {
    await (await this.#folder)?.close();
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
