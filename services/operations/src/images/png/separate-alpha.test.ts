import { deflateSync, inflateSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { decodeJbig2 } from '@pdf-tools/harness/documents/bilevel-decoders';
import { decodeFlateImage } from '@pdf-tools/harness/documents/flate-image';
import { byteNoise } from '@pdf-tools/harness/documents/tiff-frames';
import type { PdfImage } from '../pdf-image.js';
import { PNG_COLOR, samplesPerPixel } from './parse-png.js';
import { readPng } from './read-png.js';
import { wrapAsPng } from './wrap-png.js';

interface Layout {
  readonly width: number;
  readonly height: number;
  readonly colorType: number;
  readonly bitDepth: number;
}

/** A PNG whose filtered rows are noise. Each row has the next type of filter. */
function noisePng(layout: Layout): Buffer {
  const { width, height, colorType, bitDepth } = layout;
  const rowBytes = 1 + (width * samplesPerPixel(colorType) * bitDepth) / 8;
  const rows = byteNoise(rowBytes * height);
  for (let row = 0; row < height; row++) rows[row * rowBytes] = (row + 1) % 5;
  return wrapAsPng(layout, deflateSync(rows));
}

/** Filters rows of RGBA (ISO/IEC 15948, 9.2). Each row has the next type of filter after that of the first row. */
function filterRows(pixels: Buffer, width: number, first: number): Buffer {
  const [step, rowBytes] = [4, 4 * width];
  const at = (row: number, column: number): number =>
    row < 0 || column < 0 ? 0 : (pixels[row * rowBytes + column] ?? 0);
  return Buffer.concat(
    Array.from({ length: pixels.length / rowBytes }, (_none, row) => {
      const filter = (row + first) % 5;
      const bytes = Array.from({ length: rowBytes }, (_byte, column) => {
        const [a, b, c] = [at(row, column - step), at(row - 1, column), at(row - 1, column - step)];
        const distances = [b - c, a - c, a + b - 2 * c].map(Math.abs);
        const nearest = [a, b, c][distances.indexOf(Math.min(...distances))] ?? 0;
        return (at(row, column) - ([0, a, b, (a + b) >> 1, nearest][filter] ?? 0)) & 0xff;
      });
      return Buffer.of(filter, ...bytes);
    }),
  );
}

/** RGBA whose colours are noise. Its alpha comes from a function of the number of the pixel. */
function rgba(width: number, height: number, alphaOf: (pixel: number) => number): Buffer {
  return Buffer.from(byteNoise(width * height * 4).map((value, at) => (at % 4 === 3 ? alphaOf(at >> 2) : value)));
}

const wrapRgba = (width: number, height: number, rows: Buffer): Buffer =>
  wrapAsPng({ width, height, colorType: PNG_COLOR.rgbAlpha }, deflateSync(rows));

/** Decodes a PNG with libvips to RGBA. Samples of 16 bits are in the order of PDF. */
async function decode(png: Buffer, bitDepth: number): Promise<Buffer> {
  if (bitDepth === 8) return sharp(png).raw().toBuffer();
  return (await sharp(png).toColourspace('rgb16').raw({ depth: 'ushort' }).toBuffer()).swap16();
}

/** Takes some bytes of each pixel. */
function take(samples: Buffer, pixelBytes: number, from: number, to: number): Buffer {
  return Buffer.from(samples.filter((_none, at) => at % pixelBytes >= from && at % pixelBytes < to));
}

function filtersOf({ data, width, bitsPerComponent, predictor }: PdfImage): number[] {
  const rows = inflateSync(Buffer.concat(data));
  const rowBytes = 1 + (width * (predictor?.colors ?? 1) * bitsPerComponent) / 8;
  return [...rows.filter((_none, at) => at % rowBytes === 0)];
}

const maskOf = ({ softMask }: PdfImage): PdfImage => {
  if (!softMask) throw new Error('The image has no soft mask.');
  return softMask;
};

describe('readPng of an alpha channel', () => {
  const layouts = [PNG_COLOR.rgbAlpha, PNG_COLOR.grayAlpha].flatMap((colorType) =>
    [8, 16].flatMap((bitDepth) => [1, 7, 32].map((width) => ({ width, height: 23, colorType, bitDepth }))),
  );

  it.each(layouts)('keeps each sample and the filters of the rows: %j', async (layout) => {
    const { width, colorType, bitDepth } = layout;
    const png = noisePng(layout);
    const { image } = await readPng(png);
    const samples = await decode(png, bitDepth);
    const sample = bitDepth / 8;
    expect(image).toMatchObject({ width, bitsPerComponent: bitDepth, filter: 'FlateDecode' });
    const color = take(samples, 4 * sample, 0, (samplesPerPixel(colorType) - 1) * sample);
    expect(decodeFlateImage(image).equals(color)).toBe(true);
    expect(decodeFlateImage(maskOf(image)).equals(take(samples, 4 * sample, 3 * sample, 4 * sample))).toBe(true);
    const filters = Array.from({ length: 23 }, (_none, row) => (row + 1) % 5);
    expect([filtersOf(image), filtersOf(maskOf(image))]).toEqual([filters, filters]);
  });

  it.each([0, 1, 2, 3, 4])('makes no mask of opaque rows of which the first has filter %d', async (first) => {
    const pixels = rgba(13, 11, () => 255);
    const { image } = await readPng(wrapRgba(13, 11, filterRows(pixels, 13, first)));
    expect(image.softMask).toBeUndefined();
    expect(decodeFlateImage(image).equals(take(pixels, 4, 0, 3))).toBe(true);
  });

  it.each([0, 1, 2, 3, 4])('codes a mask without tones at one bit per pixel, first filter %d', async (first) => {
    const pixels = rgba(64, 40, (pixel) => ((pixel * 7919) >> 4) % 3 && 255);
    const { image } = await readPng(wrapRgba(64, 40, filterRows(pixels, 64, first)));
    const mask = maskOf(image);
    expect(mask).toMatchObject({ filter: 'JBIG2Decode', bitsPerComponent: 1 });
    const black = decodeJbig2(Buffer.concat(mask.data));
    const alphas = Array.from({ length: 64 * 40 }, (_none, at) =>
      ((black[at >> 3] ?? 0) << (at & 7)) & 0x80 ? 0 : 255,
    );
    expect(Buffer.from(alphas).equals(take(pixels, 4, 3, 4))).toBe(true);
  });

  it('finds a transparent pixel at the end of an image that is inflated in parts', async () => {
    const [width, height] = [3001, 2900];
    const rowBytes = 1 + 4 * width;
    const rows = Buffer.alloc(rowBytes * height);
    for (let start = 0; start < rows.length; start += rowBytes) rows.fill(start === 0 ? 1 : 2, start, start + 1);
    rows.fill(255, 1, 5).fill(100, rows.length - 1);
    const { image } = await readPng(wrapRgba(width, height, rows));
    const alpha = inflateSync(Buffer.concat(maskOf(image).data));
    const expected = Buffer.alloc((1 + width) * height);
    for (let start = 0; start < expected.length; start += 1 + width)
      expected.fill(start === 0 ? 1 : 2, start, start + 1);
    expected.fill(255, 1, 2).fill(100, expected.length - 1);
    expect(alpha.equals(expected)).toBe(true);
    expect(inflateSync(Buffer.concat(image.data))).toHaveLength((1 + 3 * width) * height);
  });

  it('takes an image whose first rows inflate to more than 4 MiB for no photo', async () => {
    const [width, height] = [1000, 3000];
    const rowBytes = 1 + 4 * width;
    const rows = Buffer.alloc(rowBytes * height);
    rows.set(byteNoise(rows.length / 2), rows.length / 2);
    for (let start = 0; start < rows.length; start += rowBytes) rows.fill(0, start, start + 1);
    const { image } = await readPng(wrapRgba(width, height, rows));
    expect(new Set(filtersOf(image))).toEqual(new Set([0]));
  });

  it('filters a photo whose rows have no filter', async () => {
    const gradient = Buffer.from(
      Array.from(
        { length: 200 * 150 * 4 },
        (_none, at) => (at % 4 === 3 ? (at >> 4) & 0xff : ((at * at) >> 9) + (at % 3)) & 0xff,
      ),
    );
    const file = sharp(gradient, { raw: { width: 200, height: 150, channels: 4 } }).png({ compressionLevel: 9 });
    const png = await file.toBuffer();
    const { image } = await readPng(png);
    expect(filtersOf(image).filter((filter) => filter === 0).length).toBeLessThan(75);
    expect(decodeFlateImage(image).equals(take(gradient, 4, 0, 3))).toBe(true);
    expect(decodeFlateImage(maskOf(image)).equals(take(gradient, 4, 3, 4))).toBe(true);
  });

  it.each([
    [PNG_COLOR.rgbAlpha, 8],
    [PNG_COLOR.grayAlpha, 16],
  ])('decodes rows of more than 2 MiB, of colour type %d with %d bits', async (colorType, bitDepth) => {
    const layout = { width: 600_000, height: 2, colorType, bitDepth };
    const png = noisePng(layout);
    const { image } = await readPng(png);
    expect(filtersOf(image)).not.toEqual([1, 2]);
    const [samples, sample] = [await decode(png, bitDepth), bitDepth / 8];
    const color = take(samples, 4 * sample, 0, (samplesPerPixel(colorType) - 1) * sample);
    expect(decodeFlateImage(image).equals(color)).toBe(true);
    expect(decodeFlateImage(maskOf(image)).equals(take(samples, 4 * sample, 3 * sample, 4 * sample))).toBe(true);
  });

  it.each([
    ['with alpha', { colorType: PNG_COLOR.rgbAlpha }],
    ['with a transparent colour', { colorType: PNG_COLOR.rgb, transparency: Buffer.alloc(6) }],
    ['that are interlaced', { colorType: PNG_COLOR.rgb, interlaced: true }],
  ])('refuses rows %s that a decoder cannot hold', async (_what, header) => {
    const size = { width: 1_100_000, height: 1 };
    const rows = Buffer.alloc(1 + size.width * samplesPerPixel(header.colorType));
    const png = wrapAsPng({ ...size, ...header }, deflateSync(rows));
    await expect(readPng(png)).rejects.toMatchObject({
      code: 'too_many_pixels',
      message: 'has rows of 1100000 pixels, more than the limit of 1000000',
    });
  });

  it('accepts a row too many, and notes it', async () => {
    const pixels = rgba(9, 6, (pixel) => pixel);
    const { image, notes } = await readPng(wrapRgba(9, 5, filterRows(pixels, 9, 0)));
    expect(decodeFlateImage(maskOf(image)).equals(take(pixels.subarray(0, 4 * 45), 4, 3, 4))).toBe(true);
    expect(notes).toEqual(['the end of its compressed PNG data is wrong']);
  });

  it.each([
    ['a row too few', 7, 0],
    ['an unknown filter type', 6, 9],
  ])('refuses %s', async (_what, height, filter) => {
    const rows = filterRows(
      rgba(9, 6, (pixel) => pixel),
      9,
      0,
    ).fill(filter, 0, 1);
    await expect(readPng(wrapRgba(9, height, rows))).rejects.toMatchObject({ code: 'corrupt_image' });
  });
});
