import { describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { pagesTiff } from '@pdf-tools/harness/documents/pages-tiff';
import { MAX_FRAMES } from './limits.js';
import { TiffPages } from './tiff.js';

const LAYOUTS = [
  ['little-endian', { little: true, big: false }],
  ['big-endian', { little: false, big: false }],
  ['little-endian BigTIFF', { little: true, big: true }],
  ['big-endian BigTIFF', { little: false, big: true }],
] as const;

describe('TiffPages', () => {
  it.each(LAYOUTS)('makes each page of a %s file the only one', async (_what, layout) => {
    const pages = TiffPages.read(pagesTiff([10, 20, 30], layout));
    expect(pages?.count).toBe(3);
    for (const [page, gray] of [
      [2, 30],
      [0, 10],
      [1, 20],
    ] as const) {
      const image = sharp(pages?.only(page));
      expect((await image.metadata()).pages ?? 1).toBe(1);
      expect([...(await image.raw().toBuffer())].at(0)).toBe(gray);
    }
  });

  it('has nothing to say of a chain that is cut off or has no end', () => {
    const bytes = pagesTiff([10, 20], LAYOUTS[0][1]);
    expect(TiffPages.read(bytes.subarray(0, 100))).toBeUndefined();
    const loop = Buffer.from(bytes);
    const last = 8 + 128 + 2 + 9 * 12;
    loop.writeUInt32LE(8, last);
    expect(TiffPages.read(loop)).toBeUndefined();
    expect(TiffPages.read(Buffer.from('II*\0'))).toBeUndefined();
    expect(TiffPages.read(Buffer.from('no picture at all'))).toBeUndefined();
  });

  it('stops counting above the limit', () => {
    const bytes = pagesTiff(
      Array.from({ length: MAX_FRAMES + 50 }, () => 1),
      LAYOUTS[0][1],
    );
    expect(TiffPages.read(bytes)?.count).toBe(MAX_FRAMES + 1);
  });
});
