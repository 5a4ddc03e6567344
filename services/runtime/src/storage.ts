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

/** The group may read files, others may not. Folders pass their group on (setgid). */
export const FILE_MODE = 0o640;
export const FOLDER_MODE = 0o2750;
const SECRET_MODE = 0o600;
const HASH_KEY_BYTES = 32;
/** The disk is full, the quota is used up, or the file is larger than the system allows. */
const NO_SPACE = ['ENOSPC', 'EDQUOT', 'EFBIG'];

/**
 * The shared volume. `uploads/<job>/<position>` holds what a client sent, `temp/<job>/<fence>/` the result of one run, and
 * `slots/<worker>/` the folders of that worker's child processes. No path contains a client's words; the caller checks job
 * ids that come from outside.
 *
 * Calls that change only names (make, rename, remove a few files) are synchronous. They take microseconds, and the thread
 * pool would cost several times that for each call. Calls that wait for the disk are asynchronous.
 */
export class Storage {
  readonly uploads: string;
  readonly temp: string;
  readonly slots: string;

  constructor(private readonly root: string) {
    this.uploads = join(root, 'uploads');
    this.temp = join(root, 'temp');
    this.slots = join(root, 'slots');
  }

  /** Makes the three folders and syncs the parent of each folder that is new. */
  prepare(): void {
    for (const folder of [this.uploads, this.temp, this.slots]) makeFolders(folder);
  }

  uploadFolder(id: string): string {
    return join(this.uploads, id);
  }

  inputPath(id: string, position: number): string {
    return join(this.uploads, id, String(position));
  }

  /** Path of a job's secret parameters until it ends, beside its inputs. Only the services' user may read the file. */
  #secretPath(id: string): string {
    return join(this.uploadFolder(id), 'secret.json');
  }

  /** Writes a job's secrets to the disk. Its upload folder must exist. */
  async writeSecret(id: string, text: string): Promise<void> {
    await writeFile(this.#secretPath(id), text, { mode: SECRET_MODE, flag: 'wx', flush: true });
    await sync(this.uploadFolder(id));
  }

  /** Returns a job's secrets, or undefined if they do not exist any more. */
  readSecret(id: string): string | undefined {
    try {
      return readFileSync(this.#secretPath(id), 'utf8');
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  /** Removes a job's secrets, but not its inputs. It does nothing if the job has no secrets. */
  async removeSecret(id: string): Promise<void> {
    await rm(this.#secretPath(id), { force: true });
  }

  /**
   * Returns a random key that only the services share, for hashes of secrets. The first caller makes it. It is outside the
   * folders that child processes reach.
   */
  hashKey(): Buffer {
    const path = join(this.root, '.hash-key');
    if (!existsSync(path)) {
      const made = `${path}-${randomUUID()}`;
      writeFileSync(made, randomBytes(HASH_KEY_BYTES), { mode: SECRET_MODE, flag: 'wx', flush: true });
      try {
        // Unlike a rename, this keeps a key that another service has made meanwhile.
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

  /** Folder of the result of one run. */
  runFolder(id: string, fence: number): string {
    return join(this.temp, id, String(fence));
  }

  /** Where a run's output waits until it is checked and on the disk. No child process reaches it. */
  partialPath(id: string, fence: number): string {
    return join(this.runFolder(id, fence), 'out.partial');
  }

  resultPath(id: string, fence: number): string {
    return join(this.temp, resultName(id, fence));
  }

  /** Makes the folder of a run. */
  createRunFolder(id: string, fence: number): void {
    mkdirSync(this.runFolder(id, fence), { recursive: true, mode: FOLDER_MODE });
  }

  /**
   * Makes a run's output the result. Its bytes reach the disk before its name. Its name and those of the folders that were
   * made for the run reach the disk before this returns. `inspect` gets the open file first and refuses it by throwing.
   */
  async publish(id: string, fence: number, inspect: (file: number) => void): Promise<void> {
    const partial = this.partialPath(id, fence);
    await withFile(partial, async (file) => {
      inspect(file);
      await fsyncFile(file);
    });
    renameSync(partial, this.resultPath(id, fence));
    const folders = [this.runFolder(id, fence), join(this.temp, id), this.temp];
    await Promise.all(folders.map((folder) => sync(folder)));
  }

  #reportPath(id: string, fence: number): string {
    return join(this.runFolder(id, fence), 'report.json');
  }

  /** Writes a run's report to the disk. Its name is synced with that of the result. */
  async writeReport(id: string, fence: number, text: string): Promise<void> {
    await writeFile(this.#reportPath(id, fence), text, { mode: FILE_MODE, flag: 'wx', flush: true });
  }

  /** Returns the report of a result, or undefined if it does not exist any more. */
  async readReport(id: string, fence: number): Promise<string | undefined> {
    return ifExists(readFile(this.#reportPath(id, fence), 'utf8'));
  }

  /** Removes the inputs of a job that has ended. It is asynchronous, because unlinking large files takes time. */
  async removeInputs(id: string, count: number): Promise<void> {
    try {
      await Promise.all(Array.from({ length: count }, (_, position) => unlink(this.inputPath(id, position))));
      await rmdir(this.uploadFolder(id));
    } catch {
      await rm(this.uploadFolder(id), { recursive: true, force: true });
    }
  }

  /** Removes what was sent for a job. It is asynchronous, because unlinking a large file takes milliseconds. */
  async removeUploads(id: string): Promise<void> {
    await rm(this.uploadFolder(id), { recursive: true, force: true });
  }

  removeRun(id: string, fence: number): void {
    removeTree(this.runFolder(id, fence));
  }

  /** Removes everything of a job. It is no error if there is nothing. */
  removeJob(id: string): void {
    removeTree(this.uploadFolder(id));
    removeTree(join(this.temp, id));
  }

  /** Yields every job folder with the time of its last change in milliseconds since the epoch. */
  async *jobFolders(): AsyncGenerator<{ readonly id: string; readonly modified: number }> {
    for (const area of [this.uploads, this.temp]) {
      for (const id of await readdir(area)) {
        const modified = await ifExists(newestChange(join(area, id)));
        if (modified !== undefined) yield { id, modified };
      }
    }
  }

  /** Returns the bytes that may still be written, and the size of the whole file system. */
  async space(): Promise<{ readonly free: number; readonly total: number }> {
    return spaceOf(await statfs(this.uploads));
  }

  /** Returns the same without the thread pool, for the upload of a file. */
  spaceNow(): { readonly free: number; readonly total: number } {
    return spaceOf(statfsSync(this.uploads));
  }
}

function spaceOf({ bavail, blocks, bsize }: Pick<StatsFs, 'bavail' | 'blocks' | 'bsize'>) {
  return { free: bavail * bsize, total: blocks * bsize };
}

/** Returns a result's path below `temp/`, which nginx gets. */
export function resultName(id: string, fence: number): string {
  return `${id}/${fence}/out.pdf`;
}

const fsyncFile = promisify(fsync);

/** Syncs a file's bytes, or a folder's entries, to the disk. */
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

/** It blocks, so it is only for the start of a process. */
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

/** Returns the newest modification time of a folder and its entries. */
async function newestChange(folder: string): Promise<number> {
  const entries = await readdir(folder);
  const times = await Promise.all([folder, ...entries.map((entry) => join(folder, entry))].map(modifiedAt));
  return Math.max(...times);
}

/** Returns the modification time of a file or folder in milliseconds since the epoch. */
export async function modifiedAt(path: string): Promise<number> {
  return (await stat(path)).mtimeMs;
}

/** Returns what `read` resolves with, or undefined if its file does not exist any more. */
export async function ifExists<T>(read: Promise<T>): Promise<T | undefined> {
  try {
    return await read;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Whether an error says that a file does not exist. */
export function isMissing(error: unknown): boolean {
  return hasCode(error, 'ENOENT');
}

/** Whether an error, or one in its chain of causes, says that there is no room for more bytes. */
export function isDiskFull(error: unknown): boolean {
  return findDiskFull(error) !== undefined;
}

/** Returns the system error in a chain of causes that says that there is no room for more bytes, or undefined. */
export function findDiskFull(error: unknown): Error | undefined {
  if (!(error instanceof Error)) return undefined;
  if (NO_SPACE.some((code) => hasCode(error, code))) return error;
  return findDiskFull(error.cause);
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
