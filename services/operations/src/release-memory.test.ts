import { describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { releaseMemory } from './release-memory.js';

const canRelease = 'transfer' in ArrayBuffer.prototype;

describe('releaseMemory', () => {
  it('frees a large buffer at once', () => {
    const buffer = Buffer.allocUnsafeSlow(200_000);
    releaseMemory(buffer);
    expect(buffer).toHaveLength(canRelease ? 0 : 200_000);
  });

  it('frees pixels that libvips allocated', async () => {
    const create = { width: 300, height: 200, channels: 3, background: 'red' } as const;
    const pixels = await sharp({ create }).raw().toBuffer();
    releaseMemory(pixels);
    expect(pixels).toHaveLength(canRelease ? 0 : 180_000);
  });

  it('leaves the memory that small buffers share', () => {
    const [one, other] = [Buffer.from('one'), Buffer.from('other')];
    releaseMemory(one);
    expect(one.toString() + other.toString()).toBe('oneother');
  });
});
