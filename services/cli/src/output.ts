import { createReadStream } from 'node:fs';
import { mkdtemp, realpath, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { FileError, UsageError } from './exit-codes.js';

/**
 * Gives `work` a path to write to and puts the file into its place only when the work succeeds: a failed run leaves
 * nothing and never damages what was there. "-" sends the bytes to standard output.
 */
export async function withOutput<T>(output: string, work: (path: string) => Promise<T>): Promise<T> {
  return output === '-' ? toStdout(work) : toFile(resolve(output), work);
}

/** Gives `work` a folder for intermediate files that is gone afterwards. */
export async function withTempDir<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'pdf-tools-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Throws where the output is one of the inputs, also through links. */
export async function refuseOverwrite(output: string, files: readonly string[]): Promise<void> {
  if (output === '-') return;
  const target = await realOrResolved(output);
  for (const file of files) {
    if (file !== '-' && (await realOrResolved(file)) === target) {
      throw new UsageError(`"${basename(file)}" is an input: the result cannot be written over it.`);
    }
  }
}

async function toFile<T>(output: string, work: (path: string) => Promise<T>): Promise<T> {
  const partial = join(dirname(output), `.${basename(output)}.${process.pid}.partial`);
  try {
    const result = await work(partial);
    await rename(partial, output);
    return result;
  } catch (thrown) {
    throw isAbout(thrown, partial) ? new FileError('output', `"${output}" cannot be written.`, thrown) : thrown;
  } finally {
    await rm(partial, { force: true });
  }
}

function toStdout<T>(work: (path: string) => Promise<T>): Promise<T> {
  return withTempDir(async (folder) => {
    const path = join(folder, 'out.pdf');
    const result = await work(path);
    await pipeline(createReadStream(path), process.stdout, { end: false });
    return result;
  });
}

/** True for a system error about the file being written, or about the disk being full. */
function isAbout(thrown: unknown, path: string): boolean {
  if (!(thrown instanceof Error) || !('code' in thrown)) return false;
  return thrown.code === 'ENOSPC' || ('path' in thrown && thrown.path === path);
}

async function realOrResolved(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    return resolve(path);
  }
}
