import { describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { produce } from '@pdf-tools/harness/documents/workshop';
import operation from './definition.js';

describe('image-to-pdf above the pixels that a decoder can hold', () => {
  const webpOf = (width: number, height: number): Buffer => {
    const bytes = Buffer.from('RIFF....WEBPVP8L....\x2f...............', 'latin1');
    bytes.writeUInt32LE((width - 1) | ((height - 1) << 14), 21);
    return bytes;
  };
  const gifOf = (width: number, height: number): Buffer => {
    const bytes = Buffer.from(`GIF89a${'.'.repeat(40)}`, 'latin1');
    bytes.writeUInt16LE(width, 6);
    bytes.writeUInt16LE(height, 8);
    return bytes;
  };

  it.each([
    ['WebP', 80, async () => Promise.resolve(webpOf(14_000, 7_000))],
    ['GIF', 80, async () => Promise.resolve(gifOf(14_000, 7_000))],
    [
      'AVIF',
      40,
      async () => {
        const avif = await sharp({ create: { width: 64, height: 64, channels: 3, background: 'red' } })
          .avif({ effort: 0 })
          .toBuffer();
        const extents = avif.indexOf('ispe') + 8;
        avif.writeUInt32BE(8_000, extents);
        avif.writeUInt32BE(6_000, extents + 4);
        return avif;
      },
    ],
    [
      'interlaced PNG',
      80,
      async () => {
        const create = { width: 12_000, height: 7_000, channels: 3, background: 'red' } as const;
        return sharp({ create }).toColourspace('b-w').png({ progressive: true, compressionLevel: 1 }).toBuffer();
      },
    ],
    [
      'TIFF of 16 bits',
      50,
      async () => {
        const create = { width: 8_000, height: 7_000, channels: 3, background: 'red' } as const;
        return sharp({ create }).toColourspace('grey16').tiff({ compression: 'deflate' }).toBuffer();
      },
    ],
  ])('refuses %s of more than %i megapixels', async (format, limit, make) => {
    const bytes = await make();
    await expect(produce(operation, [[`a.${format}`, bytes]])).rejects.toMatchObject({
      code: 'too_many_pixels',
      detail: expect.stringContaining(`${limit} megapixels`),
    });
  });
});
