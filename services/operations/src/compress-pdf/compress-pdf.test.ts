import { randomBytes } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { PDFArray, PDFDocument, PDFName, PDFRawStream } from 'pdf-lib';
import sharp from 'sharp';
import { documentOf, documentWithImage, encrypt, save } from '@pdf-tools/harness/documents/documents';
import { readImages } from '@pdf-tools/harness/documents/read-back';
import { produce } from '@pdf-tools/harness/documents/workshop';
import operation from './definition.js';

/** An image that is neither flat nor noise, as JPEG is made for. */
function gradient(width: number, height: number, channels: 1 | 3) {
  const data = Buffer.alloc(width * height * channels);
  for (let at = 0; at < data.length; at += 1) {
    const pixel = Math.floor(at / channels);
    data[at] =
      (128 + 100 * Math.sin((pixel % width) / 40) * Math.cos(pixel / width / 30) + (at % channels) * 20) & 0xff;
  }
  return { data, pipeline: () => sharp(data, { raw: { width, height, channels } }) };
}

const SIZE = { Width: 638, Height: 825 };
const page300dpi = gradient(SIZE.Width, SIZE.Height, 3);

async function jpegPage(): Promise<Buffer> {
  const jpeg = await page300dpi.pipeline().jpeg({ quality: 95 }).toBuffer();
  return documentWithImage({ ...SIZE, ColorSpace: 'DeviceRGB', Filter: 'DCTDecode' }, jpeg);
}

async function compress(bytes: Buffer, params: Record<string, unknown> = {}) {
  const product = await produce(operation, [['a.pdf', bytes]], { params });
  return { ...product, images: await readImages(product.bytes) };
}

describe('compress-pdf on images', () => {
  it('resamples a JPEG above the target resolution', async () => {
    const { images, result, bytes } = await compress(await jpegPage());
    expect(images).toMatchObject([{ width: 306, height: 396, filter: 'DCTDecode', colorSpace: 'DeviceRGB' }]);
    expect(result.report).toMatchObject({
      unchanged: false,
      output_bytes: bytes.length,
      images: [{ page: 1, width: 638, height: 825, action: 'resampled' }],
      image_counts: { resampled: 1, kept: 0 },
    });
    const { data } = await sharp(images[0]?.contents).raw().toBuffer({ resolveWithObject: true });
    const wanted = await page300dpi.pipeline().resize(306, 396).raw().toBuffer();
    let difference = 0;
    for (const [at, sample] of data.entries()) difference += Math.abs(sample - (wanted[at] ?? 0));
    expect(difference / data.length).toBeLessThan(4);
  });

  it('keeps the size below 1.2 times the target resolution', async () => {
    const { images } = await compress(await jpegPage(), { dpi: 260 });
    expect(images).toMatchObject([{ width: 638, height: 825 }]);
  });

  it.each([
    ['without a predictor', undefined],
    ['with PNG predictors', { Predictor: 15, Colors: 3, BitsPerComponent: 8, Columns: 638 }],
  ])('converts a Flate photo to JPEG %s', async (_, parms) => {
    const rows = parms ? Buffer.alloc(SIZE.Height * (1 + 3 * SIZE.Width)) : page300dpi.data;
    if (parms) {
      const stride = 3 * SIZE.Width;
      for (let row = 0; row < SIZE.Height; row += 1) {
        page300dpi.data.copy(rows, row * (stride + 1) + 1, row * stride, (row + 1) * stride);
      }
    }
    const bytes = await documentWithImage(
      { ...SIZE, ColorSpace: 'DeviceRGB', Filter: 'FlateDecode' },
      deflateSync(rows, { level: 1 }),
      (context) => (parms ? { DecodeParms: context.register(context.obj(parms)) } : {}),
    );
    const { images } = await compress(bytes);
    expect(images).toMatchObject([{ width: 306, height: 396, filter: 'DCTDecode' }]);
    expect(images[0]?.dict.has(PDFName.of('DecodeParms'))).toBe(false);
  });

  it('keeps every image with level=lossless', async () => {
    const input = await jpegPage();
    const [before] = await readImages(input);
    const { images } = await compress(input, { level: 'lossless' });
    expect(images[0]?.contents.equals(before?.contents ?? Buffer.alloc(0))).toBe(true);
  });

  it.each([
    ['grayscale', 'DCTDecode', '8'],
    ['bitonal', 'JBIG2Decode', '1'],
  ])('converts colours to %s', async (color_mode, filter, bits) => {
    const { images } = await compress(await jpegPage(), { color_mode });
    expect(images).toMatchObject([{ width: 306, filter, colorSpace: 'DeviceGray' }]);
    expect(String(images[0]?.dict.get(PDFName.of('BitsPerComponent')))).toBe(bits);
  });

  it('keeps the soft mask of a replaced image', async () => {
    const jpeg = await page300dpi.pipeline().jpeg({ quality: 95 }).toBuffer();
    const bytes = await documentWithImage(
      { ...SIZE, ColorSpace: 'DeviceRGB', Filter: 'DCTDecode' },
      jpeg,
      (context) => {
        const size = { Width: 2, Height: 2, BitsPerComponent: 8, ColorSpace: 'DeviceGray' };
        const dict = context.obj({ Type: 'XObject', Subtype: 'Image', ...size });
        return { SMask: context.register(PDFRawStream.of(dict, Buffer.from([0, 255, 255, 0]))) };
      },
    );
    const { images } = await compress(bytes);
    const largeImage = images.find(({ width }) => width === 306);
    expect(largeImage?.dict.lookup(PDFName.of('SMask'))).toBeInstanceOf(PDFRawStream);
  });

  it('finds images in nested forms', async () => {
    const document = await PDFDocument.load(await jpegPage());
    const { node } = document.getPage(0);
    const resources = node.Resources()?.clone();
    const { context } = document;
    const inner = context.register(
      context.stream('/Im0 Do', { Subtype: 'Form', BBox: [0, 0, 1, 1], Resources: resources }),
    );
    const outer = context.stream('/In Do', {
      Subtype: 'Form',
      BBox: [0, 0, 1, 1],
      Resources: { XObject: { In: inner } },
    });
    node.set(PDFName.of('Resources'), context.obj({ XObject: { Out: context.register(outer) } }));
    node.addContentStream(context.register(context.stream('q 153 0 0 198 0 0 cm /Out Do Q')));
    const { result } = await compress(await save(document));
    expect(result.report).toMatchObject({ image_counts: { resampled: 1 } });
  });

  it.each([
    ['colour space', { ColorSpace: 'Pattern' }],
    ['bits per component', { ColorSpace: 'DeviceGray', BitsPerComponent: 3 }],
    ['filter', { ColorSpace: 'DeviceRGB', Filter: 'Unknown' }],
    ['JPEG data', { ColorSpace: 'DeviceGray', Filter: 'DCTDecode' }],
  ])('keeps an image that it does not support: %s', async (reason, entries) => {
    const jpeg = await page300dpi.pipeline().jpeg().toBuffer();
    const bytes = await documentWithImage({ ...SIZE, Filter: 'FlateDecode', ...entries }, jpeg);
    const { result, images } = await compress(bytes);
    expect(result.report).toMatchObject({ images: [{ action: 'kept', reason }] });
    expect(images[0]?.contents.equals(jpeg)).toBe(true);
  });
});

/** A document with a stream of these bytes, deflated at a low level. */
async function withStream(data: Buffer): Promise<Buffer> {
  const document = await PDFDocument.load(await documentOf(200));
  const dict = document.context.obj({ Filter: 'FlateDecode' });
  const stream = PDFRawStream.of(dict, deflateSync(data, { level: 1 }));
  document.catalog.set(PDFName.of('Large'), document.context.register(stream));
  return save(document);
}

describe('compress-pdf on other objects', () => {
  it("keeps the form of a repacked stream's filter and parameters", async () => {
    const parms = [{ Predictor: 15, Colors: 4, BitsPerComponent: 16, Columns: 2 }];
    const rows = deflateSync(Buffer.alloc(17 * 500), { level: 0 });
    const shape = { Width: 2, Height: 500, BitsPerComponent: 16, ColorSpace: 'DeviceCMYK' };
    const bytes = await documentWithImage(shape, rows, (context) => ({
      Filter: context.register(context.obj(['FlateDecode'])),
      DecodeParms: context.register(context.obj(parms)),
      Mask: context.register(context.obj([0, 0, 0, 0, 0, 0, 0, 0])),
    }));
    const { images } = await compress(bytes);
    expect(images[0]?.contents.length).toBeLessThan(rows.length / 2);
    expect(images[0]?.dict.lookup(PDFName.of('Filter'))).toBeInstanceOf(PDFArray);
    expect(images[0]?.dict.lookup(PDFName.of('DecodeParms'))).toBeInstanceOf(PDFArray);
  });

  it('packs streams better and drops unreferenced objects', async () => {
    const document = await PDFDocument.load(await documentOf(200));
    const { context } = document;
    context.register(context.stream('nobody sees this '.repeat(1000)));
    document.getPage(0).node.addContentStream(context.register(context.stream('0 0 m 9 9 l S\n'.repeat(1000))));
    const input = await save(document);
    const { result, bytes } = await compress(input);
    expect(result.report).toMatchObject({ streams: { repacked: 1 }, dropped_objects: 1 });
    expect(bytes.length).toBeLessThan(input.length / 10);
    expect((await PDFDocument.load(bytes)).getPageCount()).toBe(1);
  });

  it('returns the input if the result would be larger', async () => {
    const once = (await compress(await jpegPage())).bytes;
    const twice = await compress(once);
    expect(twice.bytes.length).toBeLessThanOrEqual(once.length);
    const small = (await compress(await documentOf(200))).bytes;
    const { bytes, result } = await compress(small);
    expect(bytes.equals(small)).toBe(true);
    expect(result.report).toMatchObject({ unchanged: true, reason: 'not smaller', output_bytes: small.length });
  });

  it('refuses a decompression bomb', async () => {
    await expect(compress(await withStream(Buffer.alloc(80 * 1024 * 1024)))).rejects.toMatchObject({
      code: 'upload_too_large',
    });
  });

  it('accepts a large content stream that is not a bomb', async () => {
    const { bytes } = await compress(
      await withStream(Buffer.concat([randomBytes(2 * 1024 * 1024), Buffer.alloc(66 * 1024 * 1024)])),
    );
    expect((await PDFDocument.load(bytes)).getPageCount()).toBe(1);
  });

  it('refuses an unreadable file', async () => {
    await expect(compress(Buffer.from('%PDF-1.7\nno'))).rejects.toMatchObject({
      code: 'corrupt_pdf',
      errors: [{ file: 'a.pdf', index: 0 }],
    });
  });

  it('stops when the signal is aborted', async () => {
    const files = [['a.pdf', await documentOf(200)] as const];
    await expect(produce(operation, files, { signal: AbortSignal.abort() })).rejects.toThrow();
  });
});

const WIDTHS = Array.from({ length: 40 }, (_none, at) => 200 + 2 * at);

describe('compress-pdf of an encrypted file', () => {
  const secret = async (password: string): Promise<Buffer> => encrypt(await documentOf(...WIDTHS), password);

  it.each([
    ['that opens for all', '', {}],
    ['with its password', 'open sesame', { password: 'open sesame' }],
    ["with its owner's password", 'open sesame', { password: 'owner' }],
  ])('returns %s decrypted', async (_which, password, params) => {
    const { bytes, result } = await produce(operation, [['a.pdf', await secret(password)]], { params });
    expect(bytes.includes('/Encrypt')).toBe(false);
    expect((await PDFDocument.load(bytes)).getPages().map((page) => page.getWidth())).toEqual(WIDTHS);
    expect(result.report).toMatchObject({ decrypted: true, unchanged: false });
  });

  it.each([
    ['password_required', {}, /^"a.pdf" needs a password\. Give its password in "password"/],
    ['password_wrong', { password: 'sesame' }, /^"a.pdf" cannot be opened with this password\. Correct "password"/],
  ])('is refused as %s', async (code, params, detail) => {
    const refused = produce(operation, [['a.pdf', await secret('open sesame')]], { params });
    await expect(refused).rejects.toMatchObject({
      code,
      detail: expect.stringMatching(detail),
      errors: [{ file: 'a.pdf', index: 0 }],
    });
  });
});
