import { describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { decodeFlateImage } from '@pdf-tools/harness/documents/flate-image';
import type { ReadImage } from '../pdf-image.js';
import { readBmp, readIco } from './read-bmp.js';

interface Bitmap {
  readonly width: number;
  readonly height: number;
  readonly bits: number;
  readonly compression?: number;
  readonly masks?: readonly number[];
  readonly palette?: readonly number[];
  readonly pixels: Buffer;
}

/** A bitmap with the header BITMAPINFOHEADER. The resolution is 300 dpi. */
function dib({ width, height, bits, compression = 0, masks = [], palette = [], pixels }: Bitmap): Buffer {
  const header = Buffer.alloc(40);
  header.writeUInt32LE(40, 0);
  header.writeInt32LE(width, 4);
  header.writeInt32LE(height, 8);
  header.writeUInt16LE(1, 12);
  header.writeUInt16LE(bits, 14);
  header.writeUInt32LE(compression, 16);
  header.writeInt32LE(11_811, 24);
  header.writeInt32LE(11_811, 28);
  header.writeUInt32LE(palette.length, 32);
  const numbers = Buffer.alloc(4 * (masks.length + palette.length));
  for (const [at, value] of [...masks, ...palette].entries()) numbers.writeUInt32LE(value, 4 * at);
  return Buffer.concat([header, numbers, pixels]);
}

function bmp(bitmap: Bitmap): Buffer {
  const body = dib(bitmap);
  const header = Buffer.alloc(14);
  header.write('BM', 'latin1');
  header.writeUInt32LE(14 + body.length, 2);
  header.writeUInt32LE(14 + body.length - bitmap.pixels.length, 10);
  return Buffer.concat([header, body]);
}

/** Red, green and blue of each pixel, in any colour space. */
function rgbOf({ image }: ReadImage): number[][] {
  const rows = decodeFlateImage(image);
  const space = image.colorSpace;
  const pixels = image.width * image.height;
  if (space?.kind === 'DeviceRGB')
    return Array.from({ length: pixels }, (_none, at) => [...rows.subarray(3 * at, 3 * at + 3)]);
  const rowBytes = rows.length / image.height;
  const values = Array.from({ length: pixels }, (_none, at) => {
    const bit = (at % image.width) * image.bitsPerComponent;
    const byte = rows[Math.floor(at / image.width) * rowBytes + (bit >> 3)] ?? 0;
    return (byte >> (8 - (bit & 7) - image.bitsPerComponent)) & ((1 << image.bitsPerComponent) - 1);
  });
  if (space?.kind === 'Indexed') return values.map((value) => [...space.palette.subarray(3 * value, 3 * value + 3)]);
  const scale = 255 / ((1 << image.bitsPerComponent) - 1);
  return values.map((value) => [value * scale, value * scale, value * scale]);
}

const [RED, GREEN, BLUE, BLACK] = [
  [255, 0, 0],
  [0, 255, 0],
  [0, 0, 255],
  [0, 0, 0],
];
const PALETTE = [0xff_0000, 0x00_ff00, 0x00_00ff, 0];

describe('readBmp', () => {
  it.each([
    ['24 bits', { bits: 24, pixels: Buffer.from('ff0000000000 0000 0000ff00ff00 0000'.replaceAll(' ', ''), 'hex') }],
    ['32 bits', { bits: 32, pixels: Buffer.from('ff00000000000000 0000ff0000ff0000'.replace(' ', ''), 'hex') }],
    ['16 bits', { bits: 16, pixels: Buffer.from('1f000000007ce003', 'hex') }],
    [
      '16 bits with masks',
      { bits: 16, compression: 3, masks: [0xf800, 0x07e0, 0x001f], pixels: Buffer.from('1f00000000f8e007', 'hex') },
    ],
    ['8 bits', { bits: 8, palette: PALETTE, pixels: Buffer.from('0203000000010000', 'hex') }],
    ['4 bits', { bits: 4, palette: PALETTE, pixels: Buffer.from('2300000001000000', 'hex') }],
    ['RLE8', { bits: 8, compression: 1, palette: PALETTE, pixels: Buffer.from('0102010300000100010100000001', 'hex') }],
    ['RLE4', { bits: 4, compression: 2, palette: PALETTE, pixels: Buffer.from('0223000002010001', 'hex') }],
  ])('decodes %s', async (_what, bitmap) => {
    const expected = [RED, GREEN, BLUE, BLACK];
    expect(rgbOf(await readBmp(bmp({ width: 2, height: 2, ...bitmap })))).toEqual(expected);
    if ('compression' in bitmap && bitmap.compression !== 3) return;
    const upsideDown = await readBmp(bmp({ width: 2, height: -2, ...bitmap }));
    expect(rgbOf(upsideDown)).toEqual([BLUE, BLACK, RED, GREEN]);
  });

  it('decodes 1 bit', async () => {
    const read = await readBmp(
      bmp({ width: 3, height: 1, bits: 1, palette: [0xffffff, 0], pixels: Buffer.from('40000000', 'hex') }),
    );
    expect(rgbOf(read)).toEqual([[255, 255, 255], BLACK, [255, 255, 255]]);
  });

  it('reads the resolution', async () => {
    const pixels = Buffer.from('ff0000000000000000', 'hex');
    expect((await readBmp(bmp({ width: 2, height: 1, bits: 24, pixels }))).dpi).toEqual({ x: 300, y: 300 });
  });

  it.each([
    ['cut off', { width: 8, height: 8, bits: 24, pixels: Buffer.alloc(50) }, 'corrupt_image'],
    [
      'cut off in its run lengths',
      { width: 8, height: 8, bits: 8, compression: 1, palette: PALETTE, pixels: Buffer.alloc(3, 1) },
      'corrupt_image',
    ],
    ['of 5 bits', { width: 8, height: 8, bits: 5, pixels: Buffer.alloc(500) }, 'corrupt_image'],
    [
      'with a JPEG in it',
      { width: 8, height: 8, bits: 24, compression: 4, pixels: Buffer.alloc(500) },
      'unsupported_format',
    ],
    [
      'too large',
      { width: 20_000, height: 20_000, bits: 1, palette: PALETTE, pixels: Buffer.alloc(50) },
      'too_many_pixels',
    ],
  ])('refuses a file %s', async (_what, bitmap, code) => {
    await expect(readBmp(bmp(bitmap))).rejects.toMatchObject({ code });
  });
});

describe('readIco', () => {
  const icon = (images: readonly (readonly [side: number, data: Buffer])[]): Buffer => {
    const header = Buffer.alloc(6 + 16 * images.length);
    header.writeUInt16LE(1, 2);
    header.writeUInt16LE(images.length, 4);
    let start = header.length;
    for (const [at, [side, data]] of images.entries()) {
      header.writeUInt8(side, 6 + 16 * at);
      header.writeUInt8(side, 7 + 16 * at);
      header.writeUInt32LE(data.length, 14 + 16 * at);
      header.writeUInt32LE(start, 18 + 16 * at);
      start += data.length;
    }
    return Buffer.concat([header, ...images.map(([, data]) => data)]);
  };
  const bitmap = dib({
    width: 2,
    height: 4,
    bits: 24,
    // Two rows of colours, then two rows of the mask: the pixel at the bottom left is transparent.
    pixels: Buffer.from('ff00000000000000 0000ff00ff000000 80000000 00000000'.replaceAll(' ', ''), 'hex'),
  });

  it('decodes a bitmap and its mask', async () => {
    const read = await readIco(icon([[2, bitmap]]));
    expect(rgbOf(read)).toEqual([RED, GREEN, BLUE, BLACK]);
    expect(rgbOf({ ...read, image: read.image.softMask ?? read.image }).map(([gray]) => gray)).toEqual([
      255, 255, 0, 255,
    ]);
  });

  it('takes the largest image, which may be a PNG', async () => {
    const create = { width: 16, height: 16, channels: 3, background: 'red' } as const;
    const png = await sharp({ create }).png().toBuffer();
    expect(
      (
        await readIco(
          icon([
            [2, bitmap],
            [16, png],
          ]),
        )
      ).image,
    ).toMatchObject({ width: 16, height: 16 });
  });

  it('refuses a file that is cut off', async () => {
    await expect(readIco(icon([[2, bitmap]]).subarray(0, -30))).rejects.toMatchObject({ code: 'corrupt_image' });
  });
});
