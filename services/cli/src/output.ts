import { closeSync, constants, createReadStream, createWriteStream, fstatSync, openSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addAbortSignal } from 'node:stream';
import type { Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { findDiskFull } from '@pdf-tools/runtime/files';
import { FileError } from './exit-codes.js';
import { isDiskFull, reasonOf, systemCode, unwritable } from './file-errors.js';
import { PartialFile } from './partial-file.js';
import { ignoreErrorEvents, openStdout, writeChunk } from './stdout.js';
import type { Target } from './target.js';

type StreamTarget = Extract<Target, { kind: 'stream' }>;

/** Interval of the checks for a program that has opened a FIFO for reading. */
const FIFO_POLL_MS = 50;

/**
 * Gives `work` a path to write to. Only if the work succeeds, a file is replaced in one step, and a device, FIFO or standard
 * output receives the bytes. A failed run leaves no file and does not change an existing one.
 */
export async function withOutput<T>(
  target: Target,
  signal: AbortSignal,
  work: (path: string) => Promise<T>,
): Promise<T> {
  return target.kind === 'file' ? replaceFile(target, work) : sendBytes(target, signal, work);
}

/** Gives `work` a folder for intermediate files that only this user can read. The folder is removed afterwards. */
export async function withTempDir<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'pdf-tools-')).catch((thrown: unknown) => {
    const message = `Temporary files cannot be written to "${tmpdir()}": ${reasonOf(thrown)}. Set TMPDIR to another folder.`;
    throw new FileError('output', message, thrown);
  });
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Returns the error of a run on a full disk. The system does not report which of the two disks is full. */
function noSpace(name: string, thrown: unknown): FileError {
  const cause = findDiskFull(thrown);
  const reason = cause ? reasonOf(cause) : 'no space is left on the device';
  const subject = name === '-' ? 'Standard output' : `"${name}"`;
  const message = `${subject} or a temporary file in "${tmpdir()}" (TMPDIR) cannot be written: ${reason}.`;
  return new FileError('output', message, thrown);
}

async function replaceFile<T>(
  target: Extract<Target, { kind: 'file' }>,
  work: (path: string) => Promise<T>,
): Promise<T> {
  const partial = await PartialFile.create(target).catch((thrown: unknown) => {
    throw unwritable(target.name, thrown);
  });
  try {
    const result = await work(partial.path);
    await partial.publish();
    return result;
  } catch (thrown) {
    if (isDiskFull(thrown)) throw noSpace(target.name, thrown);
    throw partial.isAbout(thrown) ? unwritable(target.name, thrown) : thrown;
  } finally {
    await partial.discard();
  }
}

function sendBytes<T>(
  target: Exclude<Target, { kind: 'file' }>,
  signal: AbortSignal,
  work: (path: string) => Promise<T>,
): Promise<T> {
  return withTempDir(async (folder) => {
    const path = join(folder, 'out.pdf');
    const result = await work(path).catch((thrown: unknown) => {
      throw isDiskFull(thrown) ? noSpace(target.name, thrown) : thrown;
    });
    try {
      await copyTo(path, target, signal);
    } catch (thrown) {
      signal.throwIfAborted();
      throw unwritable(target.name, thrown);
    }
    return result;
  });
}

async function copyTo(path: string, target: Exclude<Target, { kind: 'file' }>, signal: AbortSignal): Promise<void> {
  const sink = target.kind === 'stdout' ? openStdout() : await openStream(target, signal);
  addAbortSignal(signal, sink);
  try {
    for await (const chunk of createReadStream(path)) await writeChunk(sink, chunk as Buffer);
  } finally {
    if (target.kind === 'stream') sink.destroy();
  }
}

/** Opens without O_CREAT, so that no file is created if the device or FIFO was removed meanwhile. */
async function openStream(target: StreamTarget, signal: AbortSignal): Promise<Writable> {
  const flags = constants.O_WRONLY | constants.O_NOCTTY;
  const sink = target.facts.isFIFO()
    ? await openSocket(await openFifo(target, flags, signal))
    : createWriteStream('', { fd: openSame(target, flags | constants.O_TRUNC) });
  ignoreErrorEvents(sink);
  return sink;
}

/** Loads the network modules, which no other target needs. */
async function openSocket(fd: number): Promise<Writable> {
  const { Socket } = await import('node:net');
  return new Socket({ fd, readable: false, writable: true });
}

/** A blocking open cannot be interrupted. A non-blocking one fails with ENXIO until a program reads. */
async function openFifo(target: StreamTarget, flags: number, signal: AbortSignal): Promise<number> {
  for (;;) {
    try {
      return openSame(target, flags | constants.O_NONBLOCK);
    } catch (thrown) {
      if (systemCode(thrown) !== 'ENXIO') throw thrown;
    }
    await sleep(FIFO_POLL_MS, undefined, { signal });
  }
}

/** Opens a path. Throws if another file has taken its place since it was resolved. */
function openSame({ name, path, facts }: StreamTarget, flags: number): number {
  const fd = openSync(path, flags);
  const now = fstatSync(fd, { bigint: true });
  if (now.dev === facts.dev && now.ino === facts.ino) return fd;
  closeSync(fd);
  throw new FileError('output', `"${name}" cannot be written: another program has replaced it. Run the command again.`);
}
