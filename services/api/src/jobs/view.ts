import { AppError } from '@pdf-tools/runtime/errors';
import { isFinished } from '@pdf-tools/jobs/record';
import type { JobRecord } from '@pdf-tools/jobs/record';
import type { JobStore } from '@pdf-tools/jobs/store';
import { jobPath, viewRecord } from '@pdf-tools/jobs/view';
import type { JobView } from '@pdf-tools/jobs/view';
import type { Storage } from '@pdf-tools/runtime/storage';

export interface ViewDeps {
  readonly store: Pick<JobStore, 'position'>;
  readonly storage: Pick<Storage, 'readReport'>;
}

/** Returns the view of a record, with its queue position from the store and a long report from the disk. */
export async function viewJob(job: JobRecord, { store, storage }: ViewDeps): Promise<JobView> {
  const { id, status, result } = job;
  if (!result?.report_stored) return viewRecord(job, status === 'queued' ? await store.position(job) : undefined);
  const text = await storage.readReport(id, result.fence);
  const report = text === undefined ? {} : (JSON.parse(text) as typeof result.report);
  return viewRecord({ ...job, result: { ...result, report } });
}

/** Returns the error of a job without a result, which is its own or says why it has no result yet. */
export function missingResult(job: JobRecord): AppError {
  if (job.error) return AppError.fromRecord(job.error);
  if (job.status === 'cancelled')
    return new AppError(
      'job_cancelled',
      'The job was cancelled and has no result. Send the files again to start a new job.',
    );
  if (isFinished(job.status)) return new AppError('internal_error', 'The job has ended without a result.');
  return new AppError(
    'job_unfinished',
    `The job is still ${job.status}. Ask again in 1 s, or follow ${jobPath(job.id)}/events.`,
    { retryAfter: 1 },
  );
}
