import { describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { textPage, withWhitePadding } from '@pdf-tools/harness/documents/bilevel-images';
import { decodeJbig2 } from '@pdf-tools/harness/documents/bilevel-decoders';
import { decodeFlateImage } from '@pdf-tools/harness/documents/flate-image';
import { pagesTiff } from '@pdf-tools/harness/documents/pages-tiff';
import { byteNoise, frameOf, framesOf } from '@pdf-tools/harness/documents/tiff-frames';
import { tiffEntries, writeTiff } from '@pdf-tools/harness/documents/tiff';
import type { TiffEntry } from '@pdf-tools/harness/documents/tiff';
import { encodeCcittG4 } from '@pdf-tools/pdf';
import { MAX_FRAMES } from '../limits.js';

const RGB = { samples: 3, bits: 8, photometric: 2 } as const;

describe('readTiff of fax pages', () => {
  const page = textPage(400, 300);
  const fax = (blocks: readonly Uint8Array[], rowsPerStrip: number, extra: readonly TiffEntry[] = []): Buffer => {
    const layout = { samples: 1, bits: 1, photometric: 0, compression: 4, rowsPerStrip, extra };
    return writeTiff([{ entries: tiffEntries({ ...page, ...layout }), blocks }]);
  };
  const strip = (from: number, to: number): Uint8Array =>
    encodeCcittG4({ ...page, height: to - from, data: page.data.subarray(from * 50, to * 50) });

  it('keeps a single strip as it is', async () => {
    const data = strip(0, 300);
    const { image } = await frameOf(fax([data], 300));
    expect(image).toMatchObject({ filter: 'CCITTFaxDecode', ccitt: { k: -1 }, width: 400, height: 300 });
    expect(Buffer.concat(image.data).equals(data)).toBe(true);
  });

  it('joins strips to one image of the same pixels', async () => {
    const { image } = await frameOf(fax([strip(0, 100), strip(100, 200), strip(200, 300)], 100));
    expect(image.filter).toBe('JBIG2Decode');
    expect(decodeJbig2(Buffer.concat(image.data)).equals(withWhitePadding(page))).toBe(true);
  });

  it('takes different resolutions along and across rows', async () => {
    const file = fax([strip(0, 300)], 300, [
      [282, 'rational', [204]],
      [283, 'rational', [98]],
      [296, 'short', [2]],
    ]);
    expect((await frameOf(file)).dpi).toEqual({ x: 204, y: 98 });
  });

  it('notes rows that the data do not have', async () => {
    const { notes } = await frameOf(fax([strip(0, 290)], 300));
    expect(notes).toEqual(['10 missing rows of a fax are white']);
  });

  it.each([
    ['cut off', strip(0, 300).subarray(0, 300)],
    ['damaged', Buffer.from(strip(0, 300)).fill(0, 300, 400)],
  ])('refuses Group 4 that is %s', async (_what, data) => {
    await expect(framesOf(fax([data], 300))).rejects.toMatchObject({ code: 'corrupt_image' });
  });
});

describe('readTiff of JPEG data', () => {
  const raw = { width: 64, height: 48, channels: 3 } as const;
  const samples = byteNoise(64 * 48 * 3);

  /** A TIFF with a JPEG of its own for each 16 rows. */
  const stripped = async (qualities: readonly number[]): Promise<{ file: Buffer; jpegs: Buffer[] }> => {
    const jpegs = await Promise.all(
      qualities.map((quality, strip) =>
        sharp(samples.subarray(strip * 64 * 16 * 3, (strip + 1) * 64 * 16 * 3), { raw: { ...raw, height: 16 } })
          .jpeg({ quality, chromaSubsampling: '4:4:4', optimiseCoding: false })
          .toBuffer(),
      ),
    );
    const layout = { ...RGB, compression: 7, photometric: 6, rowsPerStrip: 16 };
    const entries = tiffEntries({ width: 64, height: 48, ...layout });
    return { file: writeTiff([{ entries, blocks: jpegs }]), jpegs };
  };
  const decoded = (jpeg: Uint8Array): Promise<Buffer> => sharp(jpeg).raw().toBuffer();

  it('joins strips to one JPEG of the same pixels', async () => {
    const { file, jpegs } = await stripped([80, 80, 80]);
    const { image } = await frameOf(file);
    expect(image).toMatchObject({ filter: 'DCTDecode', width: 64, height: 48 });
    const whole = await decoded(Buffer.concat(image.data));
    const parts = Buffer.concat(await Promise.all(jpegs.map(decoded)));
    expect(whole.equals(parts)).toBe(true);
  });

  it('decodes strips whose tables differ', async () => {
    const { file, jpegs } = await stripped([80, 60, 80]);
    const { image } = await frameOf(file);
    expect(image.filter).toBe('FlateDecode');
    const parts = Buffer.concat(await Promise.all(jpegs.map(decoded)));
    expect(decodeFlateImage(image).equals(parts)).toBe(true);
  });

  it('keeps the only strip, and marks RGB', async () => {
    const jpeg = await sharp(samples, { raw }).jpeg().toBuffer();
    const entries = tiffEntries({ width: 64, height: 48, ...RGB, compression: 7 });
    const { image } = await frameOf(writeTiff([{ entries, blocks: [jpeg] }]));
    expect(image.filter).toBe('DCTDecode');
    expect(Buffer.concat(image.data).includes('Adobe')).toBe(true);
  });
});

describe('readTiff of several pages', () => {
  it.each([
    ['little-endian', { little: true, big: false }],
    ['big-endian', { little: false, big: false }],
    ['little-endian BigTIFF', { little: true, big: true }],
    ['big-endian BigTIFF', { little: false, big: true }],
  ])('reads each page of a %s file', async (_what, layout) => {
    const frames = await framesOf(pagesTiff([10, 20, 30], layout));
    expect(frames.map(({ image }) => decodeFlateImage(image)[0])).toEqual([10, 20, 30]);
    expect(frames.map(({ frameCount }) => frameCount)).toEqual([3, 3, 3]);
  });

  it('leaves out reduced copies and says so', async () => {
    const blocks = [Buffer.alloc(8 * 8, 9)];
    const gray = { width: 8, height: 8, samples: 1, bits: 8, photometric: 1 };
    const reduced = tiffEntries({ ...gray, extra: [[254, 'long', [1]]] });
    const frames = await framesOf(
      writeTiff([
        { entries: tiffEntries(gray), blocks },
        { entries: reduced, blocks },
      ]),
    );
    expect(frames).toHaveLength(1);
    expect(frames[0]?.notes).toEqual(['1 reduced copies or masks of its images have no page']);
  });

  it('refuses a chain that is cut off or has no end, and what is no TIFF', async () => {
    const bytes = pagesTiff([10, 20], { little: true, big: false });
    const loop = Buffer.from(bytes);
    loop.writeUInt32LE(8, 8 + 128 + 2 + 9 * 12);
    for (const file of [bytes.subarray(0, 100), loop, Buffer.from('II*\0'), Buffer.from('no image at all')])
      await expect(framesOf(file)).rejects.toMatchObject({ code: 'corrupt_image' });
  });

  it('refuses more pages than the limit', async () => {
    const grays = Array.from({ length: MAX_FRAMES + 50 }, () => 1);
    const file = pagesTiff(grays, { little: true, big: false });
    await expect(framesOf(file)).rejects.toMatchObject({ code: 'too_many_pages' });
  });
});
