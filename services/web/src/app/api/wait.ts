const FIRST_MS = 1_000;
const MAX_MS = 15_000;

/** Returns the pause before the next attempt, which doubles with each failure. */
export function backoff(failures: number): number {
  return Math.min(MAX_MS, FIRST_MS * 2 ** Math.max(0, failures - 1));
}

/** Waits, but not longer than until the browser has a network again. Rejects when the signal aborts. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const end = (settle: () => void) => (): void => {
      clearTimeout(timer);
      removeEventListener('online', onOnline);
      signal.removeEventListener('abort', onAbort);
      settle();
    };
    const onOnline = end(resolve);
    const onAbort = end(() => {
      reject(signal.reason as Error);
    });
    const timer = setTimeout(onOnline, ms);
    addEventListener('online', onOnline);
    signal.addEventListener('abort', onAbort);
  });
}
