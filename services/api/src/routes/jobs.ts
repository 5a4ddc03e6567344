import { isFinished } from '@pdf-tools/jobs/record';
import type { JobRecord } from '@pdf-tools/jobs/record';
import { isJobId } from '@pdf-tools/jobs/store';
import type { JobStore } from '@pdf-tools/jobs/store';
import type { Request, RequestHandler, Response } from 'express';
import { contextOf } from '../http/context.js';
import { orUnavailable } from '@pdf-tools/runtime/redis';
import { findJob } from '../jobs/find.js';
import { sendResult } from '../jobs/result.js';
import { cancelJob, removeJob } from '../jobs/remove.js';
import type { RemoveDeps } from '../jobs/remove.js';
import type { ResultDeps } from '../jobs/result.js';
import { viewJob } from '../jobs/view.js';

export interface JobDeps extends RemoveDeps {
  readonly store: JobStore;
  readonly result: ResultDeps;
}

/** `GET /api/jobs/:id` sends the current state of the job without waiting. */
export function jobRoute(deps: JobDeps): RequestHandler {
  return async (req, res) => {
    const job = await ownJob(req, res, deps);
    const view = await orUnavailable(viewJob(job, deps));
    contextOf(res).routine = true;
    res.setHeader('Cache-Control', 'no-store');
    res.setHeader('X-Job-Id', job.id);
    if (!isFinished(job.status)) res.setHeader('Retry-After', '1');
    res.json(view);
  };
}

/** `GET /api/jobs/:id/result` sends the bytes, or the problem of a failed job. */
export function resultRoute(deps: JobDeps): RequestHandler {
  return async (req, res) => {
    const job = await ownJob(req, res, deps);
    await sendResult(req, res, job, deps.result);
  };
}

/** `DELETE /api/jobs/:id` cancels an unfinished job or deletes a finished one. An unknown id gets 204 too. */
export function deleteRoute(deps: JobDeps): RequestHandler {
  return async (req, res) => {
    const id = idOf(req);
    const job = isJobId(id) ? await orUnavailable(deps.store.get(id)) : undefined;
    // The response must not show whether another owner has a job with this id.
    if (job?.owner === contextOf(res).owner) await cancelOrRemove(job, deps);
    res.status(204).end();
  };
}

async function cancelOrRemove({ id, status }: JobRecord, deps: JobDeps): Promise<void> {
  const cancelled = !isFinished(status) && (await cancelJob(id, 'deleted by client', deps));
  if (!cancelled) await removeJob(id, 'deleted by client', deps);
}

async function ownJob(req: Request, res: Response, { store }: JobDeps): Promise<JobRecord> {
  const context = contextOf(res);
  const job = await findJob(store, idOf(req), context.owner);
  context.jobId = job.id;
  return job;
}

/** Returns the id in the path. */
export function idOf(req: Request): string {
  const { id } = req.params;
  return typeof id === 'string' ? id : '';
}
