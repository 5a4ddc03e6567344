import { createRequire } from 'node:module';
import { deflateSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { textStream } from '@pdf-tools/harness/documents/text-pdf';
import { PdfName, PdfString, encodeCcittG4, encodeJbig2 } from '@pdf-tools/pdf';
import { SIDE, compressImage, jpegSamples, photo, rowsOf, samplesOf } from '@pdf-tools/harness/documents/square-image';
import operation from '../definition.js';

interface JpxEncoder {
  getDecodedBuffer(frame: object): Uint8Array;
  encode(): void;
  getEncodedBuffer(): Uint8Array;
}

/** RGB samples as a JPEG 2000 codestream. */
async function encodeJpx(data: Buffer): Promise<Buffer> {
  const load = createRequire(import.meta.url)('@cornerstonejs/codec-openjpeg/wasmjs') as (
    options: object,
  ) => Promise<{ J2KEncoder: new () => JpxEncoder }>;
  const silent = (): undefined => undefined;
  const { J2KEncoder } = await load({ print: silent, printErr: silent });
  const encoder = new J2KEncoder();
  const frame = {
    width: SIDE,
    height: SIDE,
    bitsPerSample: 8,
    componentCount: 3,
    isSigned: false,
    isUsingColorTransform: true,
  };
  encoder.getDecodedBuffer(frame).set(data);
  encoder.encode();
  return Buffer.from(encoder.getEncodedBuffer());
}

const flate = (data: Uint8Array): Buffer => deflateSync(data, { level: 1 });
const FLATE = '/Filter /FlateDecode';

describe('images whose content is not that of a photo', () => {
  it('reduces the bits of a palette to what its colours need', async () => {
    const { file, image } = await compressImage(
      operation,
      `/ColorSpace [/Indexed /DeviceRGB 200 <${'102030'.repeat(150)}${'405060'.repeat(51)}>] /BitsPerComponent 8 ${FLATE}`,
      flate(samplesOf((x) => [x < 100 ? 0 : 180])),
    );
    expect(image.dict.get('BitsPerComponent')).toBe(1);
    const space = image.dict.get('ColorSpace');
    expect(Array.isArray(space) && space[3]).toEqual(new PdfString(Buffer.from('102030405060', 'hex')));
    expect(file.filters(image.dict)).toMatchObject([{ name: 'JBIG2Decode' }]);
  });

  it('gives a drawing a palette and keeps its pixels', async () => {
    const colors = [
      [255, 255, 255],
      [200, 0, 0],
      [0, 0, 90],
    ];
    const data = samplesOf((x, y) => colors[(Math.floor(x / 9) * Math.floor(y / 13)) % 3] ?? []);
    const { file, image } = await compressImage(
      operation,
      `/ColorSpace /DeviceRGB /BitsPerComponent 8 ${FLATE}`,
      flate(data),
    );
    expect(image.dict.get('BitsPerComponent')).toBe(2);
    const rows = rowsOf(file, image);
    const space = image.dict.get('ColorSpace');
    const palette = Array.isArray(space) && space[3] instanceof PdfString ? space[3].bytes : Buffer.alloc(0);
    const decoded = samplesOf((x, y) => {
      const index = ((rows[y * (SIDE / 4) + (x >> 2)] ?? 0) >> (6 - 2 * (x & 3))) & 3;
      return [...palette.subarray(3 * index, 3 * index + 3)];
    });
    expect(decoded.equals(data)).toBe(true);
  });

  it('keeps every pixel of a screenshot with many colours', async () => {
    const data = samplesOf((x, y) => (y % 20 < 14 ? [240, 240, 240] : [x, y, (x * y) % 251]));
    const { file, image, outcome } = await compressImage(operation, `/ColorSpace /DeviceRGB /BitsPerComponent 8`, data);
    expect(outcome).toMatchObject({ encoding: 'flate' });
    expect(rowsOf(file, image).equals(data)).toBe(true);
  });

  it.each([
    ['jbig2', 'JBIG2Decode'],
    ['ccitt', 'CCITTFaxDecode'],
  ])('encodes two colours with bilevel=%s', async (bilevel, filter) => {
    const data = samplesOf((x, y) =>
      (Math.floor(x / 31 + y / 57) * Math.floor(y / 23 + x / 91)) % 5 < 2 ? [0, 0, 0] : [255, 255, 255],
    );
    const { file, image } = await compressImage(
      operation,
      `/ColorSpace /DeviceRGB /BitsPerComponent 8 ${FLATE}`,
      flate(data),
      {
        params: { bilevel },
      },
    );
    expect(file.filters(image.dict)).toMatchObject([{ name: filter }]);
    expect([image.dict.get('BitsPerComponent'), image.dict.get('ColorSpace')]).toEqual([1, new PdfName('DeviceGray')]);
  });
});

describe('images of one bit per pixel', () => {
  const image = { width: SIDE, height: SIDE, data: Buffer.alloc((SIDE / 8) * SIDE) };
  const noise = photo(1);
  const blots = Array.from({ length: 1000 }, () => (noise(0, 0)[0] ?? 0) % 4 === 0);
  for (let at = 0; at < image.data.length; at++) {
    const [x, y] = [at % (SIDE / 8), Math.floor(at / (SIDE / 8))];
    image.data[at] = blots[Math.floor(y / 7) * (SIDE / 8) + x] ? 0x7c : 0;
  }
  const coded = encodeCcittG4(image);

  it.each([
    ['black is 0', '', 0],
    ['black is 1', '/BlackIs1 true', 0xff],
  ])('encodes CCITT data as JBIG2 of the same samples if %s', async (_what, parm, inverse) => {
    const parms = `/DecodeParms << /K -1 /Columns ${SIDE} /Rows ${SIDE} ${parm} >>`;
    const result = await compressImage(
      operation,
      `/ColorSpace /DeviceGray /BitsPerComponent 1 /Filter /CCITTFaxDecode ${parms}`,
      coded,
    );
    const wanted = encodeJbig2({ ...image, data: image.data.map((byte) => byte ^ inverse) });
    expect(result.file.encoded(result.image).equals(wanted)).toBe(true);
    expect(result.image.dict.has('DecodeParms')).toBe(false);
  });

  it('keeps a stencil mask and its /Decode', async () => {
    const result = await compressImage(operation, `/ImageMask true /Decode [1 0] ${FLATE}`, flate(image.data));
    expect([result.image.dict.get('ImageMask'), result.image.dict.get('Decode')]).toEqual([true, [1, 0]]);
    const wanted = encodeJbig2({ ...image, data: image.data.map((byte) => byte ^ 0xff) });
    expect(result.file.encoded(result.image).equals(wanted)).toBe(true);
  });

  it('resamples text that has far more pixels than it needs, but neither thin strokes nor halftones', async () => {
    const entries = `/ColorSpace /DeviceGray /BitsPerComponent 1`;
    const coarse = image.data.map((_byte, at) =>
      blots[Math.floor(at / 600) * 9 + Math.floor((at % 25) / 3)] ? 0xff : 0,
    );
    const text = await compressImage(operation, entries, coarse, { points: 20 });
    expect([text.image.dict.get('Width'), text.outcome.action]).toEqual([84, 'resampled']);
    const thin = await compressImage(
      operation,
      entries,
      image.data.map((_byte, at) => (at % 7 === 0 ? 0x42 : 0)),
      {
        points: 20,
      },
    );
    expect(thin.image.dict.get('Width')).toBe(SIDE);
    const halftone = await compressImage(
      operation,
      entries,
      image.data.map((_byte, at) => (at % 50 < 25 ? 0x55 : 0xaa)),
      {
        points: 20,
      },
    );
    expect(halftone.image.dict.get('Width')).toBe(SIDE);
  });
});

describe('encoded images', () => {
  it('decodes JPEG 2000 data', async () => {
    const { file, image, outcome } = await compressImage(
      operation,
      '/Filter /JPXDecode',
      await encodeJpx(samplesOf((x, y) => [x, y, (x + y) >> 1])),
      { points: 50 },
    );
    expect(outcome).toMatchObject({ action: 'resampled', encoding: 'jpeg' });
    expect(image.dict.get('ColorSpace')).toEqual(new PdfName('DeviceRGB'));
    const { data, info } = await jpegSamples(file, image);
    expect([info.width, info.height]).toEqual([100, 100]);
    expect(Math.abs((data[3 * 50] ?? 0) - 100)).toBeLessThan(8);
  });

  it('removes only the metadata of a JPEG with level=lossless', async () => {
    const raw = { width: SIDE, height: SIDE, channels: 3 } as const;
    const jpeg = await sharp(samplesOf(photo(3)), { raw })
      .withExif({ IFD0: { ImageDescription: 'secret '.repeat(50) } })
      .jpeg()
      .toBuffer();
    const result = await compressImage(
      operation,
      '/ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode',
      jpeg,
      {
        params: { level: 'lossless' },
      },
    );
    const data = result.file.encoded(result.image);
    expect(data.includes('secret')).toBe(false);
    const pixels = async (bytes: Buffer): Promise<Buffer> => sharp(bytes).raw().toBuffer();
    expect((await pixels(data)).equals(await pixels(jpeg))).toBe(true);
  });

  it('keeps every sample with level=lossless', async () => {
    const data = samplesOf(photo(3));
    const { file, image } = await compressImage(operation, '/ColorSpace /DeviceRGB /BitsPerComponent 8', data, {
      points: 20,
      params: { level: 'lossless' },
    });
    expect(rowsOf(file, image).equals(data)).toBe(true);
  });

  it('removes the metadata of a JPEG that gains nothing otherwise', async () => {
    const raw = { width: SIDE, height: SIDE, channels: 3 } as const;
    const pipeline = sharp(samplesOf(photo(3)), { raw }).jpeg({ quality: 20 });
    const jpeg = await pipeline.withExif({ IFD0: { ImageDescription: 'secret '.repeat(20) } }).toBuffer();
    const { file, image } = await compressImage(
      operation,
      '/ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode',
      jpeg,
    );
    const data = file.encoded(image);
    expect(data.includes('secret')).toBe(false);
    expect(data.includes(jpeg.subarray(jpeg.indexOf(Buffer.from('ffda', 'hex'))))).toBe(true);
  });

  it('writes images once that differ only in their filters', async () => {
    const data = samplesOf(photo(3));
    const more = textStream(
      deflateSync(data, { level: 9 }).toString('latin1'),
      `/Subtype /Image /Width ${SIDE} /Height ${SIDE} /ColorSpace /DeviceRGB /BitsPerComponent 8 ${FLATE}`,
    );
    const { images } = await compressImage(operation, '/ColorSpace /DeviceRGB /BitsPerComponent 8', data, {
      objects: {
        3: '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 99 99] /Resources << /XObject << /Im 5 0 R /Other 6 0 R >> >> /Contents 4 0 R >>',
        4: textStream('q 50 0 0 50 0 0 cm /Im Do Q q 40 0 0 40 50 50 cm /Other Do Q'),
        6: more,
      },
    });
    expect(images.map(({ dict }) => dict.get('Width'))).toEqual([100]);
  });
});
