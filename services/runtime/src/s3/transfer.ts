import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { addAbortSignal, Transform } from 'node:stream';
import type { Readable, TransformCallback } from 'node:stream';
import { drain } from '../drain.js';
import { FILE_MODE } from '../files.js';
import { FileWriter } from '../file-writer.js';
import type { FileRange } from '../storage.js';
import { storageCorrupted, storageUnavailable } from '../storage-errors.js';

/** Size and SHA-256 of the bytes that were read. */
interface Facts {
  readonly bytes: number;
  readonly sha256: string;
}

/** Reads an object to its end and returns what was read. */
export function digestBody(body: Readable): Promise<Facts> {
  return readChunks(body, () => undefined);
}

/** Writes an object to a new file and returns what was read. Rejects with the reason of `signal` if it aborts. */
export async function copyToFile(body: Readable, path: string, signal: AbortSignal): Promise<Facts> {
  addAbortSignal(signal, body);
  let file: FileHandle | undefined;
  try {
    file = await open(path, 'wx', FILE_MODE);
    const writer = new FileWriter(file.fd);
    const facts = await readChunks(body, (chunk) => writer.add(chunk));
    await writer.flush();
    return facts;
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    body.destroy();
    await file?.close();
  }
}

/** Reads a short object. */
export async function readBody(body: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  await readChunks(body, (chunk) => {
    chunks.push(chunk);
    return undefined;
  });
  return Buffer.concat(chunks);
}

/** Hashes an object while `take` gets its chunks. An error of the connection becomes `storage_unavailable`. */
async function readChunks(body: Readable, take: (chunk: Buffer) => Promise<void> | undefined): Promise<Facts> {
  const hash = createHash('sha256');
  let bytes = 0;
  let failure: { readonly error: unknown } | undefined;
  try {
    await drain(body, async (chunk) => {
      hash.update(chunk);
      bytes += chunk.length;
      await take(chunk)?.catch((error: unknown) => {
        failure = { error };
        throw error;
      });
    });
  } catch (error) {
    throw failure ? failure.error : storageUnavailable(error);
  }
  return { bytes, sha256: hash.digest('hex') };
}

/**
 * Passes a range of a file on. It holds back the last chunk until the whole file has been read, and fails if that is not the
 * file that was stored. So no client gets a complete answer with wrong bytes.
 */
export class VerifiedRange extends Transform {
  readonly #hash = createHash('sha256');
  #position = 0;
  #held: Buffer | undefined;

  constructor(
    private readonly expected: Facts,
    private readonly range: FileRange,
  ) {
    super();
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#hash.update(chunk);
    const from = Math.max(0, this.range.start - this.#position);
    const to = Math.min(chunk.length, this.range.end + 1 - this.#position);
    this.#position += chunk.length;
    if (from >= to) {
      done();
      return;
    }
    const ready = this.#held;
    this.#held = chunk.subarray(from, to);
    done(null, ready);
  }

  override _flush(done: TransformCallback): void {
    const { bytes, sha256 } = this.expected;
    if (this.#position !== bytes || this.#hash.digest('hex') !== sha256) done(storageCorrupted('the result'));
    else done(null, this.#held);
  }
}
