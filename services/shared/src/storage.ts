import { open, mkdir, rename, rm, readdir, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';

/** Files that others of the group may read, nobody else; folders hand their group on (setgid). */
export const FILE_MODE = 0o640;
const FOLDER_MODE = 0o2750;

/**
 * The shared volume: `uploads/<job>/<position>` holds what a client sent, `temp/<job>/<fence>/` what one run makes of
 * it. No path ever contains a client's words; job ids are checked by whoever takes them from outside.
 */
export class Storage {
  readonly uploads: string;
  readonly temp: string;

  constructor(root: string) {
    this.uploads = join(root, 'uploads');
    this.temp = join(root, 'temp');
  }

  /** Makes the two folders. */
  async prepare(): Promise<void> {
    for (const folder of [this.uploads, this.temp]) await mkdir(folder, { recursive: true, mode: FOLDER_MODE });
  }

  uploadFolder(id: string): string {
    return join(this.uploads, id);
  }

  inputPath(id: string, position: number): string {
    return join(this.uploads, id, String(position));
  }

  async createUploadFolder(id: string): Promise<void> {
    await mkdir(this.uploadFolder(id), { mode: FOLDER_MODE });
  }

  /** Folder of one run: its output, and below `work/` whatever else it writes. */
  runFolder(id: string, fence: number): string {
    return join(this.temp, id, String(fence));
  }

  workFolder(id: string, fence: number): string {
    return join(this.runFolder(id, fence), 'work');
  }

  partialPath(id: string, fence: number): string {
    return join(this.runFolder(id, fence), 'out.partial');
  }

  resultPath(id: string, fence: number): string {
    return join(this.temp, resultName(id, fence));
  }

  async createRunFolder(id: string, fence: number): Promise<void> {
    await mkdir(this.workFolder(id, fence), { recursive: true, mode: FOLDER_MODE });
  }

  /** Makes a run's output the result: the bytes reach the disk before the name, and the name before this returns. */
  async publish(id: string, fence: number): Promise<void> {
    const partial = this.partialPath(id, fence);
    await sync(partial);
    await rename(partial, this.resultPath(id, fence));
    await sync(this.runFolder(id, fence));
  }

  async removeUploads(id: string): Promise<void> {
    await removeTree(this.uploadFolder(id));
  }

  async removeRun(id: string, fence: number): Promise<void> {
    await removeTree(this.runFolder(id, fence));
  }

  /** Removes everything of a job. It is no error where there is nothing. */
  async removeJob(id: string): Promise<void> {
    await Promise.all([removeTree(this.uploadFolder(id)), removeTree(join(this.temp, id))]);
  }

  /** Every job folder with the time it was last written to, in milliseconds since the epoch. */
  async *jobFolders(): AsyncGenerator<{ readonly id: string; readonly modified: number }> {
    for (const area of [this.uploads, this.temp]) {
      for (const id of await readdir(area)) {
        const modified = await newestChange(join(area, id));
        if (modified !== undefined) yield { id, modified };
      }
    }
  }

  /** Bytes that may still be written, and the size of the whole file system. */
  async space(): Promise<{ readonly free: number; readonly total: number }> {
    const { bavail, blocks, bsize } = await statfs(this.uploads);
    return { free: bavail * bsize, total: blocks * bsize };
  }
}

/** A result's path below `temp/`, as it is named to nginx. */
export function resultName(id: string, fence: number): string {
  return `${id}/${fence}/out.pdf`;
}

/** Returns when a file's bytes, or a folder's entries, are on the disk. */
export async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function removeTree(path: string): Promise<void> {
  return rm(path, { recursive: true, force: true });
}

/** The newest modification time of a folder and what lies directly in it; undefined where it has gone meanwhile. */
async function newestChange(folder: string): Promise<number | undefined> {
  try {
    const entries = await readdir(folder);
    const times = await Promise.all([folder, ...entries.map((entry) => join(folder, entry))].map(modifiedAt));
    return Math.max(...times);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

async function modifiedAt(path: string): Promise<number> {
  return (await stat(path)).mtimeMs;
}

/** True for the error of a file that is not there. */
export function isMissing(error: unknown): boolean {
  return hasCode(error, 'ENOENT');
}

/** True for the error of a full disk or an exhausted quota. */
export function isDiskFull(error: unknown): boolean {
  return hasCode(error, 'ENOSPC') || hasCode(error, 'EDQUOT');
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
