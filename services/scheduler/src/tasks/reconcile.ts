import { AppError } from '@pdf-tools/shared/errors';
import type { JobStore } from '@pdf-tools/shared/job-store';
import type { Doorbell } from '@pdf-tools/shared/queue';
import type { Task } from '../task.js';

const INTERVAL_MS = 5_000;
/** A ring reaches an idle worker in milliseconds: a job that waits for longer may have lost its own. */
const LOST_AFTER_MS = 15_000;
const BATCH = 1_000;
/** A worker that is woken looks for jobs until it has no room: more rings than this at a time help nobody. */
const MOST_RINGS = 20;
/** How often a job may lose its worker or host before it is given up. */
const MAX_INTERRUPTIONS = 10;

const EXHAUSTED = new AppError('worker_crashed', 'The work was interrupted too often.').toRecord();

/**
 * Puts jobs back whose worker let the lease run out, lets postponed ones go on, and rings for those, and for some of
 * those that have waited for long where few rings are unanswered: one may have been lost, or not been thought needed.
 */
export function createReconcile(store: JobStore, doorbell: Doorbell): Task {
  return {
    name: 'reconcile',
    intervalMs: INTERVAL_MS,
    quiet: true,
    run: async () => {
      const now = Date.now();
      await store.forgetSilent();
      const abandoned = await store.abandoned(BATCH);
      const woken = await store.wake(BATCH);
      const waiting = await lostRings(store, doorbell, now);
      const recovered: string[] = [];
      for (const id of abandoned)
        if ((await store.recover(id, MAX_INTERRUPTIONS, EXHAUSTED)) === 'queued') recovered.push(id);
      for (const id of [...recovered, ...woken, ...waiting]) await doorbell.ring(id, `again-${now}`);
      return { recovered: recovered.length, woken: woken.length, waiting: waiting.length };
    },
  };
}

async function lostRings(store: JobStore, doorbell: Doorbell, now: number): Promise<string[]> {
  const { queued } = await store.backlog();
  const rings = queued === 0 ? 0 : MOST_RINGS - (await doorbell.waiting());
  return rings > 0 ? store.queuedBefore(now - LOST_AFTER_MS, rings) : [];
}
