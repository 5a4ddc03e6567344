import { describe, expect, it } from '@jest/globals';
import { decodeFlateImage } from '@pdf-tools/harness/documents/flate-image';
import { byteNoise } from '@pdf-tools/harness/documents/tiff-frames';
import { readPnm } from './read-pnm.js';

const file = (text: string): Buffer => Buffer.from(text, 'latin1');

describe('readPnm', () => {
  it.each([
    ['P2', 'P2\n# a comment\n3 1\n255\n7 100 200\n', [7, 100, 200]],
    ['P5', 'P5 3 1 255\n\x07\x64\xc8', [7, 100, 200]],
    ['P2 with another maximum', 'P2 3 1 15 0 5 10', [0, 85, 170]],
  ])('decodes gray of %s', async (_kind, text, expected) => {
    const { image } = await readPnm(file(text));
    expect(image.colorSpace?.kind).toBe('DeviceGray');
    expect([...decodeFlateImage(image)]).toEqual(expected);
  });

  it.each([
    ['P3', 'P3 1 1 255 200 40 10'],
    ['P6', 'P6\n1 1\n255\n\xc8\x28\x0a'],
  ])('decodes colours of %s', async (_kind, text) => {
    expect((await readPnm(file(text))).image.colorSpace).toMatchObject({ palette: Uint8Array.of(200, 40, 10) });
  });

  it('keeps 16 bits', async () => {
    const { image } = await readPnm(file('P5 2 1 65535\n\x12\x34\xab\xcd'));
    expect(decodeFlateImage(image).toString('hex')).toBe('1234abcd');
  });

  it.each([
    [255, 1],
    [65_535, 2],
  ])('does not filter rows of more than 1,000,000 pixels with maximum %d', async (most, sampleBytes) => {
    const samples = byteNoise(1_000_001 * sampleBytes);
    const { image } = await readPnm(Buffer.concat([file(`P5 1000001 1 ${most}\n`), samples]));
    expect(image.predictor).toBeUndefined();
    expect(decodeFlateImage(image).equals(samples)).toBe(true);
  });

  it.each([
    ['P1', 'P1 10 1 1010101010'],
    ['P4', 'P4 10 1\n\xaa\x80'],
  ])('decodes two tones of %s, 1 for black', async (_kind, text) => {
    const { image } = await readPnm(file(text));
    expect(image).toMatchObject({ bitsPerComponent: 1, width: 10, height: 1 });
    expect(((decodeFlateImage(image)[0] ?? 0) & 0xff).toString(2)).toBe('1010101');
  });

  it.each(['P5 3 1 255\n\x07', 'P3 1 1 255 200 40', 'P6 4 4 0 1', 'P1 3 1 10x', 'P2 3', 'P5 1 1 99999 \0'])(
    'refuses damaged data: %j',
    async (text) => {
      await expect(readPnm(file(text))).rejects.toMatchObject({ code: 'corrupt_image' });
    },
  );

  it('refuses more pixels than the limit before it reads any', async () => {
    await expect(readPnm(file('P2 99999 99999 255 1'))).rejects.toMatchObject({ code: 'too_many_pixels' });
  });
});
