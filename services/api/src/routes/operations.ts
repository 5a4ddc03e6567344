import { resultFileName, resultOf } from '@pdf-tools/operations/operation';
import type { Operation } from '@pdf-tools/operations/operation';
import { isDiskFull } from '@pdf-tools/runtime/files';
import { digestOfInputs } from '@pdf-tools/runtime/digest';
import { newJobId } from '@pdf-tools/jobs/store';
import type { NewJob } from '@pdf-tools/jobs/new-job';
import { jobPath } from '@pdf-tools/jobs/view';
import type { JobView } from '@pdf-tools/jobs/view';
import type { Request, RequestHandler, Response } from 'express';
import type { Health } from '../health.js';
import { clientKey } from '../http/client-key.js';
import { contextOf } from '../http/context.js';
import type { ApiMetrics } from '../metrics.js';
import { cleanOutputName } from '../http/names.js';
import { parsePrefer } from '../http/prefer.js';
import type { Preferences } from '../http/prefer.js';
import { orUnavailable } from '@pdf-tools/runtime/redis';
import { acceptJob, refuseEarly, refuseLargeRecord } from '../jobs/accept.js';
import type { AcceptDeps, AcceptedJob } from '../jobs/accept.js';
import { removeUpload } from '../jobs/file-removal.js';
import { jobNotFound } from '../jobs/find.js';
import { idempotencyOf, readIdempotencyKey } from '../jobs/idempotency.js';
import type { KeyedSecrets } from '../jobs/idempotency.js';
import { checkQuery, readParams } from '../jobs/params.js';
import type { CallOptions, CallOptionsSchema } from '../jobs/params.js';
import { cancelJob } from '../jobs/remove.js';
import { sendResult } from '../jobs/result.js';
import type { ResultDeps } from '../jobs/result.js';
import { viewJob } from '../jobs/view.js';
import type { JobWaiter, JobWatch } from '../jobs/waiter.js';
import { uploadError } from '../upload/upload-errors.js';
import { receiveUpload } from '../upload/receive.js';
import type { Upload, UploadDeps } from '../upload/receive.js';

/** Seconds that a result with retain=0 is kept after an interrupted transfer. */
const RETRY_SECONDS = 300;

export interface OperationDeps extends AcceptDeps {
  readonly health: Health;
  readonly upload: UploadDeps;
  readonly result: ResultDeps;
  readonly waiter: JobWaiter;
  readonly options: CallOptionsSchema;
  readonly syncWaitSeconds: number;
  readonly metrics: ApiMetrics;
}

/** `POST /api/<operation>` receives the upload, accepts the job, and responds with the result or the job. */
export function operationRoute(name: string, operation: Operation, deps: OperationDeps): RequestHandler {
  return async (req, res) => {
    const key = readIdempotencyKey(req.headers['idempotency-key']);
    checkQuery(operation, deps.options, new Map(Object.entries(req.query)));
    const client = clientKey(req, res);
    const findings = await deps.health.check();
    refuseEarly(findings, deps.queueLimits, { client, keyed: key !== undefined });
    const id = newJobId();
    const { accepts } = operation;
    const digest = key !== undefined || !deps.storage.isLocal;
    const upload = await receiveUpload(req, res, {
      jobId: id,
      client,
      accepts,
      digest,
      waiting: deps.storage.isLocal ? findings.backlog.bytes : 0,
      deps: uploadOf(res, deps),
    });
    const { job, options, secret } = await describeJob(req, res, { id, name, operation, upload }, deps);
    const idempotency = key === undefined ? undefined : idempotencyOf({ key, job, digests: upload.digests, secret });
    // The watch starts before the job is accepted, so its end cannot be missed.
    const watch = deps.waiter.watch(id);
    try {
      const accepted = await acceptJob(job, idempotency, deps);
      await answer(req, res, { accepted, watch, options }, deps);
    } finally {
      watch.close();
    }
  };
}

/** Returns the settings of uploads with the limit of the caller's key, if it is lower. */
function uploadOf(res: Response, { upload }: OperationDeps): UploadDeps {
  const { maxUploadBytes = Infinity } = contextOf(res).limits;
  return { ...upload, maxBytes: Math.min(upload.maxBytes, maxUploadBytes) };
}

interface AcceptedCall {
  readonly accepted: AcceptedJob;
  /** The watch of the job that this request would create. */
  readonly watch: JobWatch;
  readonly options: CallOptions;
}

/** Responds to an accepted request as the client prefers. */
async function answer(
  req: Request,
  res: Response,
  { accepted: { id, replayed, view }, watch, options }: AcceptedCall,
  deps: OperationDeps,
): Promise<void> {
  const prefer = parsePrefer(req.headers.prefer);
  contextOf(res).jobId = id;
  res.setHeader('X-Job-Id', id);
  if (replayed) res.setHeader('Idempotency-Replayed', 'true');
  if (options.async || prefer.respondAsync) {
    if (prefer.respondAsync) res.setHeader('Preference-Applied', 'respond-async');
    sendJob(res, view ?? (await findView(id, deps)));
  } else if (replayed) await answerReplay(req, res, { id, prefer }, deps);
  else await answerInTime(req, res, { watch, id, prefer, cancel: options.cancel_on_disconnect }, deps);
}

/** Waits for the job of an earlier request, which may have ended already. That request may wait too, so nothing is cancelled. */
async function answerReplay(
  req: Request,
  res: Response,
  { id, prefer }: { id: string; prefer: Preferences },
  deps: OperationDeps,
): Promise<void> {
  const watch = deps.waiter.watch(id);
  try {
    watch.check();
    await answerInTime(req, res, { watch, id, prefer, cancel: false }, deps);
  } finally {
    watch.close();
  }
}

interface Call {
  readonly id: string;
  readonly name: string;
  readonly operation: Operation;
  readonly upload: Upload;
}

/** Returns the job that a request asks for, and stores its secrets. An error removes the upload. */
async function describeJob(
  req: Request,
  res: Response,
  { id, name, operation, upload }: Call,
  deps: OperationDeps,
): Promise<{ job: NewJob; options: CallOptions; secret: KeyedSecrets | undefined }> {
  try {
    const query = new Map(Object.entries(req.query));
    const { params, secrets, options } = readParams(operation, deps.options, { fields: upload.fields, query });
    const { owner, requestId, traceparent } = contextOf(res);
    const result = resultOf(operation, { fileCount: upload.inputs.length, params });
    const job: NewJob = {
      id,
      operation: name,
      params,
      inputs: [...upload.inputs],
      inputs_sha256: deps.storage.isLocal ? undefined : digestOfInputs(upload.digests),
      owner,
      client: clientKey(req, res),
      output_name: cleanOutputName(options.output_name, result.format.extension) ?? resultFileName(result),
      request_id: requestId,
      traceparent,
      retain: options.retain || RETRY_SECONDS,
      delete_after_read: options.retain === 0,
      has_secrets: secrets.length > 0,
      ...(options.callback_url !== '' && { callback_url: options.callback_url }),
    };
    refuseLargeRecord(job);
    if (secrets.length === 0) return { job, options, secret: undefined };
    const hashKey = await deps.storage.hashKey();
    await deps.storage.writeSecret(id, JSON.stringify(secrets));
    return { job, options, secret: { secrets, hashKey } };
  } catch (error) {
    await removeUpload(id, deps);
    throw isDiskFull(error) ? uploadError(error) : error;
  }
}

/** Responds with the result if it is ready in time, otherwise with the job. */
async function answerInTime(
  req: Request,
  res: Response,
  { watch, id, prefer, cancel }: { watch: JobWatch; id: string; prefer: Preferences; cancel: boolean },
  deps: OperationDeps,
): Promise<void> {
  const seconds = Math.min(prefer.wait ?? Infinity, deps.syncWaitSeconds);
  const leave = (): void => {
    watch.stopWaiting();
  };
  res.once('close', leave);
  const outcome = await watch.ended(seconds * 1_000);
  res.off('close', leave);
  if (res.destroyed) {
    if (cancel && outcome === 'unfinished') await cancelJob(id, 'client went away', deps);
    return;
  }
  if (prefer.wait !== undefined) res.setHeader('Preference-Applied', `wait=${prefer.wait}`);
  if (outcome === 'gone') throw jobNotFound();
  if (outcome === 'unfinished') sendJob(res, await findView(id, deps));
  else await sendResult(req, res, outcome, deps.result);
}

async function findView(id: string, deps: OperationDeps): Promise<JobView> {
  const job = await orUnavailable(deps.store.get(id));
  if (!job) throw jobNotFound();
  return orUnavailable(viewJob(job, deps));
}

/** Responds with 202, the job and its URL. */
function sendJob(res: Response, view: JobView): void {
  res
    .status(202)
    .setHeader('Location', jobPath(view.id))
    .setHeader('Retry-After', '1')
    .setHeader('Cache-Control', 'no-store');
  res.json(view);
}
