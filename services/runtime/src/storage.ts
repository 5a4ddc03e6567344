import { randomBytes, randomUUID } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statfsSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import type { StatsFs } from 'node:fs';
import { readdir, readFile, rm, rmdir, stat, statfs, unlink, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';

/** Files that others of the group may read, nobody else; folders hand their group on (setgid). */
export const FILE_MODE = 0o640;
const FOLDER_MODE = 0o2750;
const SECRET_MODE = 0o600;
const HASH_KEY_BYTES = 32;

/**
 * The shared volume: `uploads/<job>/<position>` holds what a client sent, `temp/<job>/<fence>/` what one run makes of
 * it. No path ever contains a client's words; job ids are checked by whoever takes them from outside.
 *
 * What changes only names (make, rename, remove a handful of files) is done synchronously: it takes microseconds, and
 * the way to the thread pool and back costs several times that for each call. What waits for the disk is not.
 */
export class Storage {
  readonly uploads: string;
  readonly temp: string;

  constructor(private readonly root: string) {
    this.uploads = join(root, 'uploads');
    this.temp = join(root, 'temp');
  }

  /** Makes the two folders and syncs the parent of each folder that is new. */
  prepare(): void {
    for (const folder of [this.uploads, this.temp]) makeFolders(folder);
  }

  uploadFolder(id: string): string {
    return join(this.uploads, id);
  }

  inputPath(id: string, position: number): string {
    return join(this.uploads, id, String(position));
  }

  /** Where a job's secret parameters lie until it ends: with its inputs, for the services' user alone. */
  #secretPath(id: string): string {
    return join(this.uploadFolder(id), 'secret.json');
  }

  /** Brings a job's secrets to the disk. Its upload folder must be there. */
  async writeSecret(id: string, text: string): Promise<void> {
    await writeFile(this.#secretPath(id), text, { mode: SECRET_MODE, flag: 'wx', flush: true });
    await sync(this.uploadFolder(id));
  }

  /** A job's secrets; undefined where they are gone. */
  readSecret(id: string): string | undefined {
    try {
      return readFileSync(this.#secretPath(id), 'utf8');
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  /** Removes a job's secrets, whatever becomes of its inputs. It is no error where there are none. */
  async removeSecret(id: string): Promise<void> {
    await rm(this.#secretPath(id), { force: true });
  }

  /**
   * A random key that the services share and nobody else has, for hashes of secrets: made by whoever asks first. It lies
   * outside the folders that child processes see.
   */
  hashKey(): Buffer {
    const path = join(this.root, '.hash-key');
    if (!existsSync(path)) {
      const made = `${path}-${randomUUID()}`;
      writeFileSync(made, randomBytes(HASH_KEY_BYTES), { mode: SECRET_MODE, flag: 'wx', flush: true });
      try {
        // Unlike a rename, this leaves alone what another has made meanwhile.
        linkSync(made, path);
        syncFolder(this.root);
      } catch (error) {
        if (!hasCode(error, 'EEXIST')) throw error;
      } finally {
        unlinkSync(made);
      }
    }
    return readFileSync(path);
  }

  createUploadFolder(id: string): void {
    mkdirSync(this.uploadFolder(id), { mode: FOLDER_MODE });
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

  /** Makes the folder of a run; its work folder is made by whoever needs one. */
  createRunFolder(id: string, fence: number): void {
    mkdirSync(this.runFolder(id, fence), { recursive: true, mode: FOLDER_MODE });
  }

  /**
   * Makes a run's output the result: its bytes reach the disk before its name. Its name and those of the folders that
   * were made for the run reach the disk before this returns. `inspect` sees the open file first and may refuse it by throwing.
   */
  async publish(id: string, fence: number, inspect: (file: number) => void): Promise<void> {
    const partial = this.partialPath(id, fence);
    await withFile(partial, async (file) => {
      inspect(file);
      await fsyncFile(file);
    });
    renameSync(partial, this.resultPath(id, fence));
    removeTree(this.workFolder(id, fence));
    const folders = [this.runFolder(id, fence), join(this.temp, id), this.temp];
    await Promise.all(folders.map((folder) => sync(folder)));
  }

  #reportPath(id: string, fence: number): string {
    return join(this.runFolder(id, fence), 'report.json');
  }

  /** Brings a run's report to the disk; its name is synced with that of the result. */
  async writeReport(id: string, fence: number, text: string): Promise<void> {
    await writeFile(this.#reportPath(id, fence), text, { mode: FILE_MODE, flag: 'wx', flush: true });
  }

  /** The report of a result; undefined if it is gone. */
  async readReport(id: string, fence: number): Promise<string | undefined> {
    try {
      return await readFile(this.#reportPath(id, fence), 'utf8');
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  /** Removes the inputs of a job that has ended, in the background of others: to unlink large files takes its time. */
  async removeInputs(id: string, count: number): Promise<void> {
    try {
      await Promise.all(Array.from({ length: count }, (_, position) => unlink(this.inputPath(id, position))));
      await rmdir(this.uploadFolder(id));
    } catch {
      await rm(this.uploadFolder(id), { recursive: true, force: true });
    }
  }

  /** Removes what was sent for a job; not synchronously, since large files are many, and milliseconds each, under a flood. */
  async removeUploads(id: string): Promise<void> {
    await rm(this.uploadFolder(id), { recursive: true, force: true });
  }

  removeRun(id: string, fence: number): void {
    removeTree(this.runFolder(id, fence));
  }

  /** Removes everything of a job. It is no error where there is nothing. */
  removeJob(id: string): void {
    removeTree(this.uploadFolder(id));
    removeTree(join(this.temp, id));
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
    return spaceOf(await statfs(this.uploads));
  }

  /** The same without the way through the thread pool: it is asked while uploads are written. */
  spaceNow(): { readonly free: number; readonly total: number } {
    return spaceOf(statfsSync(this.uploads));
  }
}

function spaceOf({ bavail, blocks, bsize }: Pick<StatsFs, 'bavail' | 'blocks' | 'bsize'>) {
  return { free: bavail * bsize, total: blocks * bsize };
}

/** A result's path below `temp/`, as it is named to nginx. */
export function resultName(id: string, fence: number): string {
  return `${id}/${fence}/out.pdf`;
}

const fsyncFile = promisify(fsync);

/** Returns when a file's bytes, or a folder's entries, are on the disk. */
export async function sync(path: string): Promise<void> {
  await withFile(path, fsyncFile);
}

/** Creates a folder with its missing parents. Returns when the entry of each new one is on the disk. */
function makeFolders(folder: string): void {
  const path = resolve(folder);
  const first = mkdirSync(path, { recursive: true, mode: FOLDER_MODE });
  if (first === undefined) return;
  for (let made = path; made.length >= first.length; made = dirname(made)) syncFolder(dirname(made));
}

/** Synchronous: only for what happens once at the start of a process. */
function syncFolder(path: string): void {
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

async function withFile<T>(path: string, use: (file: number) => Promise<T>): Promise<T> {
  const file = openSync(path, 'r');
  try {
    return await use(file);
  } finally {
    closeSync(file);
  }
}

function removeTree(path: string): void {
  rmSync(path, { recursive: true, force: true });
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
