import { existsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { finished, pipeline } from 'node:stream/promises';
import type { Operations } from '@pdf-tools/operations/operation';
import { AppError } from '@pdf-tools/runtime/errors';
import { mediaTypeOf } from '@pdf-tools/jobs/record';
import type { JobRecord, JobResult } from '@pdf-tools/jobs/record';
import { isMissing, resultName } from '@pdf-tools/runtime/storage';
import type { Storage } from '@pdf-tools/runtime/storage';
import type { Request, Response } from 'express';
import { matchesETag, parseRange } from '../http/byte-range.js';
import type { ByteRange } from '../http/byte-range.js';
import { contentDisposition } from '../http/names.js';
import { jobExpired } from './find.js';
import { missingResult } from './view.js';

/** Memory per slow reader. nginx allows 800 requests in progress. */
const READ_BYTES = 65_536;
/** Parts up to this size are read at once, because a stream costs more than the bytes. */
const READ_AT_ONCE_BYTES = 131_072;
/** Ranges that nginx parses as `parseRange` does. */
const PLAIN_RANGE = /^bytes=\d*-\d*$/i;

export interface ResultDeps {
  readonly operations: Operations;
  readonly storage: Storage;
  /** Whether nginx sends results and ranges of them. */
  readonly xAccel: boolean;
  /** Deletes a job with retain=0 after its result was read. */
  readonly discard: (job: JobRecord) => Promise<void>;
}

/**
 * Responds with the result of a job, a single range of it (RFC 9110, section 14), or 304. Throws the error of the job if it
 * has no result. Resolves when the client has the bytes or has closed the connection.
 */
export async function sendResult(req: Request, res: Response, job: JobRecord, deps: ResultDeps): Promise<void> {
  const { result } = job;
  if (job.status !== 'succeeded' || !result) throw missingResult(job);
  const etag = etagOf(result);
  setResultHeaders(res, job, result, deps.operations);
  if (req.method !== 'POST' && matchesETag(req.headers['if-none-match'], etag)) {
    res.status(304).end();
    return;
  }
  const range = wantedRange(req, result.bytes, etag);
  if (range === 'unsatisfiable') {
    res.setHeader('Content-Range', `bytes */${result.bytes}`);
    throw new AppError(
      'range_not_satisfiable',
      `The result has ${result.bytes} bytes. Send a Range within bytes=0-${result.bytes - 1}, or none.`,
      { errors: [{ param: 'Range', limit: result.bytes, message: 'must start within the result' }] },
    );
  }
  const path = deps.storage.resultPath(job.id, result.fence);
  const area = deps.xAccel ? proxyArea(req, range, job) : undefined;
  if (req.method === 'HEAD') sendHead(res, path, { 'Content-Length': result.bytes });
  else if (area !== undefined)
    sendHead(res, path, { 'X-Accel-Redirect': `/${area}/${resultName(job.id, result.fence)}` });
  else {
    await sendBytes(res, await orExpired(open(path)), range, result.bytes);
    if (job.delete_after_read && range === 'whole') await discardOnceRead(res, job, deps);
  }
}

/** Deletes a job after the client has all bytes. After an interrupted transfer the client can try again. */
async function discardOnceRead(res: Response, job: JobRecord, { discard }: ResultDeps): Promise<void> {
  try {
    await finished(res);
  } catch (error) {
    if (isPrematureClose(error)) return;
    throw error;
  }
  await discard(job);
}

function setResultHeaders(res: Response, job: JobRecord, result: JobResult, operations: Operations): void {
  res.setHeader('Content-Type', mediaTypeOf(result));
  res.setHeader('Content-Disposition', contentDisposition(job.output_name));
  res.setHeader('ETag', etagOf(result));
  res.setHeader('Accept-Ranges', 'bytes');
  res.setHeader('Cache-Control', 'private, no-store');
  res.setHeader('Content-Security-Policy', "sandbox; default-src 'none'");
  res.setHeader('X-Job-Id', job.id);
  if (operations[job.operation]?.reportsSizes !== true) return;
  res.setHeader('X-Result', result.report.unchanged === true ? 'original' : 'compressed');
  res.setHeader('X-Original-Size', String(job.bytes));
  res.setHeader('X-Result-Size', String(result.bytes));
}

function etagOf({ sha256 }: JobResult): string {
  return `"${sha256}"`;
}

/** A Range is ignored if If-Range names another entity, by strong comparison (RFC 9110, section 13.1.5). */
function wantedRange(req: Request, size: number, etag: string) {
  if (req.method !== 'GET') return 'whole';
  const condition = req.headers['if-range'];
  return condition === undefined || condition === etag ? parseRange(req.headers.range, size) : 'whole';
}

/** A missing file was deleted by the sweep. */
async function orExpired<T>(attempt: Promise<T>): Promise<T> {
  try {
    return await attempt;
  } catch (error) {
    throw isMissing(error) ? jobExpired() : error;
  }
}

/** Returns the location of nginx that sends this response. Undefined if nginx cannot, since it ignores ETags and retain=0. */
function proxyArea(
  { headers }: Request,
  range: ByteRange | 'whole',
  job: JobRecord,
): '_results' | '_ranges' | undefined {
  if (range === 'whole') return job.delete_after_read ? undefined : '_results';
  return headers['if-range'] === undefined && PLAIN_RANGE.test(headers.range ?? '') ? '_ranges' : undefined;
}

/** Sends only the headers, for a HEAD request or for nginx, which adds the bytes. */
function sendHead(res: Response, path: string, header: Readonly<Record<string, string | number>>): void {
  if (!existsSync(path)) throw jobExpired();
  for (const [name, value] of Object.entries(header)) res.setHeader(name, value);
  res.end();
}

async function sendBytes(res: Response, file: FileHandle, range: ByteRange | 'whole', size: number): Promise<void> {
  const { start, end } = range === 'whole' ? { start: 0, end: size - 1 } : range;
  if (range !== 'whole') {
    res.statusCode = 206;
    res.setHeader('Content-Range', `bytes ${start}-${end}/${size}`);
  }
  const length = end - start + 1;
  res.setHeader('Content-Length', length);
  if (length <= READ_AT_ONCE_BYTES) res.end(await readPart(file, start, length));
  else await streamPart(res, file, { start, end });
}

async function readPart(file: FileHandle, start: number, length: number): Promise<Buffer> {
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

async function streamPart(res: Response, file: FileHandle, { start, end }: ByteRange): Promise<void> {
  try {
    await pipeline(file.createReadStream({ start, end, highWaterMark: READ_BYTES }), res);
  } catch (error) {
    // The client closed the connection, which is not an error of the server.
    if (!isPrematureClose(error)) throw error;
  }
}

function isPrematureClose(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE';
}
