import type { Readable, Writable } from 'node:stream';
import { fieldsOf } from '@pdf-tools/operations/operation';
import type { Accepts } from '@pdf-tools/operations/operation';
import { AppError } from '@pdf-tools/runtime/errors';
import type { JobInput } from '@pdf-tools/jobs/record';
import type { Logger } from '@pdf-tools/runtime/logger';
import type { Storage } from '@pdf-tools/runtime/storage';
import type { Request, Response } from 'express';
import multer from 'multer';
import type { EventLoopThrottle } from '../event-loop-throttle.js';
import { ClientGone } from '../http/client-gone.js';
import { removeUpload } from '../jobs/file-removal.js';
import { bodyTooLarge, UploadBody } from './body.js';
import { UploadEngine } from './engine.js';
import { FIELD_LIMITS, uploadError } from './upload-errors.js';
import type { DiskBudget } from './disk-budget.js';
import type { UploadTimeouts } from './timeouts.js';
import { decodePartName } from './part-name.js';
import { UnnamedFiles } from './unnamed-files.js';

const PARSER_BUFFER_BYTES = 262_144;

export interface UploadDeps {
  readonly storage: Storage;
  readonly timeouts: UploadTimeouts;
  readonly disk: DiskBudget;
  /** Limits how many uploads start in a round of the event loop. */
  readonly starts: EventLoopThrottle;
  /** Limits the bytes that are parsed in a round of the event loop. */
  readonly parsing: EventLoopThrottle;
  readonly maxBytes: number;
  readonly log: Logger;
}

/** The files of a request, which survive a crash, and its text fields by name. */
export interface Upload {
  readonly inputs: readonly JobInput[];
  /** SHA-256 of each file, if `digest` is set. */
  readonly digests: readonly string[];
  readonly fields: ReadonlyMap<string, unknown>;
}

export interface UploadOptions {
  readonly jobId: string;
  /** The client whose share of the disk the upload takes. */
  readonly client: string;
  readonly accepts: Accepts;
  /** Whether to hash the files. */
  readonly digest: boolean;
  /** Bytes of the inputs of queued jobs whose results need space on this disk too. */
  readonly waiting: number;
  readonly deps: UploadDeps;
}

/**
 * Streams the files of a multipart request to `uploads/<jobId>/`. Rejects with an AppError for an error of the client and
 * with ClientGone if the client closed the connection. After a rejection no file of the request exists or is open.
 */
export async function receiveUpload(
  req: Request,
  res: Response,
  { jobId, client, accepts, digest, waiting, deps }: UploadOptions,
): Promise<Upload> {
  checkHeaders(req, accepts, deps.maxBytes);
  await new Promise<void>((resolve) => {
    deps.starts.run(1, resolve);
  });
  if (req.destroyed) throw new ClientGone();
  // Must come before the body exists, because every later error has to end the body.
  const room = deps.disk.reserve(client, Number(req.headers['content-length'] ?? 0), waiting);
  const body = new UploadBody(req, deps.maxBytes, deps.parsing);
  const { storage, maxBytes } = deps;
  const engine = new UploadEngine(body, { storage, room, jobId, accepts, maxBytes, digest });
  deps.timeouts.watch(body);
  try {
    if (req.headers.expect !== undefined) res.writeContinue();
    const fields = await parse(body, engine, accepts, res);
    if (body.deferredError) throw body.deferredError;
    if (engine.inputs.length === 0) throw noFiles(accepts);
    await engine.finish();
    return { inputs: engine.inputs, digests: engine.digests, fields };
  } catch (error) {
    body.destroy();
    await engine.settled();
    await removeUpload(jobId, deps);
    throw uploadError(error);
  } finally {
    room.release();
  }
}

/** Refuses a request by its headers, before its body is read. */
function checkHeaders({ headers }: Request, { field }: Accepts, maxBytes: number): void {
  const coding = headers['content-encoding'] ?? 'identity';
  if (coding.toLowerCase() !== 'identity')
    throw new AppError(
      'unsupported_format',
      `The body has the Content-Encoding ${JSON.stringify(coding.slice(0, 40))}. Send it uncompressed and without this header.`,
      { errors: [{ param: 'Content-Encoding', message: 'must not be sent' }] },
    );
  const type = headers['content-type'] ?? '';
  if (!/^multipart\/form-data\s*(;|$)/i.test(type))
    throw badHeader(
      `The Content-Type must be multipart/form-data. Send the file in the field "${field}" of a form.`,
      'must be multipart/form-data',
    );
  if (!/;\s*boundary=("[^"]+"|[^\s";]+)/i.test(type))
    throw badHeader(
      'The Content-Type has no boundary. Let the HTTP client set the header, or add "; boundary=" with the boundary of the body.',
      'must have a boundary',
    );
  const error = bodyTooLarge(Number(headers['content-length'] ?? 0), maxBytes);
  if (error) throw error;
}

function badHeader(detail: string, message: string): AppError {
  return new AppError('bad_multipart', detail, { errors: [{ param: 'Content-Type', message }] });
}

/** Runs multer on the body and returns the text fields, each as a string, or as an array if it is repeated. */
async function parse(
  body: UploadBody,
  engine: UploadEngine,
  accepts: Accepts,
  res: Response,
): Promise<ReadonlyMap<string, unknown>> {
  // multer uses only the stream and the headers of the request, which the body has.
  const request = body as unknown as Request;
  const unnamed = new UnnamedFiles(fieldsOf(accepts));
  const counts = new Map<string, number>();
  const parser = multer({
    storage: engine,
    // Names come as bytes, for `decodePartName`. A second byte of Shift-JIS may look like a separator of a path.
    defParamCharset: 'latin1',
    preservePath: true,
    limits: { ...FIELD_LIMITS, headerPairs: 100, parts: accepts.maxFiles + FIELD_LIMITS.fields },
    fileFilter: (_req, file, callback) => {
      const field = decodePartName(file.fieldname);
      const refusal = refuseFile(field, { files: engine.started, ofField: counts.get(field) ?? 0 }, accepts);
      counts.set(field, (counts.get(field) ?? 0) + 1);
      if (refusal) callback(refusal);
      else callback(null, true);
    },
    ...{
      fileHwm: PARSER_BUFFER_BYTES,
      streamHandler: (source: Readable, busboy: Writable) => {
        unnamed.watch(busboy);
        source.pipe(busboy);
      },
    },
  });
  body.start();
  await new Promise<void>((resolve, reject) => {
    void parser.any()(request, res, (error?: unknown) => {
      const thrown = unnamed.error ?? error;
      if (thrown === undefined || thrown === null) resolve();
      else reject(thrown instanceof Error ? thrown : new Error('the upload failed', { cause: thrown }));
    });
  });
  const fields = Object.entries((request.body ?? {}) as Record<string, unknown>);
  return new Map(fields.map(([name, value]) => [decodePartName(name), value]));
}

/** `before` has the numbers of earlier files of the request, all and those of this field. */
function refuseFile(
  field: string,
  before: { readonly files: number; readonly ofField: number },
  accepts: Accepts,
): AppError | undefined {
  const fields = fieldsOf(accepts);
  if (!fields.includes(field)) {
    const expected = fields.map((each) => `"${each}"`).join(' or ');
    return new AppError(
      'unexpected_field',
      `This operation does not take files in the field "${field}". Send them in ${expected}.`,
      { errors: [{ param: field, message: `must be ${expected}` }] },
    );
  }
  if (field === 'file' && fields.includes('files') && before.ofField > 0) return secondFile();
  return before.files < accepts.maxFiles ? undefined : tooManyFiles(field, accepts.maxFiles);
}

function secondFile(): AppError {
  return new AppError('too_many_files', 'The field "file" takes one file per request. Send several files in "files".', {
    errors: [{ param: 'file', message: 'must have at most 1 file', limit: 1 }],
  });
}

function tooManyFiles(param: string, limit: number): AppError {
  const detail =
    limit === 1
      ? 'This operation takes one file per request. Send a request for each file.'
      : `This operation takes at most ${limit} files per request. Send fewer files.`;
  const message = `must have at most ${limit} ${limit === 1 ? 'file' : 'files'}`;
  return new AppError('too_many_files', detail, { errors: [{ param, message, limit }] });
}

function noFiles({ field }: Accepts): AppError {
  return new AppError('no_files', `The field "${field}" has no file. Send at least one, with a file name.`, {
    errors: [{ param: field, message: 'must be a file' }],
  });
}
