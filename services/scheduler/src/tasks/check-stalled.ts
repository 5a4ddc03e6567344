import type { Doorbell } from '@pdf-tools/jobs/notifier';
import type { Task } from '../task.js';

const INTERVAL_MS = 15_000;

/** Puts back rings that a worker took and died with, so that the queue's own list of them does not grow. */
export function createCheckStalled(doorbell: Doorbell): Task {
  return {
    name: 'check-stalled',
    intervalMs: INTERVAL_MS,
    quiet: true,
    run: async () => {
      await doorbell.checkStalled();
      return {};
    },
  };
}
