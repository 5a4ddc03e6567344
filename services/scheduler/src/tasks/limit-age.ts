import type { Storage } from '@pdf-tools/runtime/storage';
import type { Task } from '../task.js';

const HOUR_MS = 3_600_000;

interface LimitAgeOptions {
  readonly storage: Pick<Storage, 'limitAge'>;
  readonly fileMaxAgeHours: number;
  readonly queueMaxAgeHours: number;
}

/**
 * Has an object storage itself delete files that are older than any retention, in case the sweep does not run. It repeats
 * that, because an operator may replace the rules of the bucket.
 */
export function createLimitAge({ storage, fileMaxAgeHours, queueMaxAgeHours }: LimitAgeOptions): Task {
  return {
    name: 'limit-age',
    intervalMs: HOUR_MS,
    quiet: true,
    run: async () => ({ changed: Number(await storage.limitAge((fileMaxAgeHours + queueMaxAgeHours) * HOUR_MS)) }),
  };
}
