import { Writable } from 'node:stream';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/**
 * Calls `take` with each chunk of a stream in order. A loop over the stream would join buffered chunks and copy every
 * byte. Rejects with the error of the stream or of `take`, but only after `take` has ended, so its file can be closed.
 */
export async function drain(stream: Readable, take: (piece: Buffer) => Promise<void>): Promise<void> {
  let taking = Promise.resolve();
  const write = (piece: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void => {
    taking = take(piece);
    taking.then(() => {
      done();
    }, done);
  };
  try {
    await pipeline(stream, new Writable({ write }));
  } finally {
    await taking.catch(() => undefined);
  }
}
