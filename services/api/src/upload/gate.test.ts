import { describe, expect, it } from '@jest/globals';
import { setImmediate as turn } from 'node:timers/promises';
import { Gate } from './gate.js';

describe('Gate', () => {
  it('runs as many at a time as it is told, in the order they came', async () => {
    const gate = new Gate(2);
    const begun: number[] = [];
    const ends: (() => void)[] = [];
    const tasks = [0, 1, 2, 3].map((i) =>
      gate.run(() => {
        begun.push(i);
        return new Promise<number>((resolve) => {
          ends[i] = () => {
            resolve(i);
          };
        });
      }),
    );
    await turn();
    expect(begun).toEqual([0, 1]);
    ends[1]?.();
    await turn();
    expect(begun).toEqual([0, 1, 2]);
    ends[0]?.();
    ends[2]?.();
    await turn();
    ends[3]?.();
    expect(await Promise.all(tasks)).toEqual([0, 1, 2, 3]);
  });

  it('goes on after a task that failed', async () => {
    const gate = new Gate(1);
    await expect(gate.run(() => Promise.reject(new Error('full')))).rejects.toThrow('full');
    expect(await gate.run(() => Promise.resolve('next'))).toBe('next');
  });
});
