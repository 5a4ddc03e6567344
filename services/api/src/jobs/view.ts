import { AppError } from '@pdf-tools/shared/errors';
import { isFinished } from '@pdf-tools/shared/job-record';
import type { JobRecord } from '@pdf-tools/shared/job-record';
import type { JobStore } from '@pdf-tools/shared/job-store';
import { viewRecord } from '@pdf-tools/shared/job-view';
import type { JobView } from '@pdf-tools/shared/job-view';

export { jobPath } from '@pdf-tools/shared/job-view';

/** The view of a record; asks the store for its position where it waits. */
export async function viewJob(job: JobRecord, store: Pick<JobStore, 'position'>): Promise<JobView> {
  return viewRecord(job, job.status === 'queued' ? await store.position(job) : undefined);
}

/** The error that stands for a job without a result: its own, or why there is none. */
export function missingResult(job: JobRecord): AppError {
  if (job.error) return AppError.fromRecord(job.error);
  if (job.status === 'cancelled') return new AppError('job_cancelled', 'The job was cancelled: it has no result.');
  if (isFinished(job.status)) return new AppError('internal_error', 'The job has ended without a result.');
  return new AppError('job_unfinished', `The job is ${job.status}.`, { retryAfter: 1 });
}
