import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from './logger.js';

const FIRST_DELAY_MS = 200;
const MAX_DELAY_MS = 5_000;
const MAX_TOTAL_MS = 300_000;

/**
 * Repeats an action until Redis runs it, for five minutes at most. The action must be safe to repeat. Each change of a job
 * is, because a fence guards it and the end of a job is acknowledged again.
 */
export async function retryWhileUnavailable<T>(action: () => Promise<T>, log: Logger): Promise<T> {
  const deadline = Date.now() + MAX_TOTAL_MS;
  for (let delay = FIRST_DELAY_MS; ; delay = Math.min(delay * 2, MAX_DELAY_MS)) {
    try {
      return await action();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      log.warn('redis unavailable, retrying', { error, delay_ms: delay });
      await sleep(delay);
    }
  }
}
