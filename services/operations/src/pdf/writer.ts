import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';

/** Pieces of an object: text is written as Latin-1, bytes as they are. */
export type Piece = string | Uint8Array;

const FLUSH_BYTES = 1024 * 1024;
/** The comment of bytes above 127 says that the file is binary (ISO 32000-2, 7.5.2). */
const HEADER = Buffer.from('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n', 'latin1');

/**
 * Writes a PDF from front to back: objects in any order of their numbers, then a cross-reference table and the trailer
 * (ISO 32000-2, 7.5.4 and 7.5.5). Holds at most about 1 MiB beyond the pieces given. No date and no random identifier
 * goes in, so the same objects give the same bytes.
 */
export class PdfWriter {
  readonly #file: FileHandle;
  readonly #offsets: number[] = [0];
  #pending: Uint8Array[] = [HEADER];
  #pendingBytes = HEADER.length;
  #position = HEADER.length;

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  /** Creates or empties the file at `path`. */
  static async create(path: string): Promise<PdfWriter> {
    return new PdfWriter(await open(path, 'w', 0o640));
  }

  /** The number of a new indirect object, to be written later under it. */
  allocate(): number {
    return this.#offsets.push(-1) - 1;
  }

  /** Writes one indirect object. */
  async write(number: number, ...pieces: readonly Piece[]): Promise<void> {
    this.#offsets[number] = this.#position;
    this.#push(`${number} 0 obj\n`);
    for (const piece of pieces) this.#push(piece);
    this.#push('\nendobj\n');
    if (this.#pendingBytes >= FLUSH_BYTES) await this.#flush();
  }

  /** Writes a stream object; `entries` are the dictionary's entries but /Length. */
  async writeStream(number: number, entries: string, data: readonly Uint8Array[]): Promise<void> {
    const length = data.reduce((sum, part) => sum + part.length, 0);
    await this.write(number, `<< ${entries} /Length ${length} >>\nstream\n`, ...data, '\nendstream');
  }

  /** Writes cross-reference table and trailer, and closes the file. `root` is the number of the catalog. */
  async finish(root: number): Promise<void> {
    const start = this.#position;
    const rows = this.#offsets.slice(1).map(formatRow);
    this.#push(`xref\n0 ${this.#offsets.length}\n0000000000 65535 f \n${rows.join('')}`);
    this.#push(`trailer\n<< /Size ${this.#offsets.length} /Root ${root} 0 R >>\nstartxref\n${start}\n%%EOF\n`);
    await this.#flush();
    await this.close();
  }

  /** Closes the file, finished or not. */
  async close(): Promise<void> {
    await this.#file.close();
  }

  #push(piece: Piece): void {
    const bytes = typeof piece === 'string' ? Buffer.from(piece, 'latin1') : piece;
    this.#pending.push(bytes);
    this.#pendingBytes += bytes.length;
    this.#position += bytes.length;
  }

  /** writev may write less than all, so what is left is gathered into one buffer and written by a call that loops. */
  async #flush(): Promise<void> {
    const pieces = this.#pending;
    const total = this.#pendingBytes;
    this.#pending = [];
    this.#pendingBytes = 0;
    const { bytesWritten } = await this.#file.writev(pieces);
    if (bytesWritten < total) await this.#file.writeFile(Buffer.concat(pieces).subarray(bytesWritten));
  }
}

/** 20 bytes a row; a number that was never written is free. */
function formatRow(offset: number): string {
  return offset < 0 ? '0000000000 00000 f \n' : `${String(offset).padStart(10, '0')} 00000 n \n`;
}
