import type { JobNotifier } from '@pdf-tools/jobs/notifier';
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
  readonly notifier: JobNotifier;
  readonly storage: Storage;
  readonly metrics: Pick<SchedulerMetrics, 'recovered'>;
}

/**
 * Requeues stalled jobs and promotes deferred ones, and has workers notified of them. It also notifies again of overdue
 * jobs if a notification was lost, and corrects the counts of each client's unfinished jobs.
 */
export function createReconcile(deps: ReconcileDeps): Task {
  const { store, notifier } = deps;
  return {
    name: 'reconcile',
    intervalMs: INTERVAL_MS,
    quiet: true,
    run: async () => {
      const now = Date.now();
      // Read first, so that a job that this run recovers is not reported as waiting too.
      const stalled = await store.stalled(BATCH);
      const promoted = await store.promoteDelayed(BATCH);
      const overdue = await overdueJobs(deps, now);
      const recovered = await recoverAll(deps, stalled);
      await notifier.notifyAgain([...recovered, ...promoted, ...overdue]);
      const recounted = Number(await store.recountClients());
      return { recovered: recovered.length, promoted: promoted.length, waiting: overdue.length, recounted };
    },
  };
}

/** Returns the ids of the jobs that are queued again. */
async function recoverAll({ store, storage, metrics }: ReconcileDeps, stalled: readonly string[]): Promise<string[]> {
  const requeued: string[] = [];
  for (const id of stalled) {
    const next = await store.recover(id, MAX_STALLED, STALLED_TOO_OFTEN);
    if (next !== 'kept') metrics.recovered.inc();
    if (next === 'queued') requeued.push(id);
    // An operator may requeue the job, so its inputs stay. Its secrets are deleted.
    if (next === 'failed') await storage.removeSecret(id);
  }
  return requeued;
}

async function overdueJobs({ store, notifier }: ReconcileDeps, now: number): Promise<string[]> {
  const { queued } = await store.backlog();
  return (await notifier.hasLost(queued)) ? store.queuedBefore(now - OVERDUE_MS, BATCH) : [];
}
