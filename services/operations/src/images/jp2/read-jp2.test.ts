import { describe, expect, it } from '@jest/globals';
import { SAMPLE_JP2 } from '@pdf-tools/harness/documents/sample-images';
import { readJp2 } from './read-jp2.js';

const codestreamAt = SAMPLE_JP2.indexOf('jp2c') + 4;

describe('readJp2', () => {
  it('keeps the file as it is', () => {
    const { image } = readJp2(SAMPLE_JP2);
    expect(image).toMatchObject({ width: 8, height: 4, bitsPerComponent: 8, filter: 'JPXDecode' });
    expect(image.colorSpace?.kind).toBe('DeviceRGB');
    expect(Buffer.concat(image.data).equals(SAMPLE_JP2)).toBe(true);
  });

  it('puts a codestream into a JP2 file', () => {
    const codestream = SAMPLE_JP2.subarray(codestreamAt);
    const { image } = readJp2(codestream);
    const wrapped = Buffer.concat(image.data);
    expect(image).toMatchObject({ width: 8, height: 4, filter: 'JPXDecode', colorSpace: { kind: 'DeviceRGB' } });
    expect(readJp2(wrapped).image).toMatchObject({ width: 8, height: 4, colorSpace: { kind: 'DeviceRGB' } });
    expect(wrapped.subarray(-codestream.length).equals(codestream)).toBe(true);
  });

  it.each([
    ['cut off', (file: Buffer) => file.subarray(0, -20)],
    ['without an image', (file: Buffer) => file.subarray(0, codestreamAt - 8)],
  ])('refuses a file that is %s', (_what, damage) => {
    expect(() => readJp2(damage(SAMPLE_JP2))).toThrow(expect.objectContaining({ code: 'corrupt_image' }));
  });

  it('names a depth that is not supported', () => {
    const signed = Buffer.from(SAMPLE_JP2);
    for (const component of [0, 1, 2]) signed[codestreamAt + 42 + 3 * component] = 0x87;
    expect(() => readJp2(signed)).toThrow(expect.objectContaining({ code: 'unsupported_format' }));
  });

  it('refuses more pixels than the limit', () => {
    const file = Buffer.from(SAMPLE_JP2);
    file.writeUInt32BE(20_000, codestreamAt + 8);
    file.writeUInt32BE(20_000, codestreamAt + 12);
    expect(() => readJp2(file)).toThrow(expect.objectContaining({ code: 'too_many_pixels' }));
  });
});
