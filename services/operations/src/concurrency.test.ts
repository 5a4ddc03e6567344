import { describe, expect, it } from '@jest/globals';
import { setImmediate as nextRound } from 'node:timers/promises';
import { forEachLimited } from './concurrency.js';

describe('forEachLimited', () => {
  it('runs at most the given number of items at a time, and all of them', async () => {
    const done: number[] = [];
    let running = 0;
    let peak = 0;
    await forEachLimited([1, 2, 3, 4, 5], 2, async (item) => {
      running += 1;
      peak = Math.max(peak, running);
      await nextRound();
      running -= 1;
      done.push(item);
    });
    expect(peak).toBe(2);
    expect(done).toEqual([1, 2, 3, 4, 5]);
  });

  it('starts no item after an error, and throws it when the running ones have ended', async () => {
    const [started, ended]: [number[], number[]] = [[], []];
    const run = forEachLimited([1, 2, 3, 4], 2, async (item) => {
      started.push(item);
      if (item === 1) throw new Error('first');
      await nextRound();
      ended.push(item);
    });
    await expect(run).rejects.toThrow('first');
    expect([started, ended]).toEqual([[1, 2], [2]]);
  });
});
