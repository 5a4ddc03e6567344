import { describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { decodeFlateImage } from '@pdf-tools/harness/documents/flate-image';
import { SAMPLE_ARITHMETIC_CMYK_JPEG } from '@pdf-tools/harness/documents/sample-images';
import { byteNoise } from '@pdf-tools/harness/documents/tiff-frames';
import { readJpeg } from './read-jpeg.js';

const raw = { width: 64, height: 48, channels: 3 } as const;
const jpeg = await sharp(byteNoise(64 * 48 * 3), { raw })
  .jpeg()
  .toBuffer();
const ADDED = 'the end marker of its JPEG data was missing and has been added';

/** The offset of a marker of the frame header. */
const frameAt = jpeg.indexOf(Buffer.of(0xff, 0xc0));

describe('readJpeg', () => {
  it.each([
    ['without an end', jpeg.subarray(0, -2)],
    ['with half an end', jpeg.subarray(0, -1)],
    ['with zeros in place of its end', Buffer.concat([jpeg.subarray(0, -2), Buffer.alloc(512)])],
  ])('adds the end to a file %s, and notes it', async (_what, file) => {
    const { image, notes } = await readJpeg(file);
    expect(Buffer.concat(image.data).equals(jpeg)).toBe(true);
    expect(notes).toEqual([ADDED]);
  });

  it.each([10, 40, 200, 1000])('refuses a file without its last %i bytes', async (bytes) => {
    await expect(readJpeg(jpeg.subarray(0, -bytes))).rejects.toMatchObject({ code: 'corrupt_image' });
  });

  it('leaves out what follows the image', async () => {
    const { image, notes } = await readJpeg(Buffer.concat([jpeg, Buffer.from('MOTION-PHOTO'), jpeg]));
    expect(Buffer.concat(image.data).equals(jpeg)).toBe(true);
    expect(notes).toEqual([]);
  });

  it('decodes CMYK with arithmetic coding to CMYK without inversion', async () => {
    const { image } = await readJpeg(SAMPLE_ARITHMETIC_CMYK_JPEG);
    expect(image).toMatchObject({ filter: 'FlateDecode', colorSpace: { kind: 'DeviceCMYK' } });
    expect(image.decode).toBeUndefined();
    expect([...decodeFlateImage(image).subarray(0, 8)]).toEqual([200, 40, 90, 20, 200, 40, 90, 20]);
  });

  it('carries over an image of 200 megapixels', async () => {
    const large = Buffer.from(jpeg);
    large.writeUInt16BE(12_240, frameAt + 5);
    large.writeUInt16BE(16_320, frameAt + 7);
    expect((await readJpeg(large)).image).toMatchObject({ width: 16_320, height: 12_240, filter: 'DCTDecode' });
  });

  it.each([
    ['samples of 12 bits', (file: Buffer) => file.writeUInt8(12, frameAt + 4)],
    ['lossless compression', (file: Buffer) => file.writeUInt8(0xc3, frameAt + 1)],
    ['hierarchical or differential compression', (file: Buffer) => file.writeUInt8(0xc5, frameAt + 1)],
  ])('names %s as not supported', async (what, change) => {
    const file = Buffer.from(jpeg);
    change(file);
    await expect(readJpeg(file)).rejects.toMatchObject({
      code: 'unsupported_format',
      message: `is a JPEG file with ${what}, which is not supported`,
    });
  });
});
