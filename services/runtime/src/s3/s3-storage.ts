import { randomUUID } from 'node:crypto';
import { closeSync, openSync, statfsSync, unlinkSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream';
import type { Readable } from 'node:stream';
import { digestOf, newHashKey } from '../digest.js';
import { FILE_MODE, isMissing, makeFolders } from '../files.js';
import { FileWriter } from '../file-writer.js';
import { spaceOf } from '../space.js';
import type { FileRange, InputWriter, ResultHeaders, Run, RunFiles, Space, Storage, StoredResult } from '../storage.js';
import type { S3Settings } from '../storage-config.js';
import { storageCorrupted } from '../storage-errors.js';
import { KeyTaken } from './bucket.js';
import type { Bucket } from './bucket.js';
import { openBucket } from './client.js';
import { AREAS, inputKey, jobOf, reportKey, resultKey, secretKey, uploadPrefix, runsPrefix, HASH_KEY } from './keys.js';
import { openS3Run } from './run-files.js';
import { readBody, VerifiedRange } from './transfer.js';

/** Results up to this size are verified before the first byte is sent, so that a damaged one is a clean error. */
const READ_AT_ONCE_BYTES = 1_048_576;
const CHECK_MS = 2_000;
/** How long a successful check is valid. Storage behind a network charges for requests. */
const CHECKED_MS = 5_000;

/**
 * Files in a bucket of an S3-compatible object storage, with the same names as on the volume. The SHA-256 of every file is
 * recorded when it is stored and compared when it is read. The local disk has only files in transit.
 */
export class S3Storage implements Storage {
  readonly slots: string;
  readonly isLocal = false;
  readonly #received: string;
  #hashKey: Promise<Buffer> | undefined;
  #checkedAt = -Infinity;

  private constructor(
    private readonly bucket: Bucket,
    root: string,
  ) {
    this.slots = join(root, 'slots');
    this.#received = join(root, 'received');
  }

  /** `root` is a folder on the local disk. */
  static open(settings: S3Settings, root: string): S3Storage {
    return new S3Storage(openBucket(settings), root);
  }

  prepare(): void {
    for (const folder of [this.slots, this.#received]) makeFolders(folder);
  }

  async check(): Promise<void> {
    if (performance.now() - this.#checkedAt < CHECKED_MS) return;
    await this.bucket.check(CHECK_MS);
    this.#checkedAt = performance.now();
  }

  async space(): Promise<Space> {
    return spaceOf(await statfs(this.#received));
  }

  spaceNow(): Space {
    return spaceOf(statfsSync(this.#received));
  }

  limitAge(maxAgeMs: number): Promise<boolean> {
    return this.bucket.limitAge(maxAgeMs);
  }

  /** Does nothing, because an object storage has no folders. */
  createUploadFolder(): void {
    return undefined;
  }

  openInput(id: string, position: number): InputWriter {
    return new S3Input(this.bucket, inputKey(id, position), this.#received);
  }

  /** Does nothing, because each object is durable when it is stored. */
  finishUpload(): Promise<void> {
    return Promise.resolve();
  }

  async hasInputs(id: string, count: number): Promise<boolean> {
    const found = new Set<string>();
    for await (const { key } of this.bucket.list(uploadPrefix(id))) found.add(key);
    return Array.from({ length: count }, (_, position) => inputKey(id, position)).every((key) => found.has(key));
  }

  async writeSecret(id: string, text: string): Promise<void> {
    await this.bucket.putText(secretKey(id), text, digestOf(text));
  }

  readSecret(id: string): Promise<string | undefined> {
    return this.#readText(secretKey(id), 'the secret parameters');
  }

  async removeSecret(id: string): Promise<void> {
    await this.bucket.remove([secretKey(id)]);
  }

  async hashKey(): Promise<Buffer> {
    this.#hashKey ??= this.#readOrMakeHashKey();
    try {
      return await this.#hashKey;
    } catch (error) {
      this.#hashKey = undefined;
      throw error;
    }
  }

  openRun(run: Run, folder: string, signal: AbortSignal): Promise<RunFiles> {
    return openS3Run(this.bucket, run, folder, signal);
  }

  readReport(id: string, fence: number): Promise<string | undefined> {
    return this.#readText(reportKey(id, fence), 'the report');
  }

  hasResult(id: string, fence: number): Promise<boolean> {
    return this.bucket.exists(resultKey(id, fence));
  }

  /** The whole object is read for a part of it too, because only its whole digest is recorded. */
  async readResult(id: string, result: StoredResult, range: FileRange): Promise<Buffer | Readable> {
    const { bytes: body } = await this.bucket.get(resultKey(id, result.fence));
    if (result.bytes > READ_AT_ONCE_BYTES) {
      // The reader of the last stream gets the error of either.
      return pipeline(body, new VerifiedRange(result, range), () => undefined);
    }
    const bytes = await readBody(body);
    if (bytes.length !== result.bytes || digestOf(bytes) !== result.sha256) throw storageCorrupted('the result');
    return bytes.subarray(range.start, range.end + 1);
  }

  resultUrl(id: string, fence: number, headers: ResultHeaders): Promise<string | undefined> {
    return this.bucket.urlOf(resultKey(id, fence), headers);
  }

  async removeInputs(id: string, count: number): Promise<void> {
    const inputs = Array.from({ length: count }, (_, position) => inputKey(id, position));
    await this.bucket.remove([...inputs, secretKey(id)]);
  }

  async removeUploads(id: string): Promise<void> {
    await this.#removeAll(uploadPrefix(id));
  }

  async removeJob(id: string): Promise<void> {
    await Promise.all([this.#removeAll(uploadPrefix(id)), this.#removeAll(runsPrefix(id))]);
  }

  async *jobFolders(): AsyncGenerator<{ readonly id: string; readonly modified: number }> {
    for (const area of AREAS) {
      let job: { id: string; modified: number } | undefined;
      // Keys come in order, so the objects of a job follow each other.
      for await (const { key, modified } of this.bucket.list(`${area}/`)) {
        const id = jobOf(key);
        if (job?.id === id) job.modified = Math.max(job.modified, modified);
        else {
          if (job) yield job;
          job = { id, modified };
        }
      }
      if (job) yield job;
    }
  }

  async removeUnfinished(before: number): Promise<number> {
    let removed = 0;
    for await (const upload of this.bucket.unfinished()) {
      if (upload.begun >= before) continue;
      await this.bucket.abort(upload);
      removed++;
    }
    return removed;
  }

  async #removeAll(prefix: string): Promise<void> {
    const keys: string[] = [];
    for await (const { key } of this.bucket.list(prefix)) keys.push(key);
    await this.bucket.remove(keys);
  }

  async #readText(key: string, what: string): Promise<string | undefined> {
    const bytes = await this.#readShort(key, what);
    return bytes?.toString('utf8');
  }

  async #readShort(key: string, what: string): Promise<Buffer | undefined> {
    try {
      const { bytes, sha256 } = await this.bucket.get(key);
      const content = await readBody(bytes);
      if (digestOf(content) !== sha256) throw storageCorrupted(what);
      return content;
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  async #readOrMakeHashKey(): Promise<Buffer> {
    const existing = await this.#readShort(HASH_KEY, 'a key of the service');
    if (existing) return existing;
    const made = newHashKey();
    // Another service may make the key at the same time. The first one wins.
    await this.bucket.putText(HASH_KEY, made, digestOf(made)).catch((error: unknown) => {
      if (!(error instanceof KeyTaken)) throw error;
    });
    return (await this.#readShort(HASH_KEY, 'a key of the service')) ?? made;
  }
}

/**
 * An input that is collected on the local disk and then sent, so that a slow client takes neither memory nor a connection. The
 * file has no name, so the system frees it if this process dies.
 */
class S3Input implements InputWriter {
  readonly #file: number;
  #bytes = 0;
  readonly #writer: FileWriter;

  constructor(
    private readonly bucket: Bucket,
    private readonly key: string,
    folder: string,
  ) {
    const path = join(folder, randomUUID());
    this.#file = openSync(path, 'wx+', FILE_MODE);
    unlinkSync(path);
    this.#writer = new FileWriter(this.#file);
  }

  add(piece: Buffer): Promise<void> {
    this.#bytes += piece.length;
    return this.#writer.add(piece);
  }

  async finish(sha256 = ''): Promise<void> {
    await this.#writer.flush();
    const facts = { bytes: this.#bytes, sha256, mediaType: 'application/octet-stream' };
    await this.bucket.putFile(this.key, this.#file, facts);
  }

  close(): Promise<void> {
    closeSync(this.#file);
    return Promise.resolve();
  }
}
