/** Jobs that a worker runs at a time if no worker reports its own number, because WORKER_CONCURRENCY=0 gives at least 2. */
const DEFAULT_CONCURRENCY = 2;

/**
 * Returns the number of workers that can run all unfinished jobs at once: the jobs divided by the mean concurrency of the
 * live workers, rounded up. Autoscalers apply their own minimum and maximum.
 */
export function workersWanted(unfinished: number, concurrencies: readonly number[]): number {
  const total = concurrencies.reduce((sum, concurrency) => sum + concurrency, 0);
  const capacity = total > 0 ? total / concurrencies.length : DEFAULT_CONCURRENCY;
  return Math.ceil(unfinished / capacity);
}
