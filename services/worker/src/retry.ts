import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '@pdf-tools/shared/logger';

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

const SETBACK_DELAYS_S = [5, 10, 20, 40, 60, 60, 60, 60, 60, 60] as const;

/** Time until a job that was put off so often is tried again; undefined after ten times, which is six minutes. */
export function setbackDelayMs(setbacks: number): number | undefined {
  const seconds = SETBACK_DELAYS_S[setbacks];
  return seconds === undefined ? undefined : seconds * 1_000;
}
