import { randomUUID } from 'node:crypto';
import {
  existsSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmdirSync,
  statfsSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { access, open, readdir, readFile, rm, rmdir, statfs, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import pLimit from 'p-limit';
import {
  FILE_MODE,
  FOLDER_MODE,
  fsyncFile,
  hasCode,
  ifExists,
  makeFolders,
  removeTree,
  sync,
  syncFolder,
  withFile,
} from './files.js';
import { newHashKey } from './digest.js';
import { FolderSync } from './folder-sync.js';
import { spaceOf } from './space.js';
import type { FileRange, InputWriter, Run, RunFiles, Space, Storage, StoredResult } from './storage.js';
import { newestChange, readFilePart, VolumeInput } from './volume-files.js';

const SECRET_MODE = 0o600;
/** Memory per slow reader. nginx allows 800 requests in progress. */
const READ_BYTES = 65_536;
/** Parts up to this size are read at once, because a stream costs more than the bytes. */
const READ_AT_ONCE_BYTES = 131_072;
/** Inputs of a job that are unlinked without the thread pool, each of at most these bytes. Unlinking large files takes time. */
const UNLINKED_AT_ONCE = { files: 10, bytes: 1_048_576 } as const;

/**
 * The shared volume, in which `slots/<worker>/` has the folders of that worker's child processes.
 *
 * Calls that change only names (make, rename, remove a few files) are synchronous. They take microseconds, and the thread
 * pool would cost several times that for each call. Calls that wait for the disk are asynchronous.
 */
export class VolumeStorage implements Storage {
  readonly uploads: string;
  readonly temp: string;
  readonly slots: string;
  readonly isLocal = true;
  readonly #folders: FolderSync;
  /** Limits how many large files are synced at a time. The other two threads of the pool write and check the disk. */
  readonly #syncs = pLimit(2);

  constructor(private readonly root: string) {
    this.uploads = join(root, 'uploads');
    this.temp = join(root, 'temp');
    this.slots = join(root, 'slots');
    this.#folders = new FolderSync(this.uploads);
  }

  prepare(): void {
    for (const folder of [this.uploads, this.temp, this.slots]) makeFolders(folder);
  }

  /** Does nothing, because the caller checks the disk itself. */
  check(): Promise<void> {
    return Promise.resolve();
  }

  /** Does nothing, because a file system deletes no files. */
  limitAge(): Promise<boolean> {
    return Promise.resolve(false);
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

  async writeSecret(id: string, text: string): Promise<void> {
    await writeFile(this.#secretPath(id), text, { mode: SECRET_MODE, flag: 'wx', flush: true });
    await sync(this.uploadFolder(id));
  }

  readSecret(id: string): Promise<string | undefined> {
    return ifExists(readFile(this.#secretPath(id), 'utf8'));
  }

  async removeSecret(id: string): Promise<void> {
    await rm(this.#secretPath(id), { force: true });
  }

  /** The key is outside the folders that child processes reach. */
  hashKey(): Promise<Buffer> {
    return Promise.resolve(this.#hashKey());
  }

  #hashKey(): Buffer {
    const path = join(this.root, '.hash-key');
    if (!existsSync(path)) {
      const made = `${path}-${randomUUID()}`;
      writeFileSync(made, newHashKey(), { mode: SECRET_MODE, flag: 'wx', flush: true });
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

  openInput(id: string, position: number): InputWriter {
    return new VolumeInput(openSync(this.inputPath(id, position), 'wx', FILE_MODE), this.#syncs);
  }

  async finishUpload(id: string): Promise<void> {
    await Promise.all([sync(this.uploadFolder(id)), this.#folders.sync()]);
  }

  async hasInputs(id: string, count: number): Promise<boolean> {
    const paths = Array.from({ length: count }, (_, position) => this.inputPath(id, position));
    return (await ifExists(Promise.all(paths.map((path) => access(path))))) !== undefined;
  }

  /** Makes the folder of the run. The worker reads the inputs in place. */
  openRun({ id, fence, inputs }: Run): Promise<RunFiles> {
    this.createRunFolder(id, fence);
    const discard = (): Promise<void> => {
      this.removeRun(id, fence);
      return Promise.resolve();
    };
    return Promise.resolve({
      inputs: inputs.map((_input, position) => this.inputPath(id, position)),
      outputPath: this.partialPath(id, fence),
      writeReport: (text) => this.writeReport(id, fence, text),
      publish: (_output, inspect) => this.publish(id, fence, inspect),
      discard,
      close: () => Promise.resolve(),
    });
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

  async readReport(id: string, fence: number): Promise<string | undefined> {
    return ifExists(readFile(this.#reportPath(id, fence), 'utf8'));
  }

  hasResult(id: string, fence: number): Promise<boolean> {
    return Promise.resolve(existsSync(this.resultPath(id, fence)));
  }

  async readResult(id: string, { fence }: StoredResult, { start, end }: FileRange): Promise<Buffer | Readable> {
    const file = await open(this.resultPath(id, fence));
    if (end - start < READ_AT_ONCE_BYTES) return readFilePart(file, start, end - start + 1);
    return file.createReadStream({ start, end, highWaterMark: READ_BYTES });
  }

  resultUrl(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  async removeInputs(id: string, count: number): Promise<void> {
    const paths = Array.from({ length: count }, (_, position) => this.inputPath(id, position));
    try {
      if (canUnlinkAtOnce(paths)) {
        for (const path of paths) unlinkSync(path);
        rmdirSync(this.uploadFolder(id));
        return;
      }
      await Promise.all(paths.map((path) => unlink(path)));
      await rmdir(this.uploadFolder(id));
    } catch {
      await rm(this.uploadFolder(id), { recursive: true, force: true });
    }
  }

  async removeUploads(id: string): Promise<void> {
    await rm(this.uploadFolder(id), { recursive: true, force: true });
  }

  removeRun(id: string, fence: number): void {
    removeTree(this.runFolder(id, fence));
  }

  removeJob(id: string): Promise<void> {
    removeTree(this.uploadFolder(id));
    removeTree(join(this.temp, id));
    return Promise.resolve();
  }

  async *jobFolders(): AsyncGenerator<{ readonly id: string; readonly modified: number }> {
    for (const area of [this.uploads, this.temp]) {
      for (const id of await readdir(area)) {
        const modified = await ifExists(newestChange(join(area, id)));
        if (modified !== undefined) yield { id, modified };
      }
    }
  }

  /** Does nothing, because a file that is being written is in the folder of its job. */
  removeUnfinished(): Promise<number> {
    return Promise.resolve(0);
  }

  async space(): Promise<Space> {
    return spaceOf(await statfs(this.uploads));
  }

  spaceNow(): Space {
    return spaceOf(statfsSync(this.uploads));
  }
}

function canUnlinkAtOnce(paths: readonly string[]): boolean {
  const { files, bytes } = UNLINKED_AT_ONCE;
  return paths.length <= files && paths.every((path) => statSync(path).size <= bytes);
}

/** Returns a result's path below `temp/`, which nginx gets. */
export function resultName(id: string, fence: number): string {
  return `${id}/${fence}/out.pdf`;
}
