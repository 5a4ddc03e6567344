import { closeSync, fsync, fsyncSync, mkdirSync, openSync, rmSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { promisify } from 'node:util';

/** The group may read files, others may not. Folders pass their group on (setgid). */
export const FILE_MODE = 0o640;
export const FOLDER_MODE = 0o2750;
/** The disk is full, the quota is used up, or the file is larger than the system allows. */
const NO_SPACE = ['ENOSPC', 'EDQUOT', 'EFBIG'];

/** Syncs an open file to the disk. */
export const fsyncFile = promisify(fsync);

/** Syncs a file's bytes, or a folder's entries, to the disk. */
export async function sync(path: string): Promise<void> {
  await withFile(path, fsyncFile);
}

/** Creates a folder with its missing parents. Returns when the entry of each new one is on the disk. */
export function makeFolders(folder: string): void {
  const path = resolve(folder);
  const first = mkdirSync(path, { recursive: true, mode: FOLDER_MODE });
  if (first === undefined) return;
  for (let made = path; made.length >= first.length; made = dirname(made)) syncFolder(dirname(made));
}

/** It blocks, so it is only for the start of a process. */
export function syncFolder(path: string): void {
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

/** Calls `use` with an open file, and closes it. */
export async function withFile<T>(path: string, use: (file: number) => Promise<T>): Promise<T> {
  const file = openSync(path, 'r');
  try {
    return await use(file);
  } finally {
    closeSync(file);
  }
}

/** Removes a file or folder with everything in it. It is no error if it does not exist. */
export function removeTree(path: string): void {
  rmSync(path, { recursive: true, force: true });
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

/** Whether an error has this code of the system. */
export function hasCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}
