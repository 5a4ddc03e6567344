import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  fchmodSync,
  fstatSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  opendirSync,
  readSync,
  renameSync,
  rmSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '@pdf-tools/runtime/errors';
import { FILE_MODE, FOLDER_MODE } from '@pdf-tools/runtime/files';

const RANDOM_BYTES = 16;
/** Maximum number of files that a slot is emptied of. A job leaves a few; a slot with more is not used again. */
const MAX_LEFT = 64;
/** A FIFO or a link at the output path must not block or mislead the parent. */
const OPEN_OUTPUT = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
const COPY_BYTES = 2 ** 20;
/** Errors of file systems that have no hard links, or none for this file. */
const NO_LINK = ['EXDEV', 'EPERM', 'ENOTSUP'];

/**
 * The folders of one child process, which are all of the volume that it reaches: it reads `in` and writes `out` and
 * `scratch`. They exist before the child starts, because a Landlock rule is about an inode.
 */
export class Slot {
  readonly in: string;
  readonly out: string;
  readonly scratch: string;

  private constructor(readonly path: string) {
    this.in = join(path, 'in');
    this.out = join(path, 'out');
    this.scratch = join(path, 'scratch');
  }

  /** Makes a slot with a random name below the worker's folder. */
  static create(folder: string): Slot {
    const slot = new Slot(join(folder, randomBytes(RANDOM_BYTES).toString('hex')));
    mkdirSync(slot.path, { recursive: true, mode: FOLDER_MODE });
    try {
      for (const part of slot.#parts) mkdirSync(part, { mode: FOLDER_MODE });
      return slot;
    } catch (error) {
      rmSync(slot.path, { recursive: true, force: true });
      throw error;
    }
  }

  /** Where the child writes its result. */
  get outputPath(): string {
    return join(this.out, 'out');
  }

  get exists(): boolean {
    return this.#parts.every((part) => existsSync(part));
  }

  /** Gives the child an input under the name of its position, and returns the path. */
  admit(path: string, position: number): string {
    const admitted = join(this.in, String(position));
    try {
      linkSync(path, admitted);
    } catch (error) {
      if (!isOneOf(error, NO_LINK)) throw error;
      copyFileSync(path, admitted, constants.COPYFILE_EXCL);
    }
    return admitted;
  }

  /**
   * Moves the result to `target`, out of the child's reach. Throws `internal_error` for anything but a regular file of
   * `bytes` bytes with one link: a compromised child could leave a link to a file of its own choice. While it lives, a
   * compromised child can change results of its own client through descriptors that it keeps. A copy would prevent that,
   * but a copy of 50 MiB takes as long as a job.
   */
  release(target: string, bytes: number): void {
    const file = openSync(this.outputPath, OPEN_OUTPUT);
    try {
      const { dev, ino } = checkRegular(fstatSync(file), bytes);
      fchmodSync(file, FILE_MODE);
      if (!moveFile(this.outputPath, target)) {
        copyFrom(file, target, bytes);
        return;
      }
      // The child may have put another file at the path after this one was opened.
      const moved = lstatSync(target);
      if (moved.dev !== dev || moved.ino !== ino) throw unusable();
    } finally {
      closeSync(file);
    }
  }

  /** Removes what a job left behind. Returns false if that is more than a job leaves: then the slot is not used again. */
  empty(): boolean {
    try {
      return this.#parts.every((folder) => emptyFolder(folder));
    } catch {
      return false;
    }
  }

  /** Removes the slot. The child must have ended. */
  async remove(): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }

  get #parts(): readonly string[] {
    return [this.in, this.out, this.scratch];
  }
}

/** Whether the folder is empty now. */
function emptyFolder(path: string): boolean {
  const folder = opendirSync(path);
  try {
    for (let left = 0; left <= MAX_LEFT; left++) {
      const entry = folder.readSync();
      if (entry === null) return true;
      unlinkSync(join(path, entry.name));
    }
    return false;
  } finally {
    folder.closeSync();
  }
}

/** Returns false if the file system cannot move the file there. */
function moveFile(path: string, target: string): boolean {
  try {
    renameSync(path, target);
    return true;
  } catch (error) {
    if (!isOneOf(error, NO_LINK)) throw error;
    return false;
  }
}

/** Copies no more than `bytes`, because the child may append to the file as fast as it is read. */
function copyFrom(file: number, target: string, bytes: number): void {
  const copy = openSync(target, 'wx', FILE_MODE);
  try {
    const buffer = Buffer.allocUnsafe(COPY_BYTES);
    for (let left = bytes; left > 0;) {
      const read = readSync(file, buffer, 0, Math.min(left, COPY_BYTES), null);
      if (read === 0) throw unusable();
      for (let written = 0; written < read;) written += writeSync(copy, buffer, written, read - written);
      left -= read;
    }
  } finally {
    closeSync(copy);
  }
}

interface Facts {
  readonly dev: number;
  readonly ino: number;
  readonly nlink: number;
  readonly size: number;
  isFile(): boolean;
}

function checkRegular(facts: Facts, bytes: number): Facts {
  if (!facts.isFile() || facts.nlink !== 1 || facts.size !== bytes) throw unusable();
  return facts;
}

function unusable(): AppError {
  return new AppError('internal_error', 'The work did not produce a usable file.');
}

function isOneOf(error: unknown, codes: readonly string[]): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && codes.includes(String(error.code));
}
