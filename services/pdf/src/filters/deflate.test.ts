import { deflateSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { SeededRandom } from '@pdf-tools/harness/documents/random';
import { deflate } from './deflate.js';

describe('deflate', () => {
  it.each([0, 1, 63, 64, 300, 5_000, 16_384, 70_000])('writes the same %d bytes as zlib by default', (length) => {
    const random = new SeededRandom(length);
    for (const data of [Buffer.alloc(length, 'q 1 0 0 1 '), Buffer.from(random.bytes(length))])
      expect(deflate(data).equals(deflateSync(data, { level: 9 }))).toBe(true);
  });

  it('takes no buffer of its own for small data', () => {
    const data = Buffer.from('q 1 0 0 1 0 0 cm /Im0 Do Q');
    deflate(data);
    const before = process.memoryUsage().arrayBuffers;
    for (let i = 0; i < 100; i++) deflate(data);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(500_000);
  });
});
