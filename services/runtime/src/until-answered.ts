import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from './logger.js';

const FIRST_DELAY_MS = 200;
const LONGEST_DELAY_MS = 5_000;
const GIVE_UP_MS = 300_000;

/**
 * Repeats what may be done twice until Redis answers, for five minutes at most. A fence guards each change of a job, and
 * its end is acknowledged again, so that repeating one that had landed unseen does no harm.
 */
export async function untilAnswered<T>(act: () => Promise<T>, log: Logger): Promise<T> {
  const deadline = Date.now() + GIVE_UP_MS;
  for (let delay = FIRST_DELAY_MS; ; delay = Math.min(delay * 2, LONGEST_DELAY_MS)) {
    try {
      return await act();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      log.warn('redis did not answer; trying again', { error, delay_ms: delay });
      await sleep(delay);
    }
  }
}
