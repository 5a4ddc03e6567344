import type { JobNotifier } from '@pdf-tools/jobs/notifier';
import type { Task } from '../task.js';

const INTERVAL_MS = 15_000;

/** Returns notifications to the queue whose worker died, so that they do not accumulate in Redis. */
export function createCheckStalled(notifier: JobNotifier): Task {
  return {
    name: 'check-stalled',
    intervalMs: INTERVAL_MS,
    quiet: true,
    run: async () => {
      await notifier.requeueStalled();
      return {};
    },
  };
}
