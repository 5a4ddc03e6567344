import { AppError } from '@pdf-tools/runtime/errors';
import { findDiskFull } from '@pdf-tools/runtime/files';
import { FileError } from './exit-codes.js';

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EBUSY: 'it is in use, or a mount point',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'the file is larger than the system allows',
  EIO: 'the device reports an error',
  EISDIR: 'it is a folder',
  ELOOP: 'its symbolic links form a loop',
  ENAMETOOLONG: 'the name is too long',
  ENOENT: 'its folder does not exist',
  ENOSPC: 'no space is left on the device',
  ENOTDIR: 'a part of its path is not a folder',
  EPERM: 'the system does not permit it',
  EPIPE: 'the program that reads it has ended',
  EROFS: 'the file system is read-only',
};

/** Returns the code of a system error, such as `ENOENT`, or undefined. */
export function systemCode(thrown: unknown): string | undefined {
  return thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : undefined;
}

/** Returns the reason of a system error, as text that fits after a colon. */
export function reasonOf(thrown: unknown): string {
  const code = systemCode(thrown);
  return code === undefined ? 'an unexpected error' : (REASONS[code] ?? code);
}

/** Returns the error for an output that cannot be written. Returns a `FileError` unchanged. */
export function unwritable(name: string, thrown: unknown): FileError {
  if (thrown instanceof FileError) return thrown;
  const subject = name === '-' ? 'Standard output' : `"${name}"`;
  return new FileError('output', `${subject} cannot be written: ${reasonOf(thrown)}.`, thrown);
}

/** Returns true for a full disk, also if a child process reports it. */
export function isDiskFull(thrown: unknown): boolean {
  return findDiskFull(thrown) !== undefined || (thrown instanceof AppError && thrown.code === 'disk_full');
}
