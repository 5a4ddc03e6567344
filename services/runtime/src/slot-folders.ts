import { mkdirSync, utimesSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { FOLDER_MODE, ifExists, modifiedAt } from './files.js';
import type { Storage } from './storage.js';

/** The folders that workers have for the slots of their child processes. A live worker marks its own again and again. */
export class SlotFolders {
  constructor(private readonly storage: Pick<Storage, 'slots'>) {}

  folderOf(worker: string): string {
    return join(this.storage.slots, worker);
  }

  /** Makes a worker's folder, or marks it as in use now. */
  mark(worker: string): void {
    const folder = this.folderOf(worker);
    mkdirSync(folder, { recursive: true, mode: FOLDER_MODE });
    const now = new Date();
    utimesSync(folder, now, now);
  }

  /** Returns the workers that have a folder, each with the time of its last mark in milliseconds since the epoch. */
  async owners(): Promise<{ readonly worker: string; readonly markedAt: number }[]> {
    const owners = (await readdir(this.storage.slots)).map(async (worker) => {
      const markedAt = await ifExists(modifiedAt(this.folderOf(worker)));
      return markedAt === undefined ? [] : [{ worker, markedAt }];
    });
    return (await Promise.all(owners)).flat();
  }

  /** Removes a worker's folder with all slots. */
  async remove(worker: string): Promise<void> {
    await rm(this.folderOf(worker), { recursive: true, force: true });
  }
}
