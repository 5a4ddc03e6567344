import { describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { peekPixels } from './peek.js';

const picture = (alpha: boolean) =>
  sharp({
    create: { width: 301, height: 203, channels: alpha ? 4 : 3, background: { r: 9, g: 99, b: 199, alpha: 0.5 } },
  });

describe('peekPixels', () => {
  it.each([
    ['png', () => picture(true).png().toBuffer()],
    ['gif', () => picture(false).gif().toBuffer()],
    ['webp', () => picture(false).webp().toBuffer()],
    ['webp', () => picture(true).webp().toBuffer()],
    ['webp', () => picture(false).webp({ lossless: true }).toBuffer()],
    ['avif', () => picture(false).avif({ effort: 0 }).toBuffer()],
  ] as const)('reads the size of a %s from its first kilobyte', async (format, make) => {
    expect(peekPixels(format, (await make()).subarray(0, 1024))).toBe(301 * 203);
  });

  it('stays a whole number, whatever is claimed', async () => {
    const png = await picture(true).png().toBuffer();
    png.writeUInt32BE(2 ** 31 - 1, 16);
    png.writeUInt32BE(2 ** 31 - 1, 20);
    expect(peekPixels('png', png)).toBe(Number.MAX_SAFE_INTEGER);
  });

  it('says nothing of what is cut off, carried over or unknown', async () => {
    const png = await picture(true).png().toBuffer();
    expect(peekPixels('png', png.subarray(0, 31))).toBeUndefined();
    expect(peekPixels('jpeg', await picture(false).jpeg().toBuffer())).toBeUndefined();
    expect(peekPixels('webp', Buffer.from(`RIFF....WEBPVP9 ${'.'.repeat(30)}`))).toBeUndefined();
    expect(peekPixels('avif', Buffer.from(`....ftypavif${'.'.repeat(30)}ispe`))).toBeUndefined();
  });
});
