import { createWriteStream, fstatSync } from 'node:fs';
import type { Writable } from 'node:stream';
import { unwritable } from './file-errors.js';

let opened: Writable | undefined;

/** Returns standard output as a stream that reports failures only to the callback of `write`. */
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

/** Writes a chunk, and resolves when the system has taken all of it. */
export function writeChunk(sink: Writable, chunk: string | Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    sink.write(chunk, (error) => {
      if (error) reject(error);
      else resolve();
    });
  });
}

/** Ignores error events. A failed write also reaches its callback, and an event without a listener ends the process. */
export function ignoreErrorEvents(sink: Writable): void {
  sink.on('error', () => undefined);
}

function createSink(): Writable {
  const sink = fstatSync(1).isFile() ? createWriteStream('', { fd: 1, autoClose: false }) : process.stdout;
  ignoreErrorEvents(sink);
  return sink;
}
