import { closeSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { modifiedAt } from './files.js';
import { FileWriter } from './file-writer.js';
import type { Limiter } from './file-writer.js';
import type { InputWriter } from './storage.js';

/** An input that is written to the volume. */
export class VolumeInput implements InputWriter {
  readonly #writer: FileWriter;

  /** `syncs` limits how many files with much unsynced data are synced at a time. */
  constructor(
    private readonly file: number,
    syncs: Limiter,
  ) {
    this.#writer = new FileWriter(file, syncs);
  }

  add(piece: Buffer): Promise<void> {
    return this.#writer.add(piece);
  }

  finish(): Promise<void> {
    return this.#writer.sync();
  }

  async close(): Promise<void> {
    await this.#writer.settled();
    closeSync(this.file);
  }
}

/** Returns `length` bytes of an open file from `start` on, and closes it. */
export async function readFilePart(file: FileHandle, start: number, length: number): Promise<Buffer> {
  try {
    const bytes = Buffer.allocUnsafe(length);
    for (let done = 0; done < length;) {
      const { bytesRead } = await file.read(bytes, done, length - done, start + done);
      if (bytesRead === 0) throw new Error('a result is shorter than its record says');
      done += bytesRead;
    }
    return bytes;
  } finally {
    await file.close();
  }
}

/** Returns the newest modification time of a folder and its entries. */
export async function newestChange(folder: string): Promise<number> {
  const entries = await readdir(folder);
  const times = await Promise.all([folder, ...entries.map((entry) => join(folder, entry))].map(modifiedAt));
  return Math.max(...times);
}
