import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { crc32, deflateRawSync } from 'node:zlib';
import { METHOD, directoryEnd, directoryHeader, localHeader } from './zip-records.js';
import type { ZipEntry } from './zip-records.js';

const CHUNK_BYTES = 256 * 1024;

interface Options {
  /** Sizes and offsets from this one on are written with ZIP64. Tests lower it. */
  readonly zip64From?: number;
}

/**
 * Writes a ZIP file (PKWARE APPNOTE 6.3.10). Files are copied in chunks, so that memory holds no whole entry. Names are in
 * UTF-8. The sizes of an entry precede its data, so that readers do not need to seek.
 */
export class ZipArchive {
  readonly #file: FileHandle;
  readonly #zip64From: number | undefined;
  readonly #entries: ZipEntry[] = [];
  #position = 0;

  private constructor(file: FileHandle, zip64From: number | undefined) {
    this.#file = file;
    this.#zip64From = zip64From;
  }

  /** Creates or truncates the file. All methods throw the file system's errors. */
  static async create(path: string, { zip64From }: Options = {}): Promise<ZipArchive> {
    return new ZipArchive(await open(path, 'w'), zip64From);
  }

  /** Adds a file without compression, because a PDF is compressed already. Returns its size in bytes. */
  async addStored(name: string, path: string): Promise<number> {
    const source = await open(path, 'r');
    try {
      const { size } = await source.stat();
      const entry = { name: Buffer.from(name), method: METHOD.stored, bytes: size, storedBytes: size };
      const start = this.#position;
      // The checksum is known only after the copy. It does not change the length of the header.
      const headerBytes = localHeader({ ...entry, crc: 0, offset: start }, this.#zip64From).length;
      this.#position += headerBytes;
      const crc = await this.#copy(source, size);
      this.#entries.push({ ...entry, crc, offset: start });
      await this.#writeAt(localHeader({ ...entry, crc, offset: start }, this.#zip64From), start);
      return size;
    } finally {
      await source.close();
    }
  }

  /** Adds a text with compression. */
  async addText(name: string, text: string): Promise<void> {
    const bytes = Buffer.from(text);
    const deflated = deflateRawSync(bytes);
    const sizes = { bytes: bytes.length, storedBytes: deflated.length };
    const crc = crc32(bytes);
    const entry = { name: Buffer.from(name), method: METHOD.deflated, crc, ...sizes, offset: this.#position };
    await this.#append(Buffer.concat([localHeader(entry, this.#zip64From), deflated]));
    this.#entries.push(entry);
  }

  /** Writes the central directory. The file is complete when the promise resolves. */
  async finish(): Promise<void> {
    const offset = this.#position;
    await this.#append(Buffer.concat(this.#entries.map((entry) => directoryHeader(entry, this.#zip64From))));
    const bytes = this.#position - offset;
    await this.#append(directoryEnd({ entries: this.#entries.length, bytes, offset }, this.#zip64From));
  }

  /** Closes the file. Call it after an error too. */
  async close(): Promise<void> {
    await this.#file.close();
  }

  /** Appends `size` bytes of a file. Returns their CRC-32. */
  async #copy(source: FileHandle, size: number): Promise<number> {
    const chunk = Buffer.allocUnsafeSlow(Math.min(CHUNK_BYTES, size));
    let crc = 0;
    for (let left = size; left > 0;) {
      const { bytesRead } = await source.read(chunk, 0, Math.min(chunk.length, left));
      if (bytesRead === 0) throw new Error('A file became shorter while it was added to an archive.');
      const part = chunk.subarray(0, bytesRead);
      crc = crc32(part, crc);
      await this.#append(part);
      left -= bytesRead;
    }
    return crc;
  }

  async #append(bytes: Buffer): Promise<void> {
    await this.#writeAt(bytes, this.#position);
    this.#position += bytes.length;
  }

  async #writeAt(bytes: Buffer, position: number): Promise<void> {
    for (let at = 0; at < bytes.length;)
      at += (await this.#file.write(bytes, at, bytes.length - at, position + at)).bytesWritten;
  }
}
