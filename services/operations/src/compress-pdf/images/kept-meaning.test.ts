import { deflateSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { SAMPLE_CMYK_JPEG } from '@pdf-tools/harness/documents/sample-images';
import { SIDE, compressImage, rowsOf, samplesOf } from '@pdf-tools/harness/documents/square-image';
import { textPdf, textStream } from '@pdf-tools/harness/documents/text-pdf';
import { produce } from '@pdf-tools/harness/documents/workshop';
import { PdfName, PdfString } from '@pdf-tools/pdf';
import operation from '../definition.js';

const FLATE = '/Filter /FlateDecode';
const flate = (data: Uint8Array): Buffer => deflateSync(data, { level: 1 });
const lossless = { params: { level: 'lossless' } };
const bands = (x: number, y: number): number => (x >> 5) + (y >> 6);

describe('the meaning of samples', () => {
  it('is kept in a CMYK JPEG without the marker of Adobe', async () => {
    const entries = '/ColorSpace /DeviceCMYK /Width 64 /Height 64 /BitsPerComponent 8 /Filter /DCTDecode';
    const { image } = await compressImage(operation, entries, SAMPLE_CMYK_JPEG, { points: 8 });
    const space = image.dict.get('ColorSpace');
    const [family, base, last, palette] = Array.isArray(space) ? space : [];
    expect([family, base, last]).toEqual([new PdfName('Indexed'), new PdfName('DeviceCMYK'), 0]);
    expect(palette instanceof PdfString && [...palette.bytes]).toEqual([200, 40, 90, 20]);
  });

  it('is kept without loss in indices that /Decode changes', async () => {
    const palette = Buffer.from(Array.from({ length: 3 * 256 }, (_none, at) => (at * 7) % 256)).toString('hex');
    const data = samplesOf((x, y) => [bands(x, y)]);
    const entries = `/ColorSpace [/Indexed /DeviceRGB 255 <${palette}>] /BitsPerComponent 8 /Decode [255 0] ${FLATE}`;
    const { file, image, outcome } = await compressImage(operation, entries, flate(data), lossless);
    expect(outcome).toMatchObject({ action: 'kept', reason: 'decode array' });
    expect(rowsOf(file, image).equals(data)).toBe(true);
  });

  it.each([{}, lossless])('is kept in an image with a matte, whose colour space stays (%j)', async (options) => {
    const mask = `/Subtype /Image /Width ${SIDE} /Height ${SIDE} /ColorSpace /DeviceGray /BitsPerComponent 8`;
    const data = samplesOf((x, y) => [20 * bands(x, y), 10, 200]);
    const entries = `/ColorSpace /DeviceRGB /BitsPerComponent 8 /SMask 6 0 R ${FLATE}`;
    const { file, image } = await compressImage(operation, entries, flate(data), {
      ...options,
      objects: { 6: textStream(samplesOf((x) => [x]).toString('latin1'), `${mask} /Matte [1 0 0]`) },
    });
    expect(image.dict.get('ColorSpace')).toEqual(new PdfName('DeviceRGB'));
    expect(rowsOf(file, image).equals(data)).toBe(true);
  });

  it.each([{}, lossless])('is kept in Lab samples, which do not become a palette (%j)', async (options) => {
    const data = samplesOf((x, y) => [20 * bands(x, y), 100, 150]);
    const entries = `/ColorSpace [/Lab << /WhitePoint [1 1 1] >>] /BitsPerComponent 8 ${FLATE}`;
    const { file, image, outcome } = await compressImage(operation, entries, flate(data), options);
    expect(outcome).toMatchObject({ action: 'recompressed', encoding: 'flate' });
    expect(rowsOf(file, image).equals(data)).toBe(true);
  });

  it.each([{}, lossless])('is kept in DeviceN samples, which do not become a palette (%j)', async (options) => {
    const data = samplesOf((x, y) => [20 * bands(x, y), 100]);
    const tint = textStream('{ 0 0 }', '/FunctionType 4 /Domain [0 1 0 1] /Range [0 1 0 1 0 1 0 1]');
    const entries = `/ColorSpace [/DeviceN [/A /B] /DeviceCMYK 6 0 R] /BitsPerComponent 8 ${FLATE}`;
    const { file, image, outcome } = await compressImage(operation, entries, flate(data), {
      ...options,
      objects: { 6: tint },
    });
    expect(outcome).toMatchObject({ action: 'recompressed', encoding: 'flate' });
    expect(rowsOf(file, image).equals(data)).toBe(true);
  });
});

it('reports the page of each of two equal images', async () => {
  const page = (content: number): string =>
    `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 3 0 R /Resources << /XObject << /Im ${content} 0 R >> >> >>`;
  const rows = samplesOf((x, y) => [bands(x, y)]).toString('latin1');
  const image = `/Subtype /Image /Width ${SIDE} /Height ${SIDE} /ColorSpace /DeviceGray /BitsPerComponent 8`;
  const input = textPdf({
    1: '<< /Type /Catalog /Pages 2 0 R >>',
    2: '<< /Type /Pages /Count 2 /Kids [4 0 R 5 0 R] >>',
    3: textStream('q 200 0 0 200 0 0 cm /Im Do Q'),
    4: page(6),
    5: page(7),
    6: textStream(rows, image),
    7: textStream(flate(Buffer.from(rows, 'latin1')).toString('latin1'), `${image} ${FLATE}`),
  });
  const { result } = await produce(operation, [['a.pdf', input]]);
  expect(result.report).toMatchObject({
    images: [
      { page: 1, object: 6 },
      { page: 2, object: 7 },
    ],
  });
});

it('notes large inline images, which are kept', async () => {
  const data = samplesOf((x, y) => [x ^ y]).toString('latin1');
  const input = textPdf({
    1: '<< /Type /Catalog /Pages 2 0 R >>',
    2: '<< /Type /Pages /Count 1 /Kids [4 0 R] >>',
    3: textStream(`q 9 0 0 9 0 0 cm BI /W ${SIDE} /H ${SIDE} /CS /G /BPC 8 ID ${data}\nEI Q`),
    4: '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 3 0 R >>',
  });
  const { result } = await produce(operation, [['a.pdf', input]]);
  const { notes } = result.report as { notes: string[] };
  expect(notes).toEqual(['1 large inline image in content streams was not encoded again.']);
});
