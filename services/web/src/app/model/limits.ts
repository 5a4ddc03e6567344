import { signal } from '@preact/signals';
import { getLimits } from '../api/client.js';
import { recover } from '../api/follow.js';
import type { Limits } from '../api/types.js';

/** The limits of the server, once they are known. */
export const limits = signal<Limits | undefined>(undefined);

/** Whether the server answered the last request for its limits. */
export const isServerReachable = signal(true);

/** Reads the limits, as soon as the server can be reached and accepts the key. */
export async function loadLimits(): Promise<void> {
  const { signal: never } = new AbortController();
  for (let failures = 1; limits.value === undefined; failures += 1) {
    try {
      limits.value = await getLimits();
      isServerReachable.value = true;
    } catch (error) {
      const onConnection = (isConnected: boolean): void => {
        isServerReachable.value = isConnected;
      };
      await recover(error, { failures, signal: never, onConnection });
    }
  }
}
