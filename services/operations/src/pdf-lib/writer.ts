import { closeSync, openSync, writeSync, writevSync } from 'node:fs';

/** Pieces of an object: text is written as Latin-1, bytes as they are. */
export type Piece = string | Uint8Array;

const FLUSH_BYTES = 1024 * 1024;
/** The comment of bytes above 127 says that the file is binary (ISO 32000-2, 7.5.2). */
const HEADER = Buffer.from('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n', 'latin1');

/**
 * Writes a PDF from front to back, synchronously (the process has nothing else to do meanwhile): objects in any order of their numbers, then a cross-reference table and the trailer
 * (ISO 32000-2, 7.5.4 and 7.5.5). Holds at most about 1 MiB beyond the pieces given. No date and no random identifier
 * goes in, so the same objects give the same bytes.
 */
export class PdfWriter {
  readonly #file: number;
  readonly #offsets: number[] = [0];
  #pending: Uint8Array[] = [HEADER];
  #pendingBytes = HEADER.length;
  #position = HEADER.length;

  /** Creates or empties the file at `path`. */
  constructor(path: string) {
    this.#file = openSync(path, 'w', 0o640);
  }

  /** The number of a new indirect object, to be written later under it. */
  allocate(): number {
    return this.#offsets.push(-1) - 1;
  }

  /** Writes one indirect object. */
  write(number: number, ...pieces: readonly Piece[]): void {
    this.#offsets[number] = this.#position;
    this.#push(`${number} 0 obj\n`);
    for (const piece of pieces) this.#push(piece);
    this.#push('\nendobj\n');
    if (this.#pendingBytes >= FLUSH_BYTES) this.#flush();
  }

  /** Writes a stream object; `entries` are the dictionary's entries but /Length. */
  writeStream(number: number, entries: string, data: readonly Uint8Array[]): void {
    const length = data.reduce((sum, part) => sum + part.length, 0);
    this.write(number, `<< ${entries} /Length ${length} >>\nstream\n`, ...data, '\nendstream');
  }

  /** Writes cross-reference table and trailer, and closes the file. `root` is the number of the catalog. */
  finish(root: number): void {
    const start = this.#position;
    const rows = this.#offsets.slice(1).map(formatRow);
    this.#push(`xref\n0 ${this.#offsets.length}\n0000000000 65535 f \n${rows.join('')}`);
    this.#push(`trailer\n<< /Size ${this.#offsets.length} /Root ${root} 0 R >>\nstartxref\n${start}\n%%EOF\n`);
    this.#flush();
    this.close();
  }

  /** Closes the file, finished or not. */
  close(): void {
    closeSync(this.#file);
  }

  #push(piece: Piece): void {
    const bytes = typeof piece === 'string' ? Buffer.from(piece, 'latin1') : piece;
    this.#pending.push(bytes);
    this.#pendingBytes += bytes.length;
    this.#position += bytes.length;
  }

  /** writev may write less than all; what is left is gathered and written until nothing is. */
  #flush(): void {
    const pieces = this.#pending;
    const total = this.#pendingBytes;
    this.#pending = [];
    this.#pendingBytes = 0;
    let done = writevSync(this.#file, pieces);
    if (done === total) return;
    const rest = Buffer.concat(pieces);
    while (done < total) done += writeSync(this.#file, rest, done);
  }
}

/** 20 bytes a row; a number that was never written is free. */
function formatRow(offset: number): string {
  return offset < 0 ? '0000000000 00000 f \n' : `${String(offset).padStart(10, '0')} 00000 n \n`;
}
