import type { Readable } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import type { Operations } from '@pdf-tools/operations/operation';
import { AppError } from '@pdf-tools/runtime/errors';
import { mediaTypeOf } from '@pdf-tools/jobs/record';
import type { JobRecord, JobResult } from '@pdf-tools/jobs/record';
import { isMissing } from '@pdf-tools/runtime/files';
import type { ResultHeaders, Storage } from '@pdf-tools/runtime/storage';
import { resultName } from '@pdf-tools/runtime/volume';
import type { Request, Response } from 'express';
import { matchesETag, parseRange } from '../http/byte-range.js';
import type { ByteRange } from '../http/byte-range.js';
import { contentDisposition } from '../http/names.js';
import { jobExpired } from './find.js';
import { missingResult } from './view.js';

/** Ranges that nginx parses as `parseRange` does. */
const PLAIN_RANGE = /^bytes=\d*-\d*$/i;

export interface ResultDeps {
  readonly operations: Operations;
  readonly storage: Storage;
  /** Whether nginx sends results and ranges of them, from a local storage. */
  readonly xAccel: boolean;
  /** Deletes a job with retain=0 after its result was read. */
  readonly discard: (job: JobRecord) => Promise<void>;
}

/** What a request wants of a result. */
interface Wanted {
  readonly job: JobRecord;
  readonly result: JobResult;
  readonly range: ByteRange | 'whole';
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
  if (req.method === 'HEAD') await sendHead(res, { job, result }, { 'Content-Length': result.bytes }, deps.storage);
  else await sendWanted(req, res, { job, result, range }, deps);
}

/** Sends the result or a range of it, or has nginx or the object storage send it. */
async function sendWanted(req: Request, res: Response, wanted: Wanted, deps: ResultDeps): Promise<void> {
  const { job, result, range } = wanted;
  const { storage, xAccel } = deps;
  const area = xAccel && storage.isLocal ? proxyArea(req, range, job) : undefined;
  if (area !== undefined) {
    const path = `/${area}/${resultName(job.id, result.fence)}`;
    await sendHead(res, { job, result }, { 'X-Accel-Redirect': path }, storage);
    return;
  }
  const url = mayRedirect(req, job) ? await storage.resultUrl(job.id, result.fence, headersOf(res)) : undefined;
  if (url !== undefined) {
    // The object storage answers a missing object with a document of its own.
    await requireResult(storage, job.id, result.fence);
    res.redirect(307, url);
    return;
  }
  await sendBytes(res, wanted, storage);
  if (job.delete_after_read && range === 'whole') await discardOnceRead(res, job, deps);
}

/**
 * Whether a client may be sent to another address for the bytes. A POST is always answered with bytes, retain=0 needs to know
 * when they were read, and the Content-Security-Policy of the page lets its scripts fetch only from this origin.
 */
function mayRedirect({ method, headers }: Request, job: JobRecord): boolean {
  const mode = headers['sec-fetch-mode'] ?? 'navigate';
  return method === 'GET' && !job.delete_after_read && mode === 'navigate';
}

function headersOf(res: Response): ResultHeaders {
  const [contentType, contentDisposition] = ['Content-Type', 'Content-Disposition'].map((name) =>
    String(res.getHeader(name)),
  );
  return { contentType: contentType ?? '', contentDisposition: contentDisposition ?? '' };
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

/** Rejects if the sweep has deleted the result. */
async function requireResult(storage: Storage, id: string, fence: number): Promise<void> {
  if (!(await storage.hasResult(id, fence))) throw jobExpired();
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
async function sendHead(
  res: Response,
  { job, result }: Pick<Wanted, 'job' | 'result'>,
  header: Readonly<Record<string, string | number>>,
  storage: Storage,
): Promise<void> {
  await requireResult(storage, job.id, result.fence);
  for (const [name, value] of Object.entries(header)) res.setHeader(name, value);
  res.end();
}

async function sendBytes(res: Response, { job, result, range }: Wanted, storage: Storage): Promise<void> {
  const { start, end } = range === 'whole' ? { start: 0, end: result.bytes - 1 } : range;
  const bytes = await orExpired(storage.readResult(job.id, result, { start, end }));
  if (range !== 'whole') {
    res.statusCode = 206;
    res.setHeader('Content-Range', `bytes ${start}-${end}/${result.bytes}`);
  }
  res.setHeader('Content-Length', end - start + 1);
  if (Buffer.isBuffer(bytes)) res.end(bytes);
  else await streamBytes(res, bytes);
}

async function streamBytes(res: Response, bytes: Readable): Promise<void> {
  try {
    await pipeline(bytes, res);
  } catch (error) {
    // The client closed the connection, which is not an error of the server.
    if (!isPrematureClose(error)) throw error;
  }
}

function isPrematureClose(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE';
}
