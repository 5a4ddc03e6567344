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

  it('refuses damaged data that it decodes', async () => {
    const file = Buffer.from(SAMPLE_ALPHA_JP2);
    file.fill(0xff, file.indexOf(Buffer.of(0xff, 0x90)), file.length - 2);
    await expect(readJp2(file)).rejects.toMatchObject({ code: 'corrupt_image' });
  });
});
