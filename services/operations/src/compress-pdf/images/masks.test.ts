import { deflateSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { textStream } from '@pdf-tools/harness/documents/text-pdf';
import { PdfName, PdfStream } from '@pdf-tools/pdf';
import { SIDE, compressImage, photo, rowsOf, samplesOf } from '@pdf-tools/harness/documents/square-image';
import operation from '../definition.js';

const flate = (data: Uint8Array): Buffer => deflateSync(data, { level: 1 });
const FLATE = '/Filter /FlateDecode';

describe('images with masks', () => {
  const mask = (more = ''): Record<number, string> => ({
    6: textStream(
      samplesOf((x, y) => [(x * y) % 250]).toString('latin1'),
      `/Subtype /Image /Width ${SIDE} /Height ${SIDE} /ColorSpace /DeviceGray /BitsPerComponent 8 ${more}`,
    ),
  });
  const entries = `/ColorSpace /DeviceRGB /BitsPerComponent 8 /SMask 6 0 R ${FLATE}`;

  it('resamples a soft mask like its image', async () => {
    const { file, image } = await compressImage(operation, entries, flate(samplesOf(photo(3))), {
      points: 50,
      objects: mask(),
    });
    const softMask = file.resolve(image.dict.get('SMask'));
    expect(softMask instanceof PdfStream && softMask.dict.get('Width')).toBe(100);
    expect(image.dict.get('Width')).toBe(100);
  });

  it('keeps a soft mask in DeviceGray', async () => {
    const rows = samplesOf((x) => [x < 90 ? 40 : 200]).toString('latin1');
    const size = `/Subtype /Image /Width ${SIDE} /Height ${SIDE} /ColorSpace /DeviceGray /BitsPerComponent 8`;
    const { file, image } = await compressImage(operation, entries, flate(samplesOf(photo(3))), {
      objects: { 6: textStream(rows, size) },
    });
    const softMask = file.resolve(image.dict.get('SMask'));
    expect(softMask instanceof PdfStream && softMask.dict.get('ColorSpace')).toEqual(new PdfName('DeviceGray'));
    expect(softMask instanceof PdfStream && rowsOf(file, softMask).toString('latin1')).toBe(rows);
  });

  it('keeps the size of an image with a matte and of its mask', async () => {
    const { images, outcomes } = await compressImage(operation, entries, flate(samplesOf(photo(3))), {
      points: 50,
      objects: mask('/Matte [1 1 1]'),
    });
    expect(images.map(({ dict }) => dict.get('Width'))).toEqual([SIDE, SIDE]);
    expect(outcomes.map(({ action }) => action)).not.toContain('resampled');
  });

  it('keeps an image with a colour key mask', async () => {
    const { outcome, file, image } = await compressImage(
      operation,
      `/ColorSpace /DeviceRGB /BitsPerComponent 8 /Mask [0 9 0 9 0 9]`,
      samplesOf(photo(3)),
      { points: 50 },
    );
    expect(outcome).toMatchObject({ action: 'kept', reason: 'colour key mask' });
    expect(rowsOf(file, image).equals(samplesOf(photo(3)))).toBe(true);
  });
});
