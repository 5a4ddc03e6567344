import type { Redis } from './redis.js';
import { withTimeout } from './redis-timeout.js';

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
 * Resolves when `count` replicas have the last write of this client. A replica with `appendfsync always` confirms a write
 * when it is on its disk. Rejects with `NotReplicated` after 1 s. Call it right after the reply to the write.
 */
export async function waitForReplicas(redis: Pick<Redis, 'wait'>, count: number): Promise<void> {
  if (count === 0) return;
  const confirmed = await withTimeout(redis.wait(count, WAIT_MS));
  if (confirmed < count) throw new NotReplicated(confirmed, count);
}
