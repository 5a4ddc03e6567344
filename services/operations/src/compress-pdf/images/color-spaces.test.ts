import { deflateSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { textStream } from '@pdf-tools/harness/documents/text-pdf';
import { PdfName } from '@pdf-tools/pdf';
import { compressImage, jpegSamples, photo, rowsOf, samplesOf } from '@pdf-tools/harness/documents/square-image';
import operation from '../definition.js';

const flate = (data: Uint8Array): Buffer => deflateSync(data, { level: 1 });
const FLATE = '/Filter /FlateDecode';

describe('images of each colour space', () => {
  it('resamples a CMYK image as CMYK', async () => {
    const data = samplesOf(photo(4));
    const { file, image } = await compressImage(
      operation,
      `/ColorSpace /DeviceCMYK /BitsPerComponent 8 ${FLATE}`,
      flate(data),
      {
        points: 50,
      },
    );
    expect(image.dict.get('ColorSpace')).toEqual(new PdfName('DeviceCMYK'));
    expect([image.dict.get('Width'), image.dict.get('Filter')]).toEqual([100, new PdfName('DCTDecode')]);
    const { data: pixels } = await sharp(file.encoded(image))
      .pipelineColourspace('cmyk')
      .toColourspace('cmyk')
      .raw()
      .toBuffer({ resolveWithObject: true });
    // libvips inverts the samples of such a JPEG, PDF readers do not.
    for (const channel of [0, 1, 2, 3])
      expect(Math.abs(255 - (pixels[channel] ?? 0) - (76 + 30 * channel))).toBeLessThan(24);
  });

  it.each([
    ['CalRGB', '[/CalRGB << /WhitePoint [1 1 1] >>]', 3],
    ['CalGray', '[/CalGray << /WhitePoint [1 1 1] >>]', 1],
    ['Separation', '[/Separation /Spot /DeviceGray 6 0 R]', 1],
    ['ICCBased', '[/ICCBased 7 0 R]', 3],
  ])('resamples an image in %s and keeps its space', async (family, space, channels) => {
    const { image, outcome } = await compressImage(
      operation,
      `/ColorSpace ${space} /BitsPerComponent 8 ${FLATE}`,
      flate(samplesOf(photo(channels))),
      {
        points: 50,
        objects: {
          6: '<< /FunctionType 2 /Domain [0 1] /C0 [1] /C1 [0] /N 1 >>',
          7: textStream('profile', '/N 3'),
        },
      },
    );
    const entry = image.dict.get('ColorSpace');
    expect(Array.isArray(entry) && entry[0]).toEqual(new PdfName(family));
    expect([image.dict.get('Width'), image.dict.get('BitsPerComponent')]).toEqual([100, 8]);
    expect(outcome).toMatchObject({ action: 'resampled', encoding: 'jpeg' });
  });

  it('resamples Lab samples without a JPEG', async () => {
    const space = '[/Lab << /WhitePoint [1 1 1] >>]';
    const { outcome } = await compressImage(
      operation,
      `/ColorSpace ${space} /BitsPerComponent 8 ${FLATE}`,
      flate(samplesOf(photo(3))),
      {
        points: 50,
      },
    );
    expect(outcome).toMatchObject({ action: 'resampled', encoding: 'flate' });
  });

  it('resamples DeviceN samples of two components without a JPEG', async () => {
    const { file, image, outcome } = await compressImage(
      operation,
      `/ColorSpace [/DeviceN [/A /B] /DeviceCMYK 6 0 R] /BitsPerComponent 8 ${FLATE}`,
      flate(samplesOf((x, y) => [x + ((x * y) % 7), 255 - y - ((x * y) % 5)])),
      {
        points: 50,
        objects: {
          6: textStream('{ 0 0 }', '/FunctionType 4 /Domain [0 1 0 1] /Range [0 1 0 1 0 1 0 1]'),
        },
      },
    );
    expect(outcome).toMatchObject({ action: 'resampled', encoding: 'flate' });
    const rows = rowsOf(file, image);
    expect(rows).toHaveLength(100 * 100 * 2);
    expect(Math.abs((rows[2 * 99] ?? 0) - 199)).toBeLessThan(8);
    expect(Math.abs((rows[1] ?? 0) - 255)).toBeLessThan(8);
  });

  it('encodes RGB samples without colour as gray', async () => {
    const gray = photo(1);
    const data = samplesOf((x, y) => {
      const [value = 0] = gray(x, y);
      return [value, value, value];
    });
    const { image } = await compressImage(
      operation,
      `/ColorSpace /DeviceRGB /BitsPerComponent 8 ${FLATE}`,
      flate(data),
    );
    expect(image.dict.get('ColorSpace')).toEqual(new PdfName('DeviceGray'));
    expect(image.dict.get('Filter')).toEqual(new PdfName('DCTDecode'));
  });

  it('reads 16 bits per component', async () => {
    const data = samplesOf(photo(1)).toString('latin1');
    const wide = Buffer.from(data.replace(/[\s\S]/g, '$&\x7f'), 'latin1');
    const { image, file } = await compressImage(
      operation,
      `/ColorSpace /DeviceGray /BitsPerComponent 16 ${FLATE}`,
      flate(wide),
    );
    expect([image.dict.get('BitsPerComponent'), image.dict.get('Filter')]).toEqual([8, new PdfName('DCTDecode')]);
    const { data: pixels } = await jpegSamples(file, image);
    expect(Math.abs((pixels[0] ?? 0) - 76)).toBeLessThan(24);
  });
});
