import type { DeadLetter, JobCounts } from '@pdf-tools/jobs/inspection';
import type { JobSummary } from '@pdf-tools/jobs/record';
import type { LiveWorker } from '@pdf-tools/jobs/worker-registry';

/** Returns a job as operators see it, with times in ISO 8601. `age_seconds` counts from its last change of status. */
export function viewInspected(job: JobSummary, now: number) {
  const since = job.finishedAt ?? (job.status === 'active' ? job.startedAt : undefined) ?? job.createdAt;
  return {
    id: job.id,
    operation: job.operation,
    status: job.status,
    progress: { percent: job.percent, stage: job.stage },
    age_seconds: secondsSince(since, now),
    attempts: job.attempts,
    interruptions: job.stalledCount,
    worker: job.worker ?? null,
    owner: job.owner,
    request_id: job.requestId,
    inputs: job.inputs,
    created_at: isoTime(job.createdAt),
    started_at: isoTime(job.startedAt),
    finished_at: isoTime(job.finishedAt),
    expires_at: isoTime(job.expiresAt),
    error: job.error ?? null,
  };
}

/** Returns the number of jobs in each state. */
export function viewCounts({ queued, active, finished, deadLettered }: JobCounts) {
  return { queued, active, finished, dead: deadLettered };
}

/** Returns a job that failed permanently, with the time and the error code of its failure. */
export function viewDeadLetter({ job, failedAt }: DeadLetter, now: number) {
  return {
    ...viewInspected(job, now),
    requeueable: !job.shrunk,
    dead_at: isoTime(failedAt),
    reason: job.error?.code ?? null,
  };
}

/** Returns workers with the jobs whose leases they hold. Everything except the jobs is as of the last heartbeat. */
export function viewWorkers(workers: readonly LiveWorker[], active: readonly JobSummary[], now: number) {
  return workers.map(({ name, seenAt, details }) => ({
    name,
    seen_at: isoTime(seenAt),
    ...(details && { ...details, started_at: isoTime(details.started_at) }),
    jobs: active.filter(({ worker }) => worker === name).map((job) => viewInspected(job, now)),
  }));
}

function secondsSince(time: number, now: number): number {
  return Math.max(0, Math.round((now - time) / 100) / 10);
}

function isoTime(ms: number | undefined): string | null {
  return ms === undefined ? null : new Date(ms).toISOString();
}
