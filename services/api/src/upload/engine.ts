import type { Readable } from 'node:stream';
import { peekPixels } from '@pdf-tools/operations/images/peek';
import { sniffFormat, unsupportedFormat } from '@pdf-tools/operations/sniff';
import type { Accepts } from '@pdf-tools/operations/operation';
import type { FormatName } from '@pdf-tools/operations/formats';
import { drain } from '@pdf-tools/runtime/drain';
import { AppError } from '@pdf-tools/runtime/errors';
import type { JobInput } from '@pdf-tools/jobs/record';
import type { InputWriter, Storage } from '@pdf-tools/runtime/storage';
import type { Request } from 'express';
import type multer from 'multer';
import { cleanName } from '../http/names.js';
import type { UploadBody } from './body.js';
import type { DiskReservation } from './disk-budget.js';
import { InputFile } from './input-file.js';
import { decodePartName } from './part-name.js';
import type { InputFacts } from './input-file.js';

export interface EngineOptions {
  readonly storage: Storage;
  /** Disk space of the request. */
  readonly room: DiskReservation;
  readonly jobId: string;
  readonly accepts: Accepts;
  /** Limit of the total size of the files. */
  readonly maxBytes: number;
  /** Whether to hash the files. */
  readonly digest: boolean;
}

/**
 * multer's storage for the files of one request. It checks the first bytes of each file and stores it as
 * `uploads/<job>/<position>`. No file is held in memory as a whole.
 */
export class UploadEngine implements multer.StorageEngine {
  readonly #inputs: JobInput[] = [];
  readonly #digests: string[] = [];
  readonly #writing = new Set<Promise<void>>();
  #started = 0;
  #bytes = 0;
  #hasFolder = false;

  constructor(
    private readonly body: UploadBody,
    private readonly options: EngineOptions,
  ) {}

  /** Number of files seen so far. */
  get started(): number {
    return this.#started;
  }

  /** The stored files, in the order of the request. */
  get inputs(): readonly JobInput[] {
    return this.#inputs;
  }

  /** SHA-256 of each file in hexadecimal digits. Empty unless `digest` is set. */
  get digests(): readonly string[] {
    return this.#digests;
  }

  _handleFile(_req: Request, file: Express.Multer.File, callback: (error?: unknown) => void): void {
    const position = this.#started++;
    const name = cleanName(decodePartName(file.originalname), position);
    const writing = this.#store(file.stream, position, name).then(() => {
      callback(null);
    }, callback);
    this.#writing.add(writing);
    void writing.finally(() => this.#writing.delete(writing));
  }

  /** The caller removes the whole folder. */
  _removeFile(_req: Request, _file: Express.Multer.File, callback: (error: Error | null) => void): void {
    callback(null);
  }

  /** Resolves when no file is open. */
  async settled(): Promise<void> {
    await Promise.all(this.#writing);
  }

  /** Resolves when the names of the files survive a crash. Their bytes do already. */
  async finish(): Promise<void> {
    const { storage, jobId } = this.options;
    await storage.finishUpload(jobId);
  }

  async #store(stream: Readable, position: number, name: string): Promise<void> {
    const { digest } = this.options;
    const inspect = (head: Buffer): InputFacts | undefined => this.#inspect(head, position, name);
    const file = new InputFile({ inspect, open: () => this.#open(position), digest });
    try {
      await drain(stream, async (piece) => {
        this.#count(piece.length, { file: name, index: position });
        await file.take(piece);
      });
      const stored = await file.finish();
      if (stored?.digest !== undefined) this.#digests[position] = stored.digest;
      if (stored) this.#inputs[position] = { name, bytes: stored.bytes, ...stored.facts };
    } finally {
      await file.close();
    }
  }

  #inspect(head: Buffer, position: number, name: string): InputFacts | undefined {
    if (head.length === 0) throw emptyFile(position, name);
    const format = this.#formatOf(head, position, name);
    return format === undefined ? undefined : { format, pixels: peekPixels(format, head) };
  }

  #formatOf(head: Buffer, index: number, name: string): FormatName | undefined {
    const { accepts } = this.options;
    const format = sniffFormat(head);
    if (format !== undefined && accepts.formats.includes(format)) return format;
    this.body.rejectAfterUpload(unsupportedFormat(head, accepts, { name, index }));
    return undefined;
  }

  #open(position: number): InputWriter {
    const { storage, jobId } = this.options;
    if (!this.#hasFolder) storage.createUploadFolder(jobId);
    this.#hasFolder = true;
    return storage.openInput(jobId, position);
  }

  #count(bytes: number, file: { readonly file: string; readonly index: number }): void {
    this.#bytes += bytes;
    const { maxBytes, room } = this.options;
    if (this.#bytes > maxBytes) throw tooLarge(maxBytes, file);
    room.take(bytes);
  }
}

/** Returns the 413 for files whose total size exceeds the limit. */
function tooLarge(limit: number, file: { readonly file: string; readonly index: number }): AppError {
  const detail = `The total size of the files of a request is limited to ${limit} bytes. Send fewer or smaller files.`;
  const message = `must have at most ${limit} bytes in total`;
  return new AppError('upload_too_large', detail, { errors: [{ ...file, limit, message }] });
}

function emptyFile(index: number, file: string): AppError {
  return new AppError('empty_file', `"${file}" is empty. Check the file and send it again, or leave it out.`, {
    errors: [{ file, index, message: 'must not be empty' }],
  });
}
