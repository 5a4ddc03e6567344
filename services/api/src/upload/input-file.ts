import { createHash } from 'node:crypto';
import type { Hash } from 'node:crypto';
import { SNIFF_BYTES } from '@pdf-tools/operations/sniff';
import type { JobInput } from '@pdf-tools/jobs/record';
import type { InputWriter } from '@pdf-tools/runtime/storage';

/** What the first bytes of a file show. */
export type InputFacts = Pick<JobInput, 'format' | 'pixels'>;

interface Stored {
  readonly facts: InputFacts;
  readonly bytes: number;
  /** SHA-256 in hexadecimal digits, if `digest` is set. */
  readonly digest: string | undefined;
}

export interface InputFileOptions {
  /** Gets the first `SNIFF_BYTES` bytes, or the whole file if it is shorter. Returns undefined to discard the file. */
  readonly inspect: (head: Buffer) => InputFacts | undefined;
  /** Opens the file to write to. */
  readonly open: () => InputWriter;
  /** Whether to hash the file. */
  readonly digest: boolean;
}

/** One file of an upload. Its first bytes decide whether it is stored or discarded. */
export class InputFile {
  #head: Buffer | undefined = Buffer.alloc(0);
  #bytes = 0;
  #facts: InputFacts | undefined;
  #writer: InputWriter | undefined;
  #hash: Hash | undefined;

  constructor(private readonly options: InputFileOptions) {}

  /** Adds the next chunk. Resolves when another one can be added. */
  async take(piece: Buffer): Promise<void> {
    this.#bytes += piece.length;
    if (!this.#head) {
      await this.#write(piece);
      return;
    }
    this.#head = this.#head.length === 0 ? piece : Buffer.concat([this.#head, piece]);
    if (this.#head.length >= SNIFF_BYTES) await this.#begin(this.#head);
  }

  /** Resolves when the complete file is stored, with undefined if it was discarded. */
  async finish(): Promise<Stored | undefined> {
    if (this.#head) await this.#begin(this.#head);
    const digest = this.#hash?.digest('hex');
    await this.#writer?.finish(digest);
    return this.#facts && { facts: this.#facts, bytes: this.#bytes, digest };
  }

  /** Closes the file after success or failure. */
  async close(): Promise<void> {
    await this.#writer?.close();
    this.#writer = undefined;
  }

  async #begin(head: Buffer): Promise<void> {
    this.#head = undefined;
    this.#facts = this.options.inspect(head);
    if (!this.#facts) return;
    this.#writer = this.options.open();
    if (this.options.digest) this.#hash = createHash('sha256');
    await this.#write(head);
  }

  async #write(piece: Buffer): Promise<void> {
    this.#hash?.update(piece);
    await this.#writer?.add(piece);
  }
}
