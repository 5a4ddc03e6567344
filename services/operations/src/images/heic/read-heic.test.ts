import { describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { decodeFlateImage } from '@pdf-tools/harness/documents/flate-image';
import {
  SAMPLE_DEEP_HEIC,
  SAMPLE_DESCRIBED_AVIF,
  SAMPLE_DESCRIBED_HEIC,
  SAMPLE_HEIC,
} from '@pdf-tools/harness/documents/sample-images';
import { usableProfile } from '../icc.js';
import { wrapAsPng } from '../png/wrap-png.js';
import { readAvif } from './read-avif.js';
import { readHeic } from './read-heic.js';

const near = (value: number | undefined, expected: number): boolean => Math.abs((value ?? 0) - expected) < 12;

describe('readHeic', () => {
  it('decodes the pixels', async () => {
    const { image, orientation } = await readHeic(SAMPLE_HEIC);
    expect(image).toMatchObject({ width: 64, height: 32, bitsPerComponent: 1 });
    expect(orientation).toBe(1);
    const palette = image.colorSpace?.kind === 'Indexed' ? [...image.colorSpace.palette] : [];
    expect(palette.length).toBe(6);
    expect([200, 40, 40, 40, 40, 200].every((value, at) => near(palette[at], value))).toBe(true);
    expect(decodeFlateImage(image).toString('hex')).toBe('00000000ffffffff'.repeat(32));
  });

  it('keeps samples of 10 bits', async () => {
    const { image } = await readHeic(SAMPLE_DEEP_HEIC);
    expect(image).toMatchObject({ width: 64, height: 32, bitsPerComponent: 16 });
    const rows = wrapAsPng({ width: 64, height: 32, colorType: 2, bitDepth: 16 }, ...image.data);
    const data = await sharp(rows).toColourspace('rgb16').raw({ depth: 'ushort' }).toBuffer();
    const at = 2 * 3 * (20 * 64 + 40);
    const pixel = [0, 2, 4].map((channel) => data.readUInt16LE(at + channel));
    for (const [channel, expected] of [40 * 1024, 20 * 2048, 30_000].entries())
      expect(Math.abs((pixel[channel] ?? 0) - expected)).toBeLessThan(1500);
  });

  it.each([
    ['cut off', SAMPLE_HEIC.subarray(0, -100)],
    ['without an image', SAMPLE_HEIC.subarray(0, 40)],
  ])('refuses a file that is %s', async (_what, file) => {
    await expect(readHeic(Buffer.from(file))).rejects.toMatchObject({ code: 'corrupt_image' });
  });

  it('refuses more pixels than the limit before decoding', async () => {
    const file = Buffer.from(SAMPLE_HEIC);
    for (let extents = file.indexOf('ispe'); extents >= 0; extents = file.indexOf('ispe', extents + 1)) {
      file.writeUInt32BE(9_000, extents + 8);
      file.writeUInt32BE(9_000, extents + 12);
    }
    await expect(readHeic(file)).rejects.toMatchObject({ code: 'too_many_pixels' });
  });

  it('says what is not supported', async () => {
    const avif = await sharp({ create: { width: 16, height: 16, channels: 3, background: 'red' } })
      .avif({ effort: 0 })
      .toBuffer();
    await expect(readHeic(avif)).rejects.toMatchObject({ code: 'unsupported_format' });
  });

  it('rotates the image, and reads its resolution and the description of its colours', async () => {
    const { image, orientation, dpi } = await readHeic(SAMPLE_DESCRIBED_HEIC);
    expect(image).toMatchObject({ width: 64, height: 64, colorSpace: { base: { kind: 'ICCBased', components: 3 } } });
    expect({ orientation, dpi }).toEqual({ orientation: 1, dpi: { x: 300, y: 300 } });
    const palette = image.colorSpace?.kind === 'Indexed' ? [...image.colorSpace.palette] : [];
    // The right half is now on top.
    expect([40, 40, 200, 200, 40, 40].every((value, at) => near(palette[at], value))).toBe(true);
  });

  it('takes a description of sRGB for the device colours', async () => {
    const { image } = await readHeic(described(SAMPLE_DESCRIBED_HEIC, 1, 13));
    expect(image.colorSpace).toMatchObject({ kind: 'Indexed', base: { kind: 'DeviceRGB' } });
  });

  it('notes colours of high dynamic range', async () => {
    const { notes } = await readHeic(described(SAMPLE_DESCRIBED_HEIC, 9, 16));
    expect(notes).toEqual(['its HDR colours are shown in standard dynamic range without tone mapping']);
  });
});

/** A copy with other numbers for primaries and transfer characteristics. */
function described(file: Buffer, primaries: number, transfer: number): Buffer {
  const copy = Buffer.from(file);
  const at = copy.indexOf('nclx') + 4;
  copy.writeUInt16BE(primaries, at);
  copy.writeUInt16BE(transfer, at + 2);
  return copy;
}

describe('readAvif', () => {
  it.each([9, 12])('makes a profile of described primaries (%i)', async (primaries) => {
    const { image } = await readAvif(described(SAMPLE_DESCRIBED_AVIF, primaries, 13));
    const profile = image.colorSpace?.kind === 'ICCBased' ? image.colorSpace.profile : undefined;
    expect(profile && usableProfile(profile, 3)).toEqual(profile);
    expect(profile?.length).toBeGreaterThan(300);
  });

  it('takes a description of sRGB for the device colours, and notes high dynamic range', async () => {
    const plain = await readAvif(described(SAMPLE_DESCRIBED_AVIF, 1, 13));
    expect(plain).toMatchObject({ image: { colorSpace: { kind: 'DeviceRGB' } } });
    expect((await readAvif(described(SAMPLE_DESCRIBED_AVIF, 9, 18))).notes).toHaveLength(1);
  });

  it('reads the resolution in EXIF', async () => {
    expect((await readAvif(SAMPLE_DESCRIBED_AVIF)).dpi).toEqual({ x: 300, y: 300 });
  });
});
