import { describe, expect, it } from '@jest/globals';
import { decodeFlateImage } from '@pdf-tools/harness/documents/flate-image';
import { SAMPLE_ALPHA_JP2, SAMPLE_JP2, SAMPLE_SHALLOW_JP2 } from '@pdf-tools/harness/documents/sample-images';
import { readJp2 } from './read-jp2.js';

const codestreamAt = SAMPLE_JP2.indexOf('jp2c') + 4;

/** Position of the number of the colour space. */
const spaceAt = SAMPLE_JP2.indexOf('colr') + 7;
/** A copy with another byte at a position of the alpha channel's definition. */
function withAlpha(offset: number, value: number): Buffer {
  const file = Buffer.from(SAMPLE_ALPHA_JP2);
  file.writeUInt16BE(value, file.indexOf('cdef') + 4 + 2 + 3 * 6 + offset);
  return file;
}

function box(type: string, body: Buffer): Buffer {
  const start = Buffer.alloc(8);
  start.writeUInt32BE(8 + body.length, 0);
  start.write(type, 4, 'latin1');
  return Buffer.concat([start, body]);
}

/** A palette of one entry, and the mapping of the first component to its columns. */
function paletteBoxes(columns: number): Buffer {
  const depths = Buffer.alloc(columns, 7);
  const palette = box('pclr', Buffer.concat([Buffer.of(0, 1, columns), depths, Buffer.alloc(columns)]));
  const mapping = Array.from({ length: columns }, (_none, column) => Buffer.of(0, 0, 1, column));
  return Buffer.concat([palette, box('cmap', Buffer.concat(mapping))]);
}

/** A copy of a JP2 with a palette at the end of its header. */
function withPalette(file: Buffer, columns: number): Buffer {
  const start = file.indexOf('jp2h') - 4;
  const end = start + file.readUInt32BE(start);
  const header = box('jp2h', Buffer.concat([file.subarray(start + 8, end), paletteBoxes(columns)]));
  return Buffer.concat([file.subarray(0, start), header, file.subarray(end)]);
}

const [CMYK, SYCC] = [12, 18];

/** A JP2 of four colours without alpha. `depth` is one less than the bits of a sample. */
function fourChannels(space: number, depth: number): Buffer {
  const file = Buffer.from(SAMPLE_ALPHA_JP2);
  file.writeUInt32BE(space, file.indexOf('colr') + 7);
  file.write('free', file.indexOf('cdef'), 'latin1');
  const components = file.indexOf('jp2c') + 4 + 42;
  for (const component of [0, 1, 2, 3]) file[components + 3 * component] = depth;
  return file;
}

describe('readJp2', () => {
  it('keeps the file as it is', async () => {
    const { image } = await readJp2(SAMPLE_JP2);
    expect(image).toMatchObject({ width: 8, height: 4, bitsPerComponent: 8, filter: 'JPXDecode' });
    expect(image.colorSpace?.kind).toBe('DeviceRGB');
    expect(Buffer.concat(image.data).equals(SAMPLE_JP2)).toBe(true);
  });

  it('puts a codestream into a JP2 file', async () => {
    const codestream = SAMPLE_JP2.subarray(codestreamAt);
    const { image } = await readJp2(codestream);
    const wrapped = Buffer.concat(image.data);
    expect(image).toMatchObject({ width: 8, height: 4, filter: 'JPXDecode', colorSpace: { kind: 'DeviceRGB' } });
    expect((await readJp2(wrapped)).image).toMatchObject({ width: 8, height: 4, colorSpace: { kind: 'DeviceRGB' } });
    expect(wrapped.subarray(-codestream.length).equals(codestream)).toBe(true);
  });

  it.each([
    ['cut off', (file: Buffer) => file.subarray(0, -20)],
    ['without an image', (file: Buffer) => file.subarray(0, codestreamAt - 8)],
  ])('refuses a file that is %s', async (_what, damage) => {
    await expect(readJp2(damage(SAMPLE_JP2))).rejects.toMatchObject({ code: 'corrupt_image' });
  });

  it('names a depth that is not supported', async () => {
    const signed = Buffer.from(SAMPLE_JP2);
    for (const component of [0, 1, 2]) signed[codestreamAt + 42 + 3 * component] = 0x87;
    await expect(readJp2(signed)).rejects.toMatchObject({ code: 'unsupported_format' });
  });

  it('refuses a palette image with more components than colours and alpha', async () => {
    const codestream = SAMPLE_SHALLOW_JP2.subarray(SAMPLE_SHALLOW_JP2.indexOf('jp2c') + 4);
    const headers = Buffer.concat(Array.from({ length: 16_384 }, () => Buffer.of(7, 1, 1)));
    const wide = Buffer.concat([codestream.subarray(0, 42), headers, codestream.subarray(45)]);
    wide.writeUInt16BE(16_384, 40);
    const file = Buffer.concat([box('jp2h', paletteBoxes(3)), box('jp2c', wide)]);
    await expect(readJp2(file)).rejects.toMatchObject({
      code: 'unsupported_format',
      message: expect.stringContaining('16384 components'),
    });
  });

  it('refuses more pixels than the limit', async () => {
    const file = Buffer.from(SAMPLE_JP2);
    file.writeUInt32BE(20_000, codestreamAt + 8);
    file.writeUInt32BE(20_000, codestreamAt + 12);
    await expect(readJp2(file)).rejects.toMatchObject({ code: 'too_many_pixels' });
  });

  it('makes a soft mask of alpha, because not all viewers read alpha within the data', async () => {
    const { image } = await readJp2(SAMPLE_ALPHA_JP2);
    expect(image.colorSpace).toMatchObject({ kind: 'Indexed', palette: Uint8Array.of(200, 40, 10) });
    expect(image.softMask && [...decodeFlateImage(image.softMask).subarray(0, 8)]).toEqual([
      255, 255, 255, 255, 64, 64, 64, 64,
    ]);
  });

  it('divides colours by alpha that they are multiplied by', async () => {
    const { image } = await readJp2(withAlpha(2, 2));
    expect(image.colorSpace).toMatchObject({ palette: Uint8Array.of(200, 40, 10, 255, 159, 40) });
  });

  it('moves alpha that is not the last channel', async () => {
    const file = withAlpha(0, 0);
    const definitions = file.indexOf('cdef') + 6;
    for (const channel of [0, 1, 2]) file.writeUInt16BE(channel + 1, definitions + 6 * channel);
    // The channels are now alpha, red, green and blue.
    const { image } = await readJp2(file);
    expect(image.softMask && decodeFlateImage(image.softMask)[0]).toBe(200);
    expect(image.colorSpace).toMatchObject({ palette: Uint8Array.of(40, 10, 255, 40, 10, 64) });
  });

  it('keeps alpha of more than 8 bits in the data', async () => {
    const file = Buffer.from(SAMPLE_ALPHA_JP2);
    const components = file.indexOf('jp2c') + 4 + 42;
    for (const component of [0, 1, 2, 3]) file[components + 3 * component] = 15;
    expect((await readJp2(file)).image).toMatchObject({ filter: 'JPXDecode', softMaskInData: 1 });
  });

  it('converts YCC to RGB', async () => {
    const file = Buffer.from(SAMPLE_JP2);
    file.writeUInt32BE(18, spaceAt);
    const { image } = await readJp2(file);
    // Y, Cb and Cr are (200, 40, 40) and (40, 40, 200).
    expect(image.colorSpace).toMatchObject({ kind: 'Indexed', palette: Uint8Array.of(77, 255, 45, 140, 19, 0) });
  });

  it('scales samples of fewer than 8 bits, which viewers do not', async () => {
    const { image } = await readJp2(SAMPLE_SHALLOW_JP2);
    expect(image).toMatchObject({ filter: 'FlateDecode', colorSpace: { kind: 'DeviceGray' } });
    expect([...decodeFlateImage(image).subarray(0, 8)]).toEqual([0, 0, 0, 0, 85, 85, 85, 85]);
  });

  it.each([
    ['fewer than 8 bits', fourChannels(CMYK, 3)],
    ['YCC', fourChannels(SYCC, 7)],
    ['a palette', withPalette(SAMPLE_SHALLOW_JP2, 4)],
  ])('refuses four channels of %s, which its decoder takes for RGB', async (_what, file) => {
    await expect(readJp2(file)).rejects.toMatchObject({
      code: 'unsupported_format',
      message: expect.stringContaining('CMYK colours of fewer than 8 bits or in YCC'),
    });
  });

  it('decodes a palette of three channels with fewer than 8 bits per index', async () => {
    expect((await readJp2(withPalette(SAMPLE_SHALLOW_JP2, 3))).image.colorSpace?.kind).toBe('DeviceGray');
  });

  it('refuses damaged data that it decodes', async () => {
    const file = Buffer.from(SAMPLE_ALPHA_JP2);
    file.fill(0xff, file.indexOf(Buffer.of(0xff, 0x90)), file.length - 2);
    await expect(readJp2(file)).rejects.toMatchObject({ code: 'corrupt_image' });
  });
});
