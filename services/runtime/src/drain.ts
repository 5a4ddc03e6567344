import { finished } from 'node:stream';
import type { Readable } from 'node:stream';

/**
 * Calls `take` with each chunk of a stream in order. A loop over the stream would join buffered chunks and copy every byte,
 * and `pipeline` creates an abort signal and an error for each file. Rejects with the error of the stream or of `take`, but
 * only after `take` has ended, so its file can be closed.
 */
export async function drain(stream: Readable, take: (piece: Buffer) => Promise<void>): Promise<void> {
  let taking = Promise.resolve();
  stream.on('data', (piece: Buffer) => {
    stream.pause();
    taking = take(piece);
    taking.then(
      () => stream.resume(),
      (error: unknown) => stream.destroy(error instanceof Error ? error : new Error('not taken', { cause: error })),
    );
  });
  try {
    await ended(stream);
  } finally {
    await taking;
  }
}

/** Rejects if the stream fails, or is destroyed before its end. */
function ended(stream: Readable): Promise<void> {
  return new Promise((resolve, reject) => {
    finished(stream, { writable: false }, (error) => {
      if (error) reject(error);
      else resolve();
    });
  });
}
