import { AppError } from '@pdf-tools/runtime/errors';
import type { JobRecord } from '@pdf-tools/jobs/record';
import { isJobId } from '@pdf-tools/jobs/store';
import type { JobStore } from '@pdf-tools/jobs/store';
import { orUnavailable } from '@pdf-tools/runtime/redis';

/**
 * Returns the job of an owner. Rejects with `job_not_found`, also for a job of another owner, or with `expired` as soon as the
 * retention is over, even if the files still exist.
 */
export async function findJob(store: JobStore, id: string, owner: string): Promise<JobRecord> {
  if (!isJobId(id)) throw jobNotFound();
  const job = await orUnavailable(store.get(id));
  if (!job) {
    const tombstone = await orUnavailable(store.tombstone(id));
    throw tombstone?.owner === owner ? jobExpired() : jobNotFound();
  }
  if (job.owner !== owner) throw jobNotFound();
  if (job.expires_at !== undefined && job.expires_at <= Date.now()) throw jobExpired();
  return job;
}

export function jobNotFound(): AppError {
  return new AppError(
    'job_not_found',
    'There is no job with this id, or it was deleted. Check the id, or send the files again.',
  );
}

export function jobExpired(): AppError {
  return new AppError('expired', 'The files of this job were deleted at the end of their retention.');
}
