import { describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { SAMPLE_AVIF_OF_TWO } from '@pdf-tools/harness/documents/sample-images';
import { decodeFrames, decodeImage } from './decode.js';
import type { ImageFrame } from './pdf-image.js';

describe('decodeFrames', () => {
  it.each([
    ['few pixels', 4, 40],
    ['more pixels than one pass decodes', 2100, 4],
  ])('keeps the order of frames that have %s together', async (_what, side, count) => {
    const pixels = Buffer.alloc(side * side * count * 3, 40);
    // The first pixel of each frame differs.
    for (let frame = 0; frame < count; frame += 1) pixels[frame * side * side * 3] = 60 + frame;
    const input = await sharp(pixels, {
      raw: { width: side, height: side * count, channels: 3, pageHeight: side },
      limitInputPixels: false,
    })
      .webp({ lossless: true, effort: 0 })
      .toBuffer();
    const frames: ImageFrame[] = [];
    const encoded = { input, maxPixels: side * side, mayHavePalette: true };
    for await (const frame of decodeFrames(encoded, new AbortController().signal)) frames.push(frame);
    const first = frames.map(({ image }) => image.colorSpace?.kind === 'Indexed' && [...image.colorSpace.palette]);
    expect(first).toEqual(Array.from({ length: count }, (_none, frame) => [60 + frame, 40, 40, 40, 40, 40]));
    expect(frames.every(({ image, frameCount }) => image.height === side && frameCount === count)).toBe(true);
  });
});

describe('decodeImage', () => {
  it.each([
    [1, [200, 40, 40]],
    [2, [230, 230, 40]],
  ])('decodes image %d of an AVIF if it is the primary one', async (id, color) => {
    const input = Buffer.from(SAMPLE_AVIF_OF_TWO);
    input.writeUInt16BE(id, input.indexOf('pitm') + 8);
    const { image } = await decodeImage({ input, maxPixels: 10_000, mayHavePalette: true });
    const palette = image.colorSpace?.kind === 'Indexed' ? image.colorSpace.palette : [];
    for (const [channel, value] of color.entries())
      expect(Math.abs((palette[channel] ?? 0) - value)).toBeLessThanOrEqual(4);
  });
});
