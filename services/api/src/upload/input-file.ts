import { createHash } from 'node:crypto';
import type { Hash } from 'node:crypto';
import { closeSync } from 'node:fs';
import { Writable } from 'node:stream';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { SNIFF_BYTES } from '@pdf-tools/operations/sniff';
import type { JobInput } from '@pdf-tools/jobs/record';
import { FileWriter } from './file-writer.js';
import type { Limiter } from './file-writer.js';

/** What the first bytes of a file say. */
export type InputFacts = Pick<JobInput, 'format' | 'pixels'>;

interface Stored {
  readonly facts: InputFacts;
  readonly bytes: number;
  /** SHA-256 in hexadecimal digits, where it was asked for. */
  readonly digest: string | undefined;
}

export interface InputFileOptions {
  /** Looks at the first bytes, fewer than `SNIFF_BYTES` only where the file has no more; undefined where it is not kept. */
  readonly look: (head: Buffer) => InputFacts | undefined;
  /** Opens the file to write to. */
  readonly open: () => number;
  readonly syncs: Limiter;
  /** Hash it on its way. */
  readonly digest: boolean;
}

/** One file of an upload on its way to the disk: looked at by its first bytes, then written, or read past. */
export class InputFile {
  #head: Buffer | undefined = Buffer.alloc(0);
  #bytes = 0;
  #facts: InputFacts | undefined;
  #file: number | undefined;
  #writer: FileWriter | undefined;
  #hash: Hash | undefined;

  constructor(private readonly options: InputFileOptions) {}

  /** Takes the next piece; ends when there is room for another. */
  async take(piece: Buffer): Promise<void> {
    this.#bytes += piece.length;
    if (!this.#head) {
      await this.#write(piece);
      return;
    }
    this.#head = this.#head.length === 0 ? piece : Buffer.concat([this.#head, piece]);
    if (this.#head.length >= SNIFF_BYTES) await this.#begin(this.#head);
  }

  /** All has been taken: ends when it is on the disk. Undefined where it was not kept. */
  async finish(): Promise<Stored | undefined> {
    if (this.#head) await this.#begin(this.#head);
    await this.#writer?.sync();
    return this.#facts && { facts: this.#facts, bytes: this.#bytes, digest: this.#hash?.digest('hex') };
  }

  /** Closes what is open, whatever became of it. */
  async close(): Promise<void> {
    await this.#writer?.settled();
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }

  async #begin(head: Buffer): Promise<void> {
    this.#head = undefined;
    this.#facts = this.options.look(head);
    if (!this.#facts) return;
    this.#file = this.options.open();
    this.#writer = new FileWriter(this.#file, this.options.syncs);
    if (this.options.digest) this.#hash = createHash('sha256');
    await this.#write(head);
  }

  async #write(piece: Buffer): Promise<void> {
    this.#hash?.update(piece);
    await this.#writer?.add(piece);
  }
}

/**
 * Gives `take` the pieces of a stream one after the other, as they came. A loop over the stream would join what has
 * gathered meanwhile, a copy of every byte. Throws what the stream or `take` does, and never while a piece is still
 * being taken: the file that it goes to can be closed then.
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
