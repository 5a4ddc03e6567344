import { createWriteStream, fstatSync } from 'node:fs';
import type { Writable } from 'node:stream';
import { unwritable } from './file-errors.js';

let opened: Writable | undefined;

/** Standard output as a stream whose failures reach the callback of `write`, and nothing else. */
export function openStdout(): Writable {
  opened ??= createSink();
  return opened;
}

/** Prints a line on standard output. Throws `FileError` if it cannot be written, unlike `console.log`. */
export async function print(line: string): Promise<void> {
  try {
    await writeChunk(openStdout(), `${line}\n`);
  } catch (thrown) {
    throw unwritable('-', thrown);
  }
}

/** Writes all of a chunk, and returns when the system has taken it. */
export function writeChunk(sink: Writable, chunk: string | Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    sink.write(chunk, (error) => {
      if (error) reject(error);
      else resolve();
    });
  });
}

/** A failed write is reported twice, by callback and event; an event without a listener would end the process. */
export function ignoreErrorEvents(sink: Writable): void {
  sink.on('error', () => undefined);
}

function createSink(): Writable {
  const sink = fstatSync(1).isFile() ? createWriteStream('', { fd: 1, autoClose: false }) : process.stdout;
  ignoreErrorEvents(sink);
  return sink;
}
