import type { Accepts } from '@pdf-tools/operations/operation';
import { AppError } from '@pdf-tools/runtime/errors';
import type { JobInput } from '@pdf-tools/jobs/record';
import type { Logger } from '@pdf-tools/runtime/logger';
import type { Storage } from '@pdf-tools/runtime/storage';
import type { Request, Response } from 'express';
import multer from 'multer';
import type { Turns } from '../turns.js';
import { ClientGone } from '../http/client-gone.js';
import { UploadBody } from './body.js';
import { tooLarge, UploadEngine } from './engine.js';
import { FIELD_LIMITS, uploadFault } from './faults.js';
import type { DiskBudget } from './disk-budget.js';
import type { Limiter } from './file-writer.js';
import type { FolderSync } from './folder-sync.js';
import type { UploadPace } from './pace.js';

/** Bytes that a request may have beside those of its files: part headers and text fields. */
const FRAMING_BYTES = 1_048_576;
const PARSER_BUFFER_BYTES = 262_144;

export interface UploadDeps {
  readonly storage: Storage;
  readonly folders: FolderSync;
  readonly syncs: Limiter;
  readonly pace: UploadPace;
  readonly disk: DiskBudget;
  /** When an upload may begin. */
  readonly beginnings: Turns;
  /** When a piece of a body may be parsed, in bytes. */
  readonly turns: Turns;
  readonly maxBytes: number;
  readonly log: Logger;
}

/** A request's files, on disk and synced, and its text fields by name. */
export interface Upload {
  readonly inputs: readonly JobInput[];
  /** SHA-256 of each file where that was asked for. */
  readonly digests: readonly string[];
  readonly fields: ReadonlyMap<string, unknown>;
}

export interface UploadOptions {
  readonly jobId: string;
  /** Whose share of the disk the upload takes. */
  readonly client: string;
  readonly accepts: Accepts;
  /** Hash the files on their way. */
  readonly digest: boolean;
  /** Bytes of the inputs of waiting jobs, whose results need room too. */
  readonly waiting: number;
  readonly deps: UploadDeps;
}

/**
 * Streams the files of a multipart request to `uploads/<jobId>/`. Rejects with an AppError for what the client did
 * wrong and with ClientGone where it went away; then nothing of the request is left on the disk or open.
 */
export async function receiveUpload(
  req: Request,
  res: Response,
  { jobId, client, accepts, digest, waiting, deps }: UploadOptions,
): Promise<Upload> {
  refuseUnread(req, deps.maxBytes);
  await new Promise<void>((resolve) => {
    deps.beginnings.take(1, resolve);
  });
  if (req.destroyed) throw new ClientGone();
  // Before the body is watched: from then on every error has to end it.
  const room = deps.disk.reserve(client, Number(req.headers['content-length'] ?? 0), waiting);
  const body = new UploadBody(req, deps.maxBytes + FRAMING_BYTES, deps.turns);
  const { storage, folders, syncs, maxBytes } = deps;
  const engine = new UploadEngine(body, { storage, folders, syncs, room, jobId, accepts, maxBytes, digest });
  deps.pace.watch(body);
  try {
    if (req.headers.expect !== undefined) res.writeContinue();
    const fields = await parse(body, engine, accepts, res);
    if (body.verdict) throw body.verdict;
    if (engine.inputs.length === 0) throw noFiles(accepts);
    await engine.syncFolder();
    return { inputs: engine.inputs, digests: engine.digests, fields };
  } catch (error) {
    body.destroy();
    await engine.settled();
    await removeUpload(jobId, deps);
    throw uploadFault(error);
  } finally {
    room.release();
  }
}

/** The client is told of its own fault, not of this one; the sweep tries again. */
async function removeUpload(jobId: string, { storage, log }: UploadDeps): Promise<void> {
  try {
    await storage.removeUploads(jobId);
  } catch (error) {
    log.warn('could not remove an upload', { error });
  }
}

/** What the headers alone tell. */
function refuseUnread({ headers }: Request, maxBytes: number): void {
  const coding = headers['content-encoding'] ?? 'identity';
  if (coding.toLowerCase() !== 'identity')
    throw new AppError('unsupported_format', 'Request bodies must not have a Content-Encoding.');
  if (!/^multipart\/form-data\s*(;|$)/i.test(headers['content-type'] ?? ''))
    throw new AppError('bad_multipart', 'The body must be multipart/form-data.');
  if (Number(headers['content-length'] ?? 0) > maxBytes + FRAMING_BYTES) throw tooLarge(maxBytes);
}

/** Runs multer over the body. The text fields come as multer leaves them: a string, or an array of a repeated field's. */
async function parse(
  body: UploadBody,
  engine: UploadEngine,
  accepts: Accepts,
  res: Response,
): Promise<ReadonlyMap<string, unknown>> {
  // multer sees the counted body in the place of the request: it needs the stream and the headers of it, nothing else.
  const request = body as unknown as Request;
  const parser = multer({
    storage: engine,
    defParamCharset: 'utf8',
    limits: { ...FIELD_LIMITS, headerPairs: 100, parts: accepts.maxFiles + FIELD_LIMITS.fields },
    fileFilter: (_req, file, callback) => {
      const refusal = refuseFile(file.fieldname, engine.started, accepts);
      if (refusal) callback(refusal);
      else callback(null, true);
    },
    ...{ fileHwm: PARSER_BUFFER_BYTES },
  });
  body.start();
  await new Promise<void>((resolve, reject) => {
    void parser.any()(request, res, (error?: unknown) => {
      if (error === undefined || error === null) resolve();
      else reject(error instanceof Error ? error : new Error('the upload failed', { cause: error }));
    });
  });
  return new Map(Object.entries((request.body ?? {}) as Record<string, unknown>));
}

function refuseFile(field: string, before: number, { field: expected, maxFiles }: Accepts): AppError | undefined {
  if (field !== expected)
    return new AppError('unexpected_field', `Files are sent in the field "${expected}".`, {
      errors: [{ param: expected, message: 'is the name of the field for files' }],
    });
  if (before < maxFiles) return undefined;
  return new AppError(
    'too_many_files',
    `This operation takes at most ${maxFiles} ${maxFiles === 1 ? 'file' : 'files'}.`,
  );
}

function noFiles({ field }: Accepts): AppError {
  return new AppError('no_files', `Send at least one file in the multipart field "${field}".`, {
    errors: [{ param: field, message: 'must be a file' }],
  });
}
