import type { JobRecord } from '@pdf-tools/jobs/record';
import type { JobStore } from '@pdf-tools/jobs/store';
import type { Logger } from '@pdf-tools/runtime/logger';

/** How long a claim holds without being renewed, and how often it is renewed. */
export const LEASE_MS = 30_000;
const RENEW_MS = 10_000;

/**
 * Keeps a claim alive from this process, whose loop is free: the work is in a child. When the claim is lost (refused,
 * or not renewable for its whole length) `onLost` is called once; from then on nothing of this run counts.
 */
export function keepLease(store: JobStore, job: JobRecord, log: Logger, onLost: () => void): { stop(): void } {
  let heldUntil = Date.now() + LEASE_MS;
  const timer = setInterval(() => {
    const asked = Date.now();
    store.renew(job.id, job.fence, LEASE_MS).then(
      (held) => {
        if (held) heldUntil = asked + LEASE_MS;
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
