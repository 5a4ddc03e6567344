import type { JobStore } from '@pdf-tools/jobs/store';
import { AppError } from '@pdf-tools/runtime/errors';
import type { Storage } from '@pdf-tools/runtime/storage';
import type { SchedulerMetrics } from '../metrics.js';
import type { Task } from '../task.js';

const INTERVAL_MS = 5_000;
/** An idle worker claims a job within milliseconds, so the notification of a job that waits longer may be lost. */
const OVERDUE_MS = 15_000;
const BATCH = 1_000;
/** How often a job may stall before it is dead-lettered. */
const MAX_STALLED = 10;

const STALLED_TOO_OFTEN = new AppError(
  'worker_crashed',
  'The server stopped too often while it ran the job.',
).toRecord();

export interface ReconcileDeps {
  readonly store: JobStore;
  readonly storage: Storage;
  readonly metrics: Pick<SchedulerMetrics, 'recovered'>;
}

/**
 * Requeues stalled jobs and promotes deferred ones. It also notifies a worker if jobs wait although no notification does,
 * and corrects the counts of each client's unfinished jobs.
 */
export function createReconcile(deps: ReconcileDeps): Task {
  const { store } = deps;
  return {
    name: 'reconcile',
    intervalMs: INTERVAL_MS,
    quiet: true,
    run: async () => {
      // Read first, so that a job that this run recovers is not reported as waiting too.
      const stalled = await store.stalled(BATCH);
      const promoted = await store.promoteDelayed(BATCH);
      const waiting = await store.notifyOverdue(OVERDUE_MS, BATCH);
      const recovered = await recoverAll(deps, stalled);
      const recounted = Number(await store.recountClients());
      return { recovered, promoted, waiting, recounted };
    },
  };
}

/** Returns the number of jobs that are queued again. */
async function recoverAll({ store, storage, metrics }: ReconcileDeps, stalled: readonly string[]): Promise<number> {
  let requeued = 0;
  for (const id of stalled) {
    const next = await store.recover(id, MAX_STALLED, STALLED_TOO_OFTEN);
    if (next !== 'kept') metrics.recovered.inc();
    if (next === 'queued') requeued++;
    // An operator may requeue the job, so its inputs stay. Its secrets are deleted.
    if (next === 'failed') await storage.removeSecret(id);
  }
  return requeued;
}
