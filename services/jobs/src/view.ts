import { AppError, toProblem } from '@pdf-tools/runtime/errors';
import type { Problem } from '@pdf-tools/runtime/errors';
import { mediaTypeOf } from './record.js';
import type { JobRecord, JobResult } from './record.js';

/** A job as clients see it. Times are ISO 8601 in UTC. */
export interface JobView {
  readonly id: string;
  readonly operation: string;
  readonly status: JobRecord['status'];
  readonly progress: { readonly percent: number; readonly stage: string };
  /** Number of jobs before this one, null if it is not queued. */
  readonly queue_position: number | null;
  readonly attempts: number;
  readonly created_at: string;
  readonly started_at: string | null;
  readonly finished_at: string | null;
  readonly expires_at: string | null;
  readonly result: {
    readonly url: string;
    readonly bytes: number;
    readonly media_type: string;
    /** Of a PDF. */
    readonly pages?: number;
    readonly sha256: string;
    readonly report: unknown;
  } | null;
  readonly error: Problem | null;
}

/** Returns the view of a record. `position` is the number of jobs before it, undefined if it is not queued. */
export function viewRecord(job: JobRecord, position?: number): JobView {
  return {
    id: job.id,
    operation: job.operation,
    status: job.status,
    progress: { percent: job.percent, stage: job.stage },
    queue_position: position ?? null,
    attempts: job.attempts,
    created_at: isoTime(job.created_at),
    started_at: isoTimeOrNull(job.started_at),
    finished_at: isoTimeOrNull(job.finished_at),
    expires_at: isoTimeOrNull(job.expires_at),
    result: job.result ? viewResult(job.id, job.result) : null,
    error: job.error ? toProblem(AppError.fromRecord(job.error), job.request_id) : null,
  };
}

function viewResult(id: string, result: JobResult) {
  const { bytes, pages, sha256, report } = result;
  const media_type = mediaTypeOf(result);
  return { url: `${jobPath(id)}/result`, bytes, media_type, ...(pages !== undefined && { pages }), sha256, report };
}

/** Returns the path of a job's resource. */
export function jobPath(id: string): string {
  return `/api/jobs/${id}`;
}

function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}

function isoTimeOrNull(ms: number | undefined): string | null {
  return ms === undefined ? null : isoTime(ms);
}
