import { AppError } from '@pdf-tools/runtime/errors';
import type { JobStore } from '@pdf-tools/jobs/store';
import type { Doorbell } from '@pdf-tools/jobs/notifier';
import type { Storage } from '@pdf-tools/runtime/storage';
import type { SchedulerMetrics } from '../metrics.js';
import type { Task } from '../task.js';

const INTERVAL_MS = 5_000;
/** A ring reaches an idle worker in milliseconds: a job that waits for longer may have lost its own. */
const LOST_AFTER_MS = 15_000;
const BATCH = 1_000;
/** How often a job may lose its worker or host before it is given up. */
const MAX_INTERRUPTIONS = 10;

const EXHAUSTED = new AppError('worker_crashed', 'The work was interrupted too often.').toRecord();

export interface ReconcileParts {
  readonly store: JobStore;
  readonly doorbell: Doorbell;
  readonly storage: Storage;
  readonly metrics: Pick<SchedulerMetrics, 'recovered'>;
}

/**
 * Puts jobs back whose worker let the lease run out, lets postponed ones go on, and rings for those, and again for waiting
 * ones where there are fewer rings than jobs (a ring can be lost; as long as there are enough of them, none is). Corrects
 * the counts of each client's unfinished jobs.
 */
export function createReconcile({ store, doorbell, storage, metrics }: ReconcileParts): Task {
  return {
    name: 'reconcile',
    intervalMs: INTERVAL_MS,
    quiet: true,
    run: async () => {
      const now = Date.now();
      const abandoned = await store.abandoned(BATCH);
      const woken = await store.wake(BATCH);
      const waiting = await lostRings(store, doorbell, now);
      const recovered: string[] = [];
      for (const id of abandoned) {
        const next = await store.recover(id, MAX_INTERRUPTIONS, EXHAUSTED);
        if (next !== 'kept') metrics.recovered.inc();
        if (next === 'queued') recovered.push(id);
        // Its inputs stay for whoever puts it back; its secrets do not.
        if (next === 'failed') await storage.removeSecret(id);
      }
      for (const id of [...recovered, ...woken, ...waiting]) await doorbell.ring(id, `again-${now}`);
      const recounted = Number(await store.recountClients());
      return { recovered: recovered.length, woken: woken.length, waiting: waiting.length, recounted };
    },
  };
}

async function lostRings(store: JobStore, doorbell: Doorbell, now: number): Promise<string[]> {
  const { queued } = await store.backlog();
  if (queued === 0 || (await doorbell.waiting()) >= queued) return [];
  return store.queuedBefore(now - LOST_AFTER_MS, BATCH);
}
