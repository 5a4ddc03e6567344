import type { JobRecord } from '@pdf-tools/jobs/record';
import type { JobStore } from '@pdf-tools/jobs/store';
import type { Logger } from '@pdf-tools/runtime/logger';

/** How long a lease lasts, and how often it is renewed. */
export const LEASE_MS = 30_000;
const RENEW_MS = 10_000;

/**
 * Renews the lease of a job. It runs in this process, because the work is in a child and the event loop is free. It calls
 * `onLost` once when the lease is lost: a renewal is refused, or none succeeds for the length of a lease.
 */
export function keepLease(store: JobStore, job: JobRecord, log: Logger, onLost: () => void): { stop(): void } {
  let heldUntil = Date.now() + LEASE_MS;
  const timer = setInterval(() => {
    const sentAt = Date.now();
    store.renew(job.id, job.fence, LEASE_MS).then(
      (held) => {
        if (held) heldUntil = sentAt + LEASE_MS;
        else lose('refused');
      },
      (error: unknown) => {
        log.warn('lease not renewed', { error });
        if (Date.now() > heldUntil) lose('not renewed in time');
      },
    );
  }, RENEW_MS);
  const lose = (why: string): void => {
    clearInterval(timer);
    log.warn('lease lost', { why });
    onLost();
  };
  return {
    stop: () => {
      clearInterval(timer);
    },
  };
}
