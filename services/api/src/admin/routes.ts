import { REQUEUEABLE } from '@pdf-tools/jobs/dead-letters';
import { AppError } from '@pdf-tools/runtime/errors';
import type { JobRecord } from '@pdf-tools/jobs/record';
import { isJobId } from '@pdf-tools/jobs/store';
import { shortId } from '@pdf-tools/runtime/logger';
import { orUnavailable } from '@pdf-tools/runtime/redis';
import type { RequestHandler } from 'express';
import { contextOf } from '../http/context.js';
import { jobExpired } from '../jobs/find.js';
import { cancelJob } from '../jobs/remove.js';
import { idOf } from '../routes/jobs.js';
import type { AdminDeps } from './app.js';
import { beginningOf, invalidId, limitOf, requireBeginning, statusOf } from './query.js';
import { viewCounts, viewDeadLetter, viewInspected, viewWorkers } from './view.js';

/** More workers than an installation has, and more jobs than they run. */
const MAX_WORKERS = 500;

/**
 * `GET /admin/api/jobs?status=&limit=&id=` lists jobs, unfinished ones first, or the jobs whose ids start with `id`. `complete`
 * is false if there may be more.
 */
export function jobsRoute({ inspection }: Pick<AdminDeps, 'inspection'>): RequestHandler {
  return async (req, res) => {
    const beginning = beginningOf(req.query);
    if (beginning !== undefined) {
      const limit = limitOf(req.query);
      const found = await orUnavailable(inspection.find(beginning, limit + 1));
      const now = Date.now();
      const jobs = found
        .slice(0, limit)
        .map(({ job, failedAt }) =>
          failedAt === undefined ? viewInspected(job, now) : viewDeadLetter({ job, failedAt }, now),
        );
      res.json({ jobs, complete: found.length <= limit });
      return;
    }
    const list = inspection.list(limitOf(req.query), statusOf(req.query));
    const [counts, { jobs, complete }] = await orUnavailable(Promise.all([inspection.counts(), list]));
    const now = Date.now();
    res.json({ counts: viewCounts(counts), jobs: jobs.map((job) => viewInspected(job, now)), complete });
  };
}

/** `GET /admin/api/workers` lists the live workers with their child processes and jobs. */
export function workersRoute({ workers, inspection }: Pick<AdminDeps, 'workers' | 'inspection'>): RequestHandler {
  return async (_req, res) => {
    const [live, { jobs }] = await orUnavailable(
      Promise.all([workers.live(MAX_WORKERS), inspection.list(MAX_WORKERS, 'active')]),
    );
    res.json({ workers: viewWorkers(live, jobs, Date.now()) });
  };
}

/** `GET /admin/api/dead?limit=` lists the jobs that failed permanently, the latest first. */
export function deadLettersRoute({ inspection }: Pick<AdminDeps, 'inspection'>): RequestHandler {
  return async (req, res) => {
    const [{ deadLettered: total }, deadLetters] = await orUnavailable(
      Promise.all([inspection.counts(), inspection.deadLetters(limitOf(req.query))]),
    );
    const now = Date.now();
    res.json({ total, jobs: deadLetters.map((entry) => viewDeadLetter(entry, now)) });
  };
}

/** `POST /admin/api/dead/:id/retry` requeues a job that failed permanently. The first digits of its id are enough. */
export function retryRoute(deps: AdminDeps): RequestHandler {
  return async (req, res) => {
    const id = await findDeadLetter(idOf(req), deps);
    contextOf(res).jobId = id;
    const job = await orUnavailable(deps.store.get(id));
    if (!job) throw notDeadLettered();
    if (job.shrunk) throw shrunk();
    await requireInputs(job, deps);
    const outcome = await orUnavailable(deps.store.retry(id));
    if (outcome === 'missing') throw notDeadLettered();
    if (outcome === 'expired') throw jobExpired();
    if (outcome === 'shrunk') throw shrunk();
    deps.log.info('dead-lettered job requeued', { job_id: shortId(id), request_id: contextOf(res).requestId });
    res.json({ id, status: 'queued' });
  };
}

/** `POST /admin/api/jobs/:id/cancel` cancels a waiting or running job of any owner and deletes its files. */
export function cancelRoute(deps: Pick<AdminDeps, 'store' | 'storage' | 'log' | 'metrics'>): RequestHandler {
  return async (req, res) => {
    const id = idOf(req);
    if (!isJobId(id)) throw invalidId('Send the whole id of the job.', 'must have 40 hexadecimal digits');
    contextOf(res).jobId = id;
    if (!(await cancelJob(id, 'cancelled by operator', deps)))
      throw new AppError('job_not_found', 'No waiting or running job has this id. It may have ended or been deleted.');
    res.json({ id, status: 'cancelled' });
  };
}

async function findDeadLetter(beginning: string, { inspection }: Pick<AdminDeps, 'inspection'>): Promise<string> {
  requireBeginning(beginning);
  const [id, another] = await orUnavailable(inspection.findDeadLetters(beginning));
  if (another !== undefined)
    throw invalidId(
      'More than one job that failed permanently has an id with these first digits. Send more digits.',
      'must identify one job',
    );
  if (id === undefined) throw notDeadLettered();
  return id;
}

function notDeadLettered(): AppError {
  return new AppError(
    'job_not_found',
    'No job that failed permanently has this id. It may have been requeued or deleted. List such jobs with "make dead-letters".',
  );
}

function shrunk(): AppError {
  const { jobs, bytes } = REQUEUEABLE;
  return new AppError(
    'expired',
    `Only the last ${jobs} jobs that failed permanently can be requeued, and only ${bytes} bytes of their parameters are kept.`,
  );
}

/** Throws `expired` if the inputs or secrets of a job were deleted, because it would only fail again. */
async function requireInputs(
  { id, inputs, has_secrets }: JobRecord,
  { storage }: Pick<AdminDeps, 'storage'>,
): Promise<void> {
  if (has_secrets) throw new AppError('expired', 'The secret parameters of the job were deleted.');
  if (!(await storage.hasInputs(id, inputs.length)))
    throw new AppError('expired', 'The input files of the job were deleted.');
}
