import { describe, expect, it } from '@jest/globals';
import { deflateSync } from 'node:zlib';
import { compressImage, photo, samplesOf } from '@pdf-tools/harness/documents/square-image';
import operation from './definition.js';
import { paramsAfter } from './shrink-images.js';

const PARAMS = { dpi: 144, image_quality: 75, color_mode: 'no-change', bilevel: 'jbig2' } as const;

describe('images with level=max', () => {
  it('become smaller JPEGs than with level=ebook', async () => {
    const sizeWith = async (level: string): Promise<number> => {
      const data = deflateSync(samplesOf(photo(3)));
      const entries = '/ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /FlateDecode';
      const { file, image } = await compressImage(operation, entries, data, { params: { level, image_quality: 95 } });
      expect(file.filters(image.dict)).toMatchObject([{ name: 'DCTDecode' }]);
      return image.data.length;
    };
    expect(await sizeWith('max')).toBeLessThan(await sizeWith('ebook'));
  });

  it('are encoded as with level=ebook when the file has used its time', () => {
    const params = { ...PARAMS, level: 'max' } as const;
    expect(paramsAfter(0, params)).toEqual(params);
    expect(paramsAfter(60_000, params)).toEqual({ ...params, level: 'ebook' });
  });

  it('are encoded with the same level at any time if it is another one', () => {
    const params = { ...PARAMS, level: 'lossless' } as const;
    expect(paramsAfter(60_000, params)).toEqual(params);
  });
});
