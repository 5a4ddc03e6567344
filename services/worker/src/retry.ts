import type { ErrorCode } from '@pdf-tools/runtime/errors';

const DELAYS_S = [5, 10, 20, 40, 60, 60, 60, 60, 60, 60] as const;
const MAX_DELAY_S = 60;

/** How a job waits for its host to recover. */
export interface Deferral {
  /** Time in ms until the job is tried again, or undefined to dead-letter it. */
  readonly delay: number | undefined;
  /** Stage that clients see meanwhile. */
  readonly stage: string;
}

/**
 * Returns how to defer a job after this error, or undefined if the job itself is at fault. `deferrals` is how often the job
 * was deferred. A full disk may be full because of this job, so it is tried ten times, which takes six minutes. A storage
 * that does not answer is waited for until the job has been queued for too long.
 */
export function deferralOf(code: ErrorCode, deferrals: number): Deferral | undefined {
  const seconds = DELAYS_S[deferrals];
  if (code === 'disk_full') {
    const delay = seconds === undefined ? undefined : seconds * 1_000;
    return { delay, stage: 'waiting for disk space' };
  }
  if (code !== 'storage_unavailable') return undefined;
  const delay = (seconds ?? MAX_DELAY_S) * 1_000;
  return { delay, stage: 'waiting for the storage' };
}
