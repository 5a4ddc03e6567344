import { afterAll, describe, expect, it } from '@jest/globals';
import { readFile, readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { sharp } from './codec.js';

const PPM = Buffer.from('P3 1 1 255\n255 0 0\n');
const LOADERS = ['VipsForeignLoadPpm'];

describe('sharp', () => {
  afterAll(() => {
    sharp.block({ operation: LOADERS });
  });

  it.each([
    ['a PPM', PPM],
    ['a PDF', Buffer.from('%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\n%%EOF')],
    ['a FITS', Buffer.from(`SIMPLE  =                    T${' '.repeat(2_850)}`)],
    ['a Radiance picture', Buffer.from('#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y 1 +X 1\n\x01\x02\x03\x04')],
  ])('has no loader for %s', async (_what, bytes) => {
    await expect(sharp(bytes).metadata()).rejects.toThrow('unsupported image format');
  });

  it.each(['jpeg', 'png', 'webp', 'gif', 'tiff', 'avif'] as const)('has one for %s', async (format) => {
    const picture = sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } });
    const bytes = await picture.toFormat(format).toBuffer();
    expect(await sharp(bytes).metadata()).toMatchObject({ width: 8, height: 8 });
  });

  it('keeps nothing between jobs', () => {
    expect(sharp.cache()).toMatchObject({ memory: { max: 0 }, files: { max: 0 }, items: { max: 0 } });
  });

  it('is reached by way of this module alone', async () => {
    const source = fileURLToPath(new URL('../../src/', import.meta.url));
    const files = (await readdir(source, { recursive: true })).filter((name) => /(?<!\.test)\.ts$/.test(name));
    const importers: string[] = [];
    for (const file of files) {
      const text = await readFile(source + file, 'utf8');
      if (/^import (?!type).*from 'sharp'|import\('sharp'\)/m.test(text)) importers.push(file);
    }
    expect(importers).toEqual(['images/codec.ts']);
  });
});
