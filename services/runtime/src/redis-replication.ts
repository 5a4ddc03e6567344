import type { Redis } from './redis.js';
import { withTimeout } from './redis-timeout.js';
import { SharedRun } from './shared-run.js';

/** WAIT holds up the later commands of its connection, so it is shorter than the timeout of a command. */
const WAIT_MS = 1_000;

/** Too few replicas have confirmed a write. Whether it survives the loss of the primary is unknown. */
class NotReplicated extends Error {
  constructor(confirmed: number, wanted: number) {
    super(`${confirmed} of ${wanted} replicas have confirmed the write within ${WAIT_MS} ms`);
    this.name = 'NotReplicated';
  }
}

/**
 * Returns a function that resolves when `count` replicas have all earlier writes of this client. A replica with
 * `appendfsync always` confirms a write when it is on its disk. It rejects with `NotReplicated` after 1 s. Callers share
 * the WAIT, so that it does not hold up other commands longer than once.
 */
export function replicaWaiter(redis: Pick<Redis, 'wait'>, count: number): () => Promise<void> {
  if (count === 0) return () => Promise.resolve();
  const waits = new SharedRun(async () => {
    const confirmed = await withTimeout(redis.wait(count, WAIT_MS));
    if (confirmed < count) throw new NotReplicated(confirmed, count);
  });
  return () => waits.run();
}
