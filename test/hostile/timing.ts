import { Agent, get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

const PAUSE_MS = 40;
const agent = new Agent({ keepAlive: true, maxSockets: 4 });

/** Returns the milliseconds of one GET; Infinity for anything but a 200. */
export function answerMs(url: string): Promise<number> {
  const start = performance.now();
  return new Promise((resolve) => {
    const asked = get(url, { agent, timeout: 10_000 }, (response) => {
      response.resume();
      response.once('end', () => {
        resolve(response.statusCode === 200 ? performance.now() - start : Infinity);
      });
    });
    asked.once('timeout', () => asked.destroy());
    asked.once('error', () => {
      resolve(Infinity);
    });
  });
}

/** Repeats a call until `end` settles. Returns what each call returned. */
export async function until<T>(end: Promise<unknown>, each: () => Promise<T>, pauseMs: number): Promise<T[]> {
  const found: T[] = [];
  const over = new AbortController();
  const stop = (): void => {
    over.abort();
  };
  void end.then(stop, stop);
  while (!over.signal.aborted) {
    found.push(await each());
    await sleep(pauseMs);
  }
  return found;
}

/** Measures GETs of an address, one after the other, until `end` settles. */
export function times(url: string, end: Promise<unknown>): Promise<number[]> {
  return until(end, () => answerMs(url), PAUSE_MS);
}

/** Returns the value that the given share of values does not exceed; Infinity without values. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Infinity;
}

/** Closes the connections that measurements keep. */
export function closeConnections(): void {
  agent.destroy();
}
