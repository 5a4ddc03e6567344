import type { Notifications } from '@pdf-tools/jobs/notifier';
import type { Task } from '../task.js';

const INTERVAL_MS = 15_000;

/** Returns notifications to the queue whose worker died, so that they do not accumulate in Redis. */
export function createCheckStalled(notifications: Notifications): Task {
  return {
    name: 'check-stalled',
    intervalMs: INTERVAL_MS,
    quiet: true,
    run: async () => {
      await notifications.requeueStalled();
      return {};
    },
  };
}
