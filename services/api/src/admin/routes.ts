import { access } from 'node:fs/promises';
import { REQUEUEABLE } from '@pdf-tools/jobs/dead-letters';
import { AppError } from '@pdf-tools/runtime/errors';
import { isMissing } from '@pdf-tools/runtime/storage';
import type { JobRecord } from '@pdf-tools/jobs/record';
import { shortId } from '@pdf-tools/runtime/logger';
import { orUnavailable } from '@pdf-tools/runtime/redis';
import type { RequestHandler } from 'express';
import { contextOf } from '../http/context.js';
import { jobExpired } from '../jobs/find.js';
import { idOf } from '../routes/jobs.js';
import type { AdminDeps } from './app.js';
import { limitOf, statusOf } from './query.js';
import { viewCounts, viewDead, viewInspected, viewWorkers } from './view.js';

/** More workers than anybody runs; each has a few jobs. */
const MAX_WORKERS = 500;

/** `GET /admin/api/jobs?status=&limit=`: jobs, what happens now first; `complete` is false where more would match. */
export function jobsRoute({ inspection }: Pick<AdminDeps, 'inspection'>): RequestHandler {
  return async (req, res) => {
    const list = inspection.list(limitOf(req.query), statusOf(req.query));
    const [counts, { jobs, complete }] = await orUnavailable(Promise.all([inspection.counts(), list]));
    const now = Date.now();
    res.json({ counts: viewCounts(counts), jobs: jobs.map((job) => viewInspected(job, now)), complete });
  };
}

/** `GET /admin/api/workers`: every worker alive, its children, and the jobs that it has. */
export function workersRoute({ workers, inspection }: Pick<AdminDeps, 'workers' | 'inspection'>): RequestHandler {
  return async (_req, res) => {
    const [live, { jobs }] = await orUnavailable(
      Promise.all([workers.live(MAX_WORKERS), inspection.list(MAX_WORKERS, 'active')]),
    );
    res.json({ workers: viewWorkers(live, jobs, Date.now()) });
  };
}

/** `GET /admin/api/dead?limit=`: jobs that were given up, the last one first. */
export function deadRoute({ inspection }: Pick<AdminDeps, 'inspection'>): RequestHandler {
  return async (req, res) => {
    const [{ deadLettered: total }, dead] = await orUnavailable(
      Promise.all([inspection.counts(), inspection.deadLetters(limitOf(req.query))]),
    );
    const now = Date.now();
    res.json({ total, jobs: dead.map((entry) => viewDead(entry, now)) });
  };
}

/** `POST /admin/api/dead/:id/retry`: a dead job waits again. The id may be the beginning of one. */
export function retryRoute(deps: AdminDeps): RequestHandler {
  return async (req, res) => {
    const id = await findDead(idOf(req), deps);
    contextOf(res).jobId = id;
    const job = await orUnavailable(deps.store.get(id));
    if (!job) throw notDead();
    if (job.shrunk) throw shrunk();
    await requireInputs(job, deps);
    const outcome = await orUnavailable(deps.store.retry(id));
    if (outcome === 'missing') throw notDead();
    if (outcome === 'expired') throw jobExpired();
    if (outcome === 'shrunk') throw shrunk();
    deps.log.info('dead-lettered job requeued', { job_id: shortId(id), request_id: contextOf(res).requestId });
    void deps.notifier.notify(job);
    res.json({ id, status: 'queued' });
  };
}

const BEGINNING = /^[0-9a-f]{6,40}$/;

async function findDead(beginning: string, { inspection }: Pick<AdminDeps, 'inspection'>): Promise<string> {
  if (!BEGINNING.test(beginning))
    throw new AppError('invalid_params', 'An id has 40 hexadecimal digits; the first 6 or more of them are enough.');
  const [id, another] = await orUnavailable(inspection.findDeadLetters(beginning));
  if (another !== undefined)
    throw new AppError('invalid_params', 'More than one dead job has an id that begins so: send more digits.');
  if (id === undefined) throw notDead();
  return id;
}

function notDead(): AppError {
  return new AppError(
    'job_not_found',
    'No dead job has this id: it was never given up, was put back already, or is gone.',
  );
}

function shrunk(): AppError {
  const { jobs, bytes } = REQUEUEABLE;
  return new AppError(
    'expired',
    `Only the last ${jobs} dead jobs, and ${bytes} bytes of their parameters, are kept for this. Send the job again instead.`,
  );
}

/** A job without its inputs would only fail again. */
async function requireInputs(
  { id, inputs, has_secrets }: JobRecord,
  { storage }: Pick<AdminDeps, 'storage'>,
): Promise<void> {
  if (has_secrets) throw new AppError('expired', 'The job’s secret parameters were deleted: send it again instead.');
  try {
    await Promise.all(inputs.map((_input, position) => access(storage.inputPath(id, position))));
  } catch (error) {
    if (!isMissing(error)) throw error;
    throw new AppError('expired', 'The job’s input files are gone: send it again instead.');
  }
}
