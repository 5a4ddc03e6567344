import { deflateSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { textStream } from '@pdf-tools/harness/documents/text-pdf';
import { PdfDict, PdfName, PdfStream } from '@pdf-tools/pdf';
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

  it.each([
    ['RGB', '/ColorSpace /DeviceRGB /Mask [0 9 0 9 0 9]', (x: number, y: number) => [x, y, (x + y) >> 1]],
    [
      'Indexed',
      `/ColorSpace [/Indexed /DeviceRGB 255 <${'102030'.repeat(256)}>] /Mask [7 9]`,
      (x: number, y: number) => [(x * y) >> 8],
    ],
  ])('encodes an %s image with a colour key mask again with the same samples', async (_family, space, pixel) => {
    const data = samplesOf(pixel);
    const { outcome, file, image } = await compressImage(
      operation,
      `${space} /BitsPerComponent 8 ${FLATE}`,
      flate(data),
      {
        points: 50,
      },
    );
    expect(outcome).toMatchObject({ action: 'recompressed', encoding: 'flate' });
    expect(rowsOf(file, image).equals(data)).toBe(true);
    expect(Array.isArray(image.dict.get('Mask'))).toBe(true);
  });

  it('encodes an image of one bit with a colour key mask again with the same samples', async () => {
    const rows = Buffer.from(Array.from({ length: (SIDE / 8) * SIDE }, (_none, at) => (at % 7 === 0 ? 0xc3 : 0xff)));
    const entries = '/ColorSpace /DeviceGray /BitsPerComponent 1 /Mask [1 1]';
    const { file, image } = await compressImage(operation, entries, rows, { params: { bilevel: 'ccitt' } });
    expect(image.dict.get('Mask')).toEqual([1, 1]);
    expect(rowsOf(file, image).equals(rows)).toBe(true);
  });

  it('keeps a JPEG with a colour key mask', async () => {
    const raw = { width: SIDE, height: SIDE, channels: 3 } as const;
    const jpeg = await sharp(samplesOf(photo(3)), { raw })
      .jpeg({ quality: 95 })
      .toBuffer();
    const entries = '/ColorSpace /DeviceRGB /BitsPerComponent 8 /Mask [0 9 0 9 0 9] /Filter /DCTDecode';
    const { outcome } = await compressImage(operation, entries, jpeg, { points: 50 });
    expect(outcome).toMatchObject({ action: 'kept', reason: 'colour key mask' });
  });

  it('resamples an image with alternates and keeps these', async () => {
    const alternate = `/Subtype /Image /Width ${SIDE} /Height ${SIDE} /ColorSpace /DeviceRGB /BitsPerComponent 8`;
    const { file, images, outcome } = await compressImage(
      operation,
      `/ColorSpace /DeviceRGB /BitsPerComponent 8 /Alternates [<< /Image 6 0 R /DefaultForPrinting true >>] ${FLATE}`,
      flate(samplesOf(photo(3))),
      { points: 50, objects: { 6: textStream(samplesOf((x, y) => [x, y, 9]).toString('latin1'), alternate) } },
    );
    expect(outcome).toMatchObject({ action: 'resampled' });
    const alternates = images.find(({ dict }) => dict.has('Alternates'))?.dict.get('Alternates');
    const [first] = Array.isArray(alternates) ? alternates : [];
    const kept = first instanceof PdfDict ? file.resolve(first.get('Image')) : null;
    expect(kept instanceof PdfStream && rowsOf(file, kept).equals(samplesOf((x, y) => [x, y, 9]))).toBe(true);
  });
});
