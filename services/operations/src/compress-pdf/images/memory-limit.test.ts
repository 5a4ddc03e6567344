import { describe, expect, it } from '@jest/globals';
import { MemoryLimit } from './memory-limit.js';

/** Runs work of these sizes at once, and returns the largest sum that ran at the same time. */
async function highest(limit: number, sizes: readonly number[]): Promise<number> {
  const memory = new MemoryLimit(limit);
  let [used, most] = [0, 0];
  await Promise.all(
    sizes.map((size) =>
      memory.run(size, async () => {
        used += size;
        most = Math.max(most, used);
        await new Promise(setImmediate);
        used -= size;
      }),
    ),
  );
  return most;
}

describe('MemoryLimit', () => {
  it('runs work together up to the limit', async () => {
    expect(await highest(10, [6, 4, 5, 5, 3])).toBe(10);
  });

  it('runs larger work without other work', async () => {
    expect(await highest(10, [25, 3, 3])).toBe(25);
  });

  it('frees the memory of work that fails', async () => {
    const memory = new MemoryLimit(10);
    await expect(memory.run(10, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await memory.run(10, () => Promise.resolve('done'))).toBe('done');
  });
});
