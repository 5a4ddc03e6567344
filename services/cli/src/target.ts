import { fstatSync } from 'node:fs';
import type { BigIntStats } from 'node:fs';
import { access, constants, readlink, realpath, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { FileError, UsageError } from './exit-codes.js';
import { systemCode, unwritable } from './file-errors.js';

/** The destination of a result, after all symbolic links. `name` is what the user wrote. */
export type Target =
  | { readonly kind: 'stdout'; readonly name: string }
  /** A FIFO, a character device or an open descriptor. It receives the bytes and is never replaced. */
  | { readonly kind: 'stream'; readonly name: string; readonly path: string; readonly facts: BigIntStats }
  /** A regular file, which is replaced. `facts` is undefined for a new file. */
  | { readonly kind: 'file'; readonly name: string; readonly path: string; readonly facts: BigIntStats | undefined };

/** The maximum number of symbolic links that Linux follows. */
const MAX_LINKS = 40;

/** Entries of this folder look like links but are open descriptors, such as `/dev/stdout`, or `/dev/fd/63` of `>(command)`. */
const DESCRIPTOR_FOLDER = /^\/proc\/\d+(\/task\/\d+)?\/fd$/;

/** Resolves the value of `-o` without writing. Throws `FileError` if no result can be written there. */
export async function resolveTarget(name: string): Promise<Target> {
  if (name === '-') return { kind: 'stdout', name };
  try {
    const path = await followLinks(name);
    const facts = await statOrUndefined(path);
    if (facts === undefined && name.endsWith('/')) throw notAFile(name, 'a folder that does not exist');
    if (DESCRIPTOR_FOLDER.test(dirname(path))) return descriptor(name, path, facts);
    return facts === undefined ? { kind: 'file', name, path, facts } : await classify(name, path, facts);
  } catch (thrown) {
    throw unwritable(name, thrown);
  }
}

/** Throws `UsageError` if the result would replace one of the inputs, under any name or link. */
export async function refuseInputs(target: Target, files: readonly string[]): Promise<void> {
  const output = identity(target.kind === 'stdout' ? fstatSync(1, { bigint: true }) : target.facts);
  if (output === undefined) return;
  for (const file of files) {
    const facts =
      file === '-' ? fstatSync(0, { bigint: true }) : await stat(file, { bigint: true }).catch(() => undefined);
    if (identity(facts) !== output) continue;
    const input = file === '-' ? 'Standard input' : `"${basename(file)}"`;
    throw new UsageError(`${input} is an input, and the result would replace it. Write the result to another file.`);
  }
}

/** Returns the same string for two names of one file. Undefined for a device, because a terminal may be input and output. */
export function identity(facts: BigIntStats | undefined): string | undefined {
  return facts === undefined || facts.isCharacterDevice() ? undefined : `${String(facts.dev)}:${String(facts.ino)}`;
}

/** Returns the path that the links of `name` lead to. It may not exist. Only its last part may be a link to a descriptor. */
async function followLinks(name: string): Promise<string> {
  let path = name;
  for (let links = 0; links <= MAX_LINKS; links++) {
    const place = join(await realpath(dirname(path)), basename(path));
    if (DESCRIPTOR_FOLDER.test(dirname(place))) return place;
    const link = await readLink(place);
    if (link === undefined) return place;
    // Not normalized, because `..` after a link to a folder means the parent of the link's target.
    path = isAbsolute(link) ? link : `${dirname(place)}/${link}`;
  }
  throw new FileError('output', `"${name}" cannot be written: its symbolic links form a loop.`);
}

/** Returns the target of a symbolic link; undefined if the path is no link. */
async function readLink(path: string): Promise<string | undefined> {
  try {
    return await readlink(path);
  } catch (thrown) {
    if (systemCode(thrown) === 'EINVAL' || systemCode(thrown) === 'ENOENT') return undefined;
    throw thrown;
  }
}

async function statOrUndefined(path: string): Promise<BigIntStats | undefined> {
  try {
    return await stat(path, { bigint: true });
  } catch (thrown) {
    if (systemCode(thrown) === 'ENOENT') return undefined;
    throw thrown;
  }
}

function descriptor(name: string, path: string, facts: BigIntStats | undefined): Target {
  if (facts === undefined) throw notAFile(name, 'a descriptor that is not open');
  const isStdout = path.startsWith(`/proc/${process.pid}/`) && basename(path) === '1';
  return isStdout ? { kind: 'stdout', name } : { kind: 'stream', name, path, facts };
}

async function classify(name: string, path: string, facts: BigIntStats): Promise<Target> {
  if (facts.isDirectory()) throw notAFile(name, 'a folder');
  if (facts.isBlockDevice()) throw notAFile(name, 'a block device');
  if (facts.isSocket()) throw notAFile(name, 'a socket');
  if (!facts.isFile()) return { kind: 'stream', name, path, facts };
  // A rename needs no permission for the file itself, but a read-only file must not be replaced.
  await access(path, constants.W_OK);
  return { kind: 'file', name, path, facts };
}

function notAFile(name: string, what: string): FileError {
  return new FileError('output', `"${name}" is ${what}. Name a file for the result.`);
}
