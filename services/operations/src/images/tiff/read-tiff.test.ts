import { deflateSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { decodeFlateImage } from '@pdf-tools/harness/documents/flate-image';
import { SAMPLE_CMYK_JPEG } from '@pdf-tools/harness/documents/sample-images';
import { byteNoise, frameOf, framesOf } from '@pdf-tools/harness/documents/tiff-frames';
import { tiffEntries, writeTiff } from '@pdf-tools/harness/documents/tiff';
import type { TiffEntry, TiffLayout } from '@pdf-tools/harness/documents/tiff';

const [WIDTH, HEIGHT] = [37, 23];

/** The entries of a page of 37 x 23 pixels. */
const entriesOf = (layout: TiffLayout): TiffEntry[] => tiffEntries({ width: WIDTH, height: HEIGHT, ...layout });

/** A TIFF of one strip, or of one for each `rowsPerStrip` rows. */
function tiffOf(
  layout: TiffLayout,
  rows: Buffer,
  encode: (strip: Buffer) => Buffer = (strip) => strip,
  little = true,
): Buffer {
  const stripBytes = (rows.length / HEIGHT) * (layout.rowsPerStrip ?? HEIGHT);
  const strips = Array.from({ length: Math.ceil(rows.length / stripBytes) }, (_none, at) =>
    encode(rows.subarray(at * stripBytes, (at + 1) * stripBytes)),
  );
  return writeTiff([{ entries: entriesOf(layout), blocks: strips }], { little });
}

const RGB = { samples: 3, bits: 8, photometric: 2 } as const;

describe('readTiff of JPEG tiles', () => {
  it('keeps CMYK', async () => {
    const ink = [200, 40, 90, 20];
    const tiles: readonly TiffEntry[] = [
      [322, 'short', [64]],
      [323, 'short', [64]],
    ];
    const layout = { samples: 4, bits: 8, photometric: 5, compression: 7, extra: tiles };
    const entries = tiffEntries({ width: 128, height: 64, ...layout });
    const { image } = await frameOf(writeTiff([{ entries, blocks: [SAMPLE_CMYK_JPEG, SAMPLE_CMYK_JPEG] }]));
    expect(image.colorSpace?.kind).toBe('DeviceCMYK');
    const decoded = decodeFlateImage(image);
    expect(decoded.length).toBe(128 * 64 * 4);
    expect([...decoded].every((value, at) => Math.abs(value - (ink[at % 4] ?? 0)) <= 1)).toBe(true);
  });
});

describe('readTiff of samples', () => {
  it.each([
    ['gray of 8 bits', { samples: 1, bits: 8, photometric: 1 }, 'DeviceGray'],
    ['RGB of 8 bits', RGB, 'DeviceRGB'],
    ['CMYK of 8 bits', { samples: 4, bits: 8, photometric: 5 }, 'DeviceCMYK'],
    ['RGB of 8 bits in strips', { ...RGB, rowsPerStrip: 5 }, 'DeviceRGB'],
  ] as const)('keeps %s', async (_what, layout, kind) => {
    const rows = byteNoise(WIDTH * HEIGHT * layout.samples);
    const { image } = await frameOf(tiffOf(layout, rows));
    expect(image.colorSpace?.kind).toBe(kind);
    expect(decodeFlateImage(image).equals(rows)).toBe(true);
  });

  it.each([true, false])('keeps 16 bits, little-endian: %p', async (little) => {
    const rows = byteNoise(WIDTH * HEIGHT * 6);
    const { image } = await frameOf(tiffOf({ ...RGB, bits: 16 }, rows, undefined, little));
    const expected = little ? Buffer.from(rows).swap16() : rows;
    expect(image.bitsPerComponent).toBe(16);
    expect(decodeFlateImage(image).equals(expected)).toBe(true);
  });

  it('inverts gray whose zero is white', async () => {
    const rows = byteNoise(WIDTH * HEIGHT);
    const { image } = await frameOf(tiffOf({ samples: 1, bits: 8, photometric: 0 }, rows));
    expect(decodeFlateImage(image).equals(rows.map((value) => 255 - value))).toBe(true);
  });

  it.each([10, 12, 14])('scales %i bits to 16', async (bits) => {
    const rowBytes = Math.ceil((WIDTH * bits) / 8);
    const rows = byteNoise(rowBytes * HEIGHT);
    const { image } = await frameOf(tiffOf({ samples: 1, bits, photometric: 1 }, rows));
    const first = rows.readUInt16BE(0) >> (16 - bits);
    expect(decodeFlateImage(image).readUInt16BE(0)).toBe(Math.round((first * 65_535) / ((1 << bits) - 1)));
  });

  it.each([2, 4])('keeps gray of %i bits', async (bits) => {
    const rows = byteNoise(Math.ceil((WIDTH * bits) / 8) * HEIGHT);
    const { image } = await frameOf(tiffOf({ samples: 1, bits, photometric: 1 }, rows));
    expect(image.bitsPerComponent).toBe(bits);
    expect(decodeFlateImage(image).equals(rows)).toBe(true);
  });

  it('keeps a palette', async () => {
    const map = Array.from({ length: 768 }, (_none, at) => ((at * 31) & 0xff) * 257);
    const rows = byteNoise(WIDTH * HEIGHT);
    const { image } = await frameOf(
      tiffOf({ samples: 1, bits: 8, photometric: 3, extra: [[320, 'short', map]] }, rows),
    );
    const palette = image.colorSpace?.kind === 'Indexed' ? image.colorSpace.palette : undefined;
    expect([...(palette?.subarray(3, 6) ?? [])]).toEqual([1, 257, 513].map((at) => (map[at] ?? 0) / 257));
    expect(decodeFlateImage(image).equals(rows)).toBe(true);
  });

  it('keeps Lab of 8 bits with a and b unsigned', async () => {
    const rows = byteNoise(WIDTH * HEIGHT * 3);
    const { image } = await frameOf(tiffOf({ ...RGB, photometric: 8 }, rows));
    expect(image.colorSpace).toMatchObject({ kind: 'Lab', range: [-128, 127, -128, 127] });
    expect(decodeFlateImage(image).equals(rows.map((value, at) => (at % 3 === 0 ? value : value ^ 0x80)))).toBe(true);
  });

  it('makes a soft mask of alpha, and divides colours by alpha that they are multiplied with', async () => {
    const rows = Buffer.from(Array.from({ length: WIDTH * HEIGHT }, () => [100, 50, 0, 200]).flat());
    const layout = { ...RGB, samples: 4 };
    const straight = await frameOf(tiffOf({ ...layout, extra: [[338, 'short', [2]]] }, rows));
    const multiplied = await frameOf(tiffOf({ ...layout, extra: [[338, 'short', [1]]] }, rows));
    for (const { image } of [straight, multiplied]) expect(decodeFlateImage(image.softMask ?? image)[0]).toBe(200);
    expect(straight.image.colorSpace).toMatchObject({ kind: 'Indexed', palette: Uint8Array.of(100, 50, 0) });
    expect(multiplied.image.colorSpace).toMatchObject({ kind: 'Indexed', palette: Uint8Array.of(128, 64, 0) });
  });

  it('joins planes', async () => {
    const planes = [byteNoise(WIDTH * HEIGHT, 1), byteNoise(WIDTH * HEIGHT, 3), byteNoise(WIDTH * HEIGHT, 5)];
    const entries = entriesOf({ ...RGB, extra: [[284, 'short', [2]]] });
    const { image } = await frameOf(writeTiff([{ entries, blocks: planes }]));
    const pixels = decodeFlateImage(image);
    for (const [plane, expected] of planes.entries())
      expect(
        Buffer.compare(
          pixels.filter((_, at) => at % 3 === plane),
          expected,
        ),
      ).toBe(0);
  });

  it('joins tiles, and cuts off what is outside of the image', async () => {
    const tiles = Array.from({ length: 6 }, (_none, tile) => Buffer.alloc(16 * 16 * 3, 40 * tile + 1));
    const entries = entriesOf({
      ...RGB,
      extra: [
        [322, 'short', [16]],
        [323, 'short', [16]],
      ],
    });
    const { image } = await frameOf(writeTiff([{ entries, blocks: tiles }]));
    expect(image).toMatchObject({ width: WIDTH, height: HEIGHT });
    const gray = decodeFlateImage(image);
    expect([0, 16, 36, 16 * WIDTH + 36].map((at) => gray[at])).toEqual([1, 41, 81, 201]);
  });

  it('reads the chroma that pixels share', async () => {
    const unit = [10, 20, 30, 40, 128, 128];
    const blocks = [Buffer.from(Array.from({ length: 19 * 12 }, () => unit).flat())];
    const entries = entriesOf({ ...RGB, photometric: 6, extra: [[530, 'short', [2, 2]]] });
    const { image } = await frameOf(writeTiff([{ entries, blocks }]));
    const gray = decodeFlateImage(image);
    expect([gray[0], gray[1], gray[WIDTH], gray[WIDTH + 1]]).toEqual([10, 20, 30, 40]);
  });
});

describe('readTiff of compressed samples', () => {
  const rows = byteNoise(WIDTH * HEIGHT * 3);
  const zstd = Buffer.from('KLUv/QRoZQAAKAAoUHigAQBLURUtHzqyfA==', 'base64');

  it.each([
    ['Deflate', 8],
    ['the older Deflate', 32_946],
  ])('decompresses %s', async (_name, compression) => {
    const { image } = await frameOf(tiffOf({ ...RGB, compression, rowsPerStrip: 7 }, rows, deflateSync));
    expect(decodeFlateImage(image).equals(rows)).toBe(true);
  });

  it.each(['lzw', 'packbits', 'deflate', 'none'] as const)(
    'decompresses %s of libtiff, with its predictor',
    async (compression) => {
      const raw = { width: WIDTH, height: HEIGHT, channels: 3 } as const;
      for (const predictor of ['none', 'horizontal'] as const)
        for (const tile of [false, true]) {
          const options = { compression, predictor, tile, tileWidth: 16, tileHeight: 16 };
          const { image } = await frameOf(await sharp(rows, { raw }).tiff(options).toBuffer());
          expect(decodeFlateImage(image).equals(rows)).toBe(true);
        }
    },
  );

  it('undoes the predictor of 16 bits', async () => {
    const samples = new Uint16Array(WIDTH * HEIGHT * 3).map((_none, at) => (at * 7919) & 0xffff);
    const raw = { width: WIDTH, height: HEIGHT, channels: 3 } as const;
    const tiff = sharp(samples, { raw }).toColourspace('rgb16').tiff({ compression: 'lzw', predictor: 'horizontal' });
    const { image } = await frameOf(await tiff.toBuffer());
    expect(decodeFlateImage(image).equals(Buffer.from(samples.buffer).swap16())).toBe(true);
  });

  it.each([
    ['cut off', (file: Buffer) => Buffer.concat([file.subarray(0, 8), file.subarray(-400)])],
    ['with a damaged strip', (file: Buffer) => Buffer.from(file).fill(0x77, 100, 300)],
  ])('refuses a file %s', async (_what, damage) => {
    const file = tiffOf({ ...RGB, compression: 8 }, rows, deflateSync);
    await expect(framesOf(damage(file))).rejects.toMatchObject({ code: 'corrupt_image' });
  });

  it('refuses one damaged tile', async () => {
    const tile = deflateSync(byteNoise(16 * 16 * 3));
    const damaged = Buffer.from(tile).fill(0x55, 20, 40);
    const entries = entriesOf({
      ...RGB,
      compression: 8,
      extra: [
        [322, 'short', [16]],
        [323, 'short', [16]],
      ],
    });
    const file = writeTiff([{ entries, blocks: [tile, tile, tile, damaged, tile, tile] }]);
    await expect(framesOf(file)).rejects.toMatchObject({ code: 'corrupt_image' });
  });

  it.each([
    ['floating-point samples of 32 bits', { samples: 1, bits: 32, photometric: 1, extra: [[339, 'short', [3]]] }],
    ['signed samples of 8 bits', { samples: 1, bits: 8, photometric: 1, extra: [[339, 'short', [2]]] }],
    ['samples of 32 bits', { samples: 1, bits: 32, photometric: 1 }],
    ['LZMA compression', { ...RGB, compression: 34_925 }],
    ['JPEG 2000 compression', { ...RGB, compression: 34_712 }],
    ['compression 12345', { ...RGB, compression: 12_345 }],
    ['inks other than CMYK', { samples: 4, bits: 8, photometric: 5, extra: [[332, 'short', [2]]] }],
    ['the raw data of a camera', { ...RGB, extra: [[50_706, 'byte', [1, 4, 0, 0]]] }],
  ] as readonly (readonly [string, TiffLayout])[])('names %s as not supported', async (what, layout) => {
    const file = tiffOf(layout, Buffer.alloc(WIDTH * HEIGHT * 16));
    await expect(framesOf(file)).rejects.toMatchObject({
      code: 'unsupported_format',
      message: `is a TIFF file with ${what}, which is not supported`,
    });
  });

  it('decompresses ZSTD, and refuses it if it is damaged or too short', async () => {
    const layout = { samples: 1, bits: 8, photometric: 1, compression: 50_000 };
    const gray = Buffer.from(Array.from({ length: WIDTH * HEIGHT }, (_none, at) => (at % 5) * 40));
    const file = (strip: Buffer): Buffer => writeTiff([{ entries: entriesOf(layout), blocks: [strip] }]);
    expect(decodeFlateImage((await frameOf(file(zstd))).image).equals(gray)).toBe(true);
    for (const strip of [zstd.subarray(0, -8), Buffer.from(zstd).fill(0xff, 0, 8)])
      await expect(framesOf(file(strip))).rejects.toMatchObject({ code: 'corrupt_image' });
  });
});
