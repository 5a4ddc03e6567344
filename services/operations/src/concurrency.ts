import pLimit from 'p-limit';

/**
 * Runs work on all items in order, at most `limit` at a time. After the first error it starts no further item, waits for
 * the ones that are running, and throws that error.
 */
export async function forEachLimited<T>(
  items: readonly T[],
  limit: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const limited = pLimit(limit);
  const failures: unknown[] = [];
  const attempt = async (item: T): Promise<void> => {
    if (failures.length > 0) return;
    try {
      await work(item);
    } catch (thrown) {
      failures.push(thrown);
    }
  };
  await Promise.all(items.map((item) => limited(attempt, item)));
  if (failures.length > 0) throw failures[0];
}
