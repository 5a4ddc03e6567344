import { crc32, deflateSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { decodeFlateImage } from '@pdf-tools/harness/documents/flate-image';
import { byteNoise } from '@pdf-tools/harness/documents/tiff-frames';
import { readPng } from './read-png.js';
import { wrapAsPng } from './wrap-png.js';

const [WIDTH, HEIGHT] = [24, 20];
const pixels = byteNoise(WIDTH * HEIGHT * 3);
const png = await sharp(pixels, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } })
  .png()
  .toBuffer();

function chunk(type: string, body: Uint8Array): Buffer {
  const bytes = Buffer.concat([Buffer.alloc(4), Buffer.from(type, 'latin1'), body, Buffer.alloc(4)]);
  bytes.writeUInt32BE(body.length, 0);
  bytes.writeUInt32BE(crc32(bytes.subarray(4, -4)), bytes.length - 4);
  return bytes;
}

/** A copy with a chunk after the header. */
const withChunk = (added: Buffer, file = png): Buffer =>
  Buffer.concat([file.subarray(0, 33), added, file.subarray(33)]);

const numbers = (...values: readonly number[]): Buffer => {
  const body = Buffer.alloc(4 * values.length);
  for (const [at, value] of values.entries()) body.writeUInt32BE(value, 4 * at);
  return body;
};

describe('readPng of damaged files', () => {
  const damagedText = chunk('tEXt', Buffer.from('Title\0something'));
  damagedText.writeUInt8(damagedText.readUInt8(12) ^ 1, 12);
  const rows = Buffer.concat(Array.from({ length: HEIGHT + 1 }, () => Buffer.alloc(WIDTH * 3 + 1, 1).fill(0, 0, 1)));

  it.each([
    [
      'a wrong checksum of a text',
      withChunk(damagedText),
      'the checksum of a PNG chunk (tEXt) is wrong, and the chunk has been left out',
    ],
    ['no IEND', png.subarray(0, -12), 'the end of its PNG data is missing, but no row'],
    ['half an IEND', png.subarray(0, -5), 'the end of its PNG data is missing, but no row'],
  ])('accepts %s, and notes it', async (_what, file, note) => {
    const { image, notes } = await readPng(file);
    expect(decodeFlateImage(image).equals(pixels)).toBe(true);
    expect(notes).toEqual([note]);
  });

  it.each([
    ['a row too many', deflateSync(rows)],
    ['no checksum of the compressed data', deflateSync(rows.subarray(0, -73)).subarray(0, -4)],
  ])('accepts %s, and compresses the rows again', async (_what, idat) => {
    const { image, notes } = await readPng(wrapAsPng({ width: WIDTH, height: HEIGHT, colorType: 2 }, idat));
    expect(decodeFlateImage(image).equals(Buffer.alloc(WIDTH * HEIGHT * 3, 1))).toBe(true);
    expect(notes).toEqual(['the end of its compressed PNG data is wrong, and they have been compressed again']);
  });

  it.each([
    ['a row too few', deflateSync(rows.subarray(0, -146))],
    ['an unknown filter type', deflateSync(Buffer.from(rows.subarray(0, -73)).fill(9, 73, 74))],
    [
      'a wrong checksum of the compressed data',
      Buffer.concat([deflateSync(rows.subarray(0, -73)).subarray(0, -4), Buffer.alloc(4)]),
    ],
    ['no zlib stream', Buffer.from('no zlib stream')],
  ])('refuses %s', async (_what, idat) => {
    const file = wrapAsPng({ width: WIDTH, height: HEIGHT, colorType: 2 }, idat);
    await expect(readPng(file)).rejects.toMatchObject({ code: 'corrupt_image' });
  });

  it.each(['IDAT', 'IHDR'])('refuses a wrong checksum of %s', async (type) => {
    const file = Buffer.from(png);
    const at = file.indexOf(type) - 4;
    const checksum = at + 8 + file.readUInt32BE(at);
    file.writeUInt32BE(file.readUInt32BE(checksum) ^ 1, checksum);
    await expect(readPng(file)).rejects.toMatchObject({ code: 'corrupt_image' });
  });
});

describe('readPng of declared colours', () => {
  it('takes a gamma other than that of sRGB for a calibrated colour space', async () => {
    const { image } = await readPng(withChunk(chunk('gAMA', numbers(100_000))));
    expect(image.colorSpace).toMatchObject({ kind: 'CalRGB', gamma: [1, 1, 1] });
    const sum = image.colorSpace?.kind === 'CalRGB' ? image.colorSpace.matrix : [];
    const white = [0, 1, 2].map((axis) => sum.reduce((total, primary) => total + (primary[axis] ?? 0), 0));
    expect(white.map((value) => Math.round(value * 1000))).toEqual([950, 1000, 1089]);
  });

  it.each([
    ['the gamma of sRGB', chunk('gAMA', numbers(45_455))],
    ['sRGB and a gamma', Buffer.concat([chunk('sRGB', Buffer.of(0)), chunk('gAMA', numbers(100_000))])],
    ['a gamma of zero', chunk('gAMA', numbers(0))],
    [
      'impossible chromaticities',
      Buffer.concat([chunk('gAMA', numbers(100_000)), chunk('cHRM', numbers(1, 0, 1, 0, 1, 0, 1, 0))]),
    ],
  ])('takes %s for the device colours', async (_what, added) => {
    expect((await readPng(withChunk(added))).image.colorSpace?.kind).toBe('DeviceRGB');
  });
});

describe('readPng of transparent colours', () => {
  const palette = Uint8Array.of(255, 0, 0, 0, 255, 0);
  const rows = deflateSync(Buffer.concat(Array.from({ length: 2 }, () => Buffer.of(0, 0, 1))));
  const header = { width: 2, height: 2, colorType: 3, palette } as const;

  it('keeps the rows and adds a soft mask', async () => {
    const { image } = await readPng(wrapAsPng({ ...header, transparency: Uint8Array.of(255, 100) }, rows));
    expect(image.colorSpace).toMatchObject({ kind: 'Indexed', palette });
    expect(Buffer.concat(image.data).equals(rows)).toBe(true);
    expect([...decodeFlateImage(image.softMask ?? image)]).toEqual([255, 100, 255, 100]);
  });

  it('keeps 16 bits of alpha', async () => {
    const samples = new Uint16Array(WIDTH * HEIGHT * 4).map((_none, at) => (at * 7919) & 0xffff);
    const deep = sharp(samples, { raw: { width: WIDTH, height: HEIGHT, channels: 4 } })
      .toColourspace('rgb16')
      .png();
    const { image } = await readPng(await deep.toBuffer());
    const alpha = decodeFlateImage(image.softMask ?? image);
    expect(image.softMask?.bitsPerComponent).toBe(16);
    expect(samples.filter((_none, at) => at % 4 === 3).every((value, at) => alpha.readUInt16BE(2 * at) === value)).toBe(
      true,
    );
  });

  it('makes a palette of an interlaced image with few colours', async () => {
    const few = pixels.map((value) => value & 0xc0);
    const file = sharp(few, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } }).png({ progressive: true });
    expect((await readPng(await file.toBuffer())).image.colorSpace?.kind).toBe('Indexed');
  });
});
