import { read } from 'node:fs';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import {
  AbortMultipartUploadCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import type { S3Client } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import pLimit from 'p-limit';
import { isMissing } from '../files.js';
import type { ResultHeaders } from '../storage.js';
import { storageUnavailable } from '../storage-errors.js';
import { asBucketError, asStorageError, isPreconditionFailed } from './errors.js';
import { limitAge } from './lifecycle.js';

/** Size of a part of a multipart upload. The minimum of S3 is 5 MiB. */
const PART_BYTES = 6_291_456;
/** Parts of one upload in flight, and uploads at a time. Together they hold at most 54 MiB. */
const PARTS_IN_FLIGHT = 2;
const UPLOADS = 3;
/** Bytes that are read from a file at a time. */
const PIECE_BYTES = 1_048_576;
/** Objects that one request can delete. */
const MAX_DELETED = 1_000;
const URL_SECONDS = 60;

/** What is known of a file before it is stored. */
interface FileFacts {
  readonly bytes: number;
  /** SHA-256 in hexadecimal digits. */
  readonly sha256: string;
  readonly mediaType: string;
}

/** A stored object. */
export interface ObjectBody {
  readonly bytes: Readable;
  /** The SHA-256 that was recorded when the object was stored. */
  readonly sha256: string | undefined;
}

/** An object in a list. */
interface ListedObject {
  readonly key: string;
  /** In milliseconds since the epoch. */
  readonly modified: number;
}

/** A multipart upload that was begun and neither completed nor aborted. */
interface UnfinishedUpload {
  readonly key: string;
  readonly uploadId: string;
  /** In milliseconds since the epoch. */
  readonly begun: number;
}

/** An object with another content has the key of a new one. */
export class KeyTaken extends Error {
  constructor() {
    super('another object has the key of a new one');
    this.name = 'KeyTaken';
  }
}

/** The requests to one bucket. Each rejects with the errors of `asStorageError`. Those that store reject with `KeyTaken` too. */
export class Bucket {
  readonly #uploads = pLimit(UPLOADS);

  constructor(
    private readonly client: S3Client,
    private readonly name: string,
    /** Signs URLs for clients. */
    private readonly publicClient: S3Client | undefined,
  ) {}

  /** Rejects if the bucket cannot be reached in time or does not accept the key. */
  async check(timeoutMs: number): Promise<void> {
    const abortSignal = AbortSignal.timeout(timeoutMs);
    const command = new HeadBucketCommand({ Bucket: this.name });
    await this.client.send(command, { abortSignal }).catch((error: unknown) => {
      throw asBucketError(error);
    });
  }

  /** Stores an open file, in parts if it is large. The parts are removed if that fails. */
  async putFile(key: string, file: number, { bytes, sha256, mediaType }: FileFacts): Promise<void> {
    await this.#uploads(async () => {
      const Body = Readable.from(readPieces(file, bytes));
      try {
        const params = { ...this.#newObject(key, sha256), ContentType: mediaType, Body };
        await new Upload({
          client: this.client,
          params,
          partSize: PART_BYTES,
          queueSize: PARTS_IN_FLIGHT,
        }).done();
      } catch (error) {
        await this.#acceptOwn(key, sha256, error);
      } finally {
        Body.destroy();
      }
    });
  }

  /** Stores a short object. */
  async putText(key: string, text: string | Buffer, sha256: string): Promise<void> {
    try {
      await this.client.send(new PutObjectCommand({ ...this.#newObject(key, sha256), Body: text }));
    } catch (error) {
      await this.#acceptOwn(key, sha256, error);
    }
  }

  /** Opens an object. Rejects with ENOENT if it does not exist. */
  async get(key: string, abortSignal?: AbortSignal): Promise<ObjectBody> {
    const command = new GetObjectCommand({ Bucket: this.name, Key: key });
    const { Body, Metadata } = await mapped(this.client.send(command, abortSignal && { abortSignal }));
    if (Body === undefined) throw storageUnavailable(new Error('the response has no body'));
    return { bytes: Body as Readable, sha256: Metadata?.sha256 };
  }

  async exists(key: string): Promise<boolean> {
    return (await this.#digestOf(key)) !== undefined;
  }

  /** Deletes objects. It is no error if one does not exist. */
  async remove(keys: readonly string[]): Promise<void> {
    for (let start = 0; start < keys.length; start += MAX_DELETED) {
      const Objects = keys.slice(start, start + MAX_DELETED).map((Key) => ({ Key }));
      const command = new DeleteObjectsCommand({ Bucket: this.name, Delete: { Objects, Quiet: true } });
      const { Errors: [error] = [] } = await mapped(this.client.send(command));
      if (error) throw storageUnavailable(new Error(`objects not deleted: ${error.Code ?? 'unknown'}`));
    }
  }

  /** Yields the objects whose keys begin with `prefix`, in the order of their keys. */
  async *list(prefix: string): AsyncGenerator<ListedObject> {
    let ContinuationToken: string | undefined;
    do {
      const command = new ListObjectsV2Command({ Bucket: this.name, Prefix: prefix, ContinuationToken });
      const page = await mapped(this.client.send(command));
      for (const { Key = '', LastModified } of page.Contents ?? [])
        yield { key: Key, modified: LastModified?.getTime() ?? Date.now() };
      ContinuationToken = page.IsTruncated === true ? page.NextContinuationToken : undefined;
    } while (ContinuationToken !== undefined);
  }

  async *unfinished(): AsyncGenerator<UnfinishedUpload> {
    let markers: { KeyMarker?: string | undefined; UploadIdMarker?: string | undefined } | undefined = {};
    do {
      const command: ListMultipartUploadsCommand = new ListMultipartUploadsCommand({ Bucket: this.name, ...markers });
      const page = await mapped(this.client.send(command));
      for (const { Key = '', UploadId = '', Initiated } of page.Uploads ?? [])
        yield { key: Key, uploadId: UploadId, begun: Initiated?.getTime() ?? Date.now() };
      const { NextKeyMarker: KeyMarker, NextUploadIdMarker: UploadIdMarker } = page;
      markers = page.IsTruncated === true ? { KeyMarker, UploadIdMarker } : undefined;
    } while (markers);
  }

  /** Removes the parts of an upload. It is no error if the upload has ended meanwhile. */
  async abort({ key, uploadId }: UnfinishedUpload): Promise<void> {
    const command = new AbortMultipartUploadCommand({ Bucket: this.name, Key: key, UploadId: uploadId });
    await this.client.send(command).catch((error: unknown) => {
      const mappedError = asStorageError(error);
      if (!isMissing(mappedError)) throw mappedError;
    });
  }

  /** Has the storage delete objects after this time. Returns whether its rules changed. */
  limitAge(maxAgeMs: number): Promise<boolean> {
    return limitAge(this.client, this.name, maxAgeMs);
  }

  /** Returns a URL for clients, or undefined if clients do not reach the storage. */
  async urlOf(key: string, { contentType, contentDisposition }: ResultHeaders): Promise<string | undefined> {
    if (!this.publicClient) return undefined;
    const command = new GetObjectCommand({
      Bucket: this.name,
      Key: key,
      ResponseContentType: contentType,
      ResponseContentDisposition: contentDisposition,
      ResponseCacheControl: 'private, no-store',
    });
    return getSignedUrl(this.publicClient, command, { expiresIn: URL_SECONDS });
  }

  #newObject(key: string, sha256: string) {
    // No run and no upload writes an object that exists. A second attempt of the client after a lost answer gets 412.
    return { Bucket: this.name, Key: key, IfNoneMatch: '*', Metadata: { sha256 } };
  }

  /**
   * Throws the error of an upload, unless the object is there because the answer to an earlier attempt was lost. The next
   * attempt then finds that the key is taken, or that a multipart upload no longer exists.
   */
  async #acceptOwn(key: string, sha256: string, thrown: unknown): Promise<void> {
    const error = asStorageError(thrown);
    const isTaken = isPreconditionFailed(thrown);
    if (!isTaken && !isMissing(error)) throw error;
    const stored = await this.#digestOf(key);
    if (stored === sha256) return;
    throw isTaken && stored !== undefined ? new KeyTaken() : storageUnavailable(error);
  }

  /** Returns the recorded digest of an object, or undefined if it does not exist. */
  async #digestOf(key: string): Promise<string | undefined> {
    try {
      const head = await mapped(this.client.send(new HeadObjectCommand({ Bucket: this.name, Key: key })));
      return head.Metadata?.sha256 ?? '';
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }
}

const readFile = promisify(read);

/** Yields the first bytes of an open file. A stream of Node would close the file. */
async function* readPieces(file: number, bytes: number): AsyncGenerator<Buffer> {
  for (let position = 0; position < bytes;) {
    const piece = Buffer.allocUnsafe(Math.min(PIECE_BYTES, bytes - position));
    const { bytesRead } = await readFile(file, piece, 0, piece.length, position);
    if (bytesRead === 0) throw new Error('a file is shorter than it was');
    position += bytesRead;
    yield piece.subarray(0, bytesRead);
  }
}

async function mapped<T>(request: Promise<T>): Promise<T> {
  try {
    return await request;
  } catch (error) {
    throw asStorageError(error);
  }
}
