import { crc32, deflateSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { PDFDocument, PDFName } from 'pdf-lib';
import sharp from 'sharp';
import { wrapAsPng } from '../images/png/wrap-png.js';
import { PNG_COLOR } from '../images/png/parse-png.js';
import { pagesTiff } from '@pdf-tools/harness/documents/pages-tiff';
import { contentOf, readImages } from '@pdf-tools/harness/documents/read-back';
import type { ImageFacts } from '@pdf-tools/harness/documents/read-back';
import { produce } from '@pdf-tools/harness/documents/workshop';
import operation from './definition.js';

const noise = (width: number, height: number, channels: 1 | 3 | 4) => {
  const data = Buffer.alloc(width * height * channels);
  for (let at = 0; at < data.length; at += 1) data[at] = (at * 7919 + (at >> 3) * 104_729 + ((at * at) >> 5)) & 0xff;
  return { data, pipeline: () => sharp(data, { raw: { width, height, channels } }) };
};

const PNG_SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');

function pngChunk(type: string, body: Buffer): Buffer {
  const bytes = Buffer.alloc(body.length + 12);
  bytes.writeUInt32BE(body.length, 0);
  bytes.write(type, 4, 'latin1');
  body.copy(bytes, 8);
  bytes.writeUInt32BE(crc32(bytes.subarray(4, -4)), bytes.length - 4);
  return bytes;
}

async function firstImage(name: string, bytes: Buffer) {
  const { bytes: pdf } = await produce(operation, [[name, bytes]]);
  const [image] = await readImages(pdf);
  if (!image) throw new Error('no image');
  return image;
}

/** The samples of an 8-bit Flate image, decoded by libvips. */
async function samples(image: ImageFacts | undefined, colorType: number): Promise<Buffer> {
  if (!image) throw new Error('no image');
  const space = colorType === PNG_COLOR.gray ? 'b-w' : 'srgb';
  const png = wrapAsPng({ ...image, colorType }, image.contents);
  return sharp(png).toColourspace(space).raw().toBuffer();
}

describe('image-to-pdf with JPEG', () => {
  it.each([
    ['baseline', { progressive: false }],
    ['progressive', { progressive: true }],
  ])('carries a %s JPEG over byte by byte', async (_, options) => {
    const jpeg = await noise(40, 30, 3).pipeline().jpeg(options).toBuffer();
    const image = await firstImage('a.jpg', jpeg);
    expect(image.filter).toBe('DCTDecode');
    expect(image.colorSpace).toBe('DeviceRGB');
    expect(image.contents.equals(jpeg)).toBe(true);
  });

  it('knows grey', async () => {
    const jpeg = await noise(16, 16, 1).pipeline().toColourspace('b-w').jpeg().toBuffer();
    expect((await firstImage('a.jpg', jpeg)).colorSpace).toBe('DeviceGray');
  });

  it("inverts Adobe's CMYK", async () => {
    const jpeg = await noise(16, 16, 3).pipeline().toColourspace('cmyk').jpeg().toBuffer();
    const image = await firstImage('a.jpg', jpeg);
    expect(['DeviceCMYK', 'ICCBased']).toContain(image.colorSpace);
    expect(image.dict.get(PDFName.of('Decode'))?.toString()).toBe('[ 1 0 1 0 1 0 1 0 ]');
  });

  it('strips EXIF and keeps an ICC profile as ICCBased', async () => {
    const plain = noise(16, 16, 3).pipeline();
    const jpeg = await plain
      .withExif({ IFD0: { Copyright: 'SECRET-PLACE' } })
      .withIccProfile('p3')
      .jpeg()
      .toBuffer();
    expect(jpeg.includes('SECRET-PLACE')).toBe(true);
    const { bytes } = await produce(operation, [['a.jpg', jpeg]]);
    expect(bytes.includes('SECRET-PLACE')).toBe(false);
    const [image] = await readImages(bytes);
    expect(image?.colorSpace).toBe('ICCBased');
    const [before, after] = await Promise.all(
      [jpeg, image?.contents].map((one) => sharp(one, { ignoreIcc: true }).raw().toBuffer()),
    );
    expect(after?.equals(before ?? Buffer.alloc(0))).toBe(true);
  });

  it.each([
    [1, '60 0 0 30 0 0', [60, 30]],
    [2, '-60 0 0 30 60 0', [60, 30]],
    [3, '-60 0 0 -30 60 30', [60, 30]],
    [4, '60 0 0 -30 0 30', [60, 30]],
    [5, '0 -60 -30 0 30 60', [30, 60]],
    [6, '0 -60 30 0 0 60', [30, 60]],
    [7, '0 60 30 0 0 0', [30, 60]],
    [8, '0 60 -30 0 30 0', [30, 60]],
  ])('turns orientation %i upright', async (orientation, matrix, [width, height]) => {
    const jpeg = await noise(80, 40, 3).pipeline().withMetadata({ orientation, density: 96 }).jpeg().toBuffer();
    const { bytes } = await produce(operation, [['a.jpg', jpeg]]);
    const document = await PDFDocument.load(bytes);
    expect(contentOf(document, 0)).toBe(`q ${matrix} cm /Im0 Do Q`);
    expect(document.getPage(0).getSize()).toEqual({ width, height });
  });

  it('takes the page size from the resolution, and 96 dpi for a senseless one', async () => {
    const at = async (density: number) => {
      const jpeg = await noise(300, 150, 1).pipeline().withMetadata({ density }).jpeg().toBuffer();
      const document = await PDFDocument.load((await produce(operation, [['a.jpg', jpeg]])).bytes);
      return document.getPage(0).getSize();
    };
    expect(await at(300)).toEqual({ width: 72, height: 36 });
    expect(await at(1)).toEqual({ width: 225, height: 112.5 });
  });

  it('refuses a cut off JPEG and names it', async () => {
    const good = await noise(64, 64, 3).pipeline().jpeg().toBuffer();
    const cut = good.subarray(0, good.length - 100);
    const files = [['good.jpg', good] as const, ['cut.jpg', cut] as const];
    await expect(produce(operation, files)).rejects.toMatchObject({
      code: 'corrupt_image',
      errors: [{ file: 'cut.jpg', index: 1 }],
    });
  });

  it('refuses a JPEG with too many scans', async () => {
    const jpeg = await noise(16, 16, 3).pipeline().jpeg({ progressive: true }).toBuffer();
    const scan = jpeg.lastIndexOf(Buffer.from([0xff, 0xda]));
    const scans = Array.from({ length: 110 }, () => jpeg.subarray(scan, -2));
    const bomb = Buffer.concat([jpeg.subarray(0, -2), ...scans, jpeg.subarray(-2)]);
    await expect(produce(operation, [['a.jpg', bomb]])).rejects.toMatchObject({ code: 'corrupt_image' });
  });
});

describe('image-to-pdf with PNG', () => {
  const rows = (png: Buffer): Buffer => {
    const start = png.indexOf('IDAT') + 4;
    return png.subarray(start, start + png.readUInt32BE(start - 8));
  };

  it.each([
    ['RGB', noise(33, 21, 3).pipeline().png(), 'DeviceRGB', 8],
    ['grey', noise(33, 21, 1).pipeline().toColourspace('b-w').png(), 'DeviceGray', 8],
    ['palette', noise(33, 21, 3).pipeline().png({ palette: true, colours: 16 }), 'Indexed', 4],
    ['16-bit', noise(33, 21, 3).pipeline().toColourspace('rgb16').png(), 'DeviceRGB', 16],
  ])('carries the rows of %s over as they are', async (_, pipeline, colorSpace, bits) => {
    const png = await pipeline.toBuffer();
    const image = await firstImage('a.png', png);
    expect(image).toMatchObject({ filter: 'FlateDecode', colorSpace, width: 33, height: 21 });
    expect(String(image.dict.get(PDFName.of('BitsPerComponent')))).toBe(String(bits));
    expect(image.contents.equals(rows(png))).toBe(true);
  });

  it('turns alpha into a soft mask', async () => {
    const { data, pipeline } = noise(20, 10, 4);
    const png = await pipeline().png().toBuffer();
    const images = await readImages((await produce(operation, [['a.png', png]])).bytes);
    expect(images.map(({ colorSpace }) => colorSpace)).toEqual(['DeviceGray', 'DeviceRGB']);
    const alpha = data.filter((_, at) => at % 4 === 3);
    expect((await samples(images[0], PNG_COLOR.gray)).equals(alpha)).toBe(true);
    const color = data.filter((_, at) => at % 4 !== 3);
    expect((await samples(images[1], PNG_COLOR.rgb)).equals(color)).toBe(true);
    expect(images[1]?.dict.get(PDFName.of('SMask'))).toBeDefined();
  });

  it('makes no mask of an opaque alpha channel', async () => {
    const png = await noise(20, 10, 3).pipeline().ensureAlpha().png().toBuffer();
    expect(await readImages((await produce(operation, [['a.png', png]])).bytes)).toHaveLength(1);
  });

  it('decodes interlaced rows', async () => {
    const { data, pipeline } = noise(24, 12, 3);
    const image = await firstImage('a.png', await pipeline().png({ progressive: true }).toBuffer());
    expect((await samples(image, PNG_COLOR.rgb)).equals(data)).toBe(true);
  });

  it.each([
    ['cut off', (png: Buffer) => png.subarray(0, -20)],
    ['damaged', (png: Buffer) => Buffer.concat([png.subarray(0, -30), Buffer.from('x'), png.subarray(-29)])],
  ])('refuses a PNG that is %s', async (_, damage) => {
    const png = await noise(20, 10, 3).pipeline().png().toBuffer();
    await expect(produce(operation, [['a.png', damage(png)]])).rejects.toMatchObject({ code: 'corrupt_image' });
  });

  it('refuses a canvas by its header, before anything lays it out', async () => {
    const webp = await noise(20, 10, 3).pipeline().webp().toBuffer();
    const header = Buffer.from('RIFF....WEBPVP8X\n...\x02.........', 'latin1');
    header.writeUIntLE(16_382, 24, 3);
    header.writeUIntLE(16_382, 27, 3);
    // What follows cannot be decoded: who tried would call it corrupt.
    await expect(produce(operation, [['a.webp', Buffer.concat([header, webp])]])).rejects.toMatchObject({
      code: 'too_many_pixels',
    });
  });

  it.each([
    ['grey', PNG_COLOR.gray, 2],
    ['with alpha', PNG_COLOR.rgbAlpha, 5],
  ])('reads a PNG %s whose image data comes after 300,000 empty chunks', async (_what, color, rowBytes) => {
    const header = Buffer.from([0, 0, 0, 1, 0, 0, 0, 1, 8, color, 0, 0, 0]);
    const empty = Array.from({ length: 300_000 }, () => pngChunk('IDAT', Buffer.alloc(0)));
    const data = pngChunk('IDAT', deflateSync(Buffer.alloc(rowBytes)));
    const chunks = [pngChunk('IHDR', header), ...empty, data, pngChunk('IEND', Buffer.alloc(0))];
    const { result } = await produce(operation, [['a.png', Buffer.concat([PNG_SIGNATURE, ...chunks])]]);
    expect(result.pages).toBe(1);
  });

  it('refuses too many pixels before decoding, and says the limit', async () => {
    const create = { width: 13_000, height: 13_000, channels: 3, background: 'red' } as const;
    const png = await sharp({ create: { ...create, width: 10, height: 10 } })
      .png()
      .toBuffer();
    png.writeUInt32BE(13_000, 16);
    png.writeUInt32BE(13_000, 20);
    await expect(produce(operation, [['a.png', png]])).rejects.toMatchObject({
      code: 'too_many_pixels',
      detail: expect.stringContaining('100 megapixels'),
    });
  });
});

describe('image-to-pdf with other formats', () => {
  it.each([
    ['webp', noise(24, 12, 3).pipeline().webp({ lossless: true })],
    ['tiff', noise(24, 12, 3).pipeline().tiff({ compression: 'lzw' })],
  ])('keeps the pixels of a lossless %s', async (format, pipeline) => {
    const image = await firstImage(`a.${format}`, await pipeline.toBuffer());
    expect((await samples(image, PNG_COLOR.rgb)).equals(noise(24, 12, 3).data)).toBe(true);
  });

  it('keeps two tones at one bit', async () => {
    const tones = noise(24, 12, 1).pipeline().threshold(128).toColourspace('b-w');
    const image = await firstImage('a.tif', await tones.tiff({ bitdepth: 1 }).toBuffer());
    expect(image.colorSpace).toBe('DeviceGray');
    expect(String(image.dict.get(PDFName.of('BitsPerComponent')))).toBe('1');
  });

  it.each([
    ['webp', noise(24, 12, 3).pipeline().webp({ lossless: true })],
    ['tiff', noise(24, 12, 3).pipeline().tiff({ compression: 'lzw' })],
    ['gif', noise(24, 12, 3).pipeline().gif()],
    ['avif', noise(24, 12, 3).pipeline().avif()],
  ])('makes a page of %s', async (format, pipeline) => {
    const image = await firstImage(`a.${format}`, await pipeline.toBuffer());
    expect(image).toMatchObject({ filter: 'FlateDecode', width: 24, height: 12 });
  });

  it('makes a page of each page of a TIFF, in order', async () => {
    const grays = Array.from({ length: 300 }, (_none, at) => 1 + (at % 250));
    const { bytes, result } = await produce(operation, [['a.tif', pagesTiff(grays, { little: true, big: false })]]);
    expect(result.pages).toBe(300);
    const images = await readImages(bytes);
    const pixels = await Promise.all(images.map((image) => samples(image, PNG_COLOR.gray)));
    expect(pixels.map((pixel) => pixel[0])).toEqual([...new Set(grays)]);
  });

  it('makes a page of each frame', async () => {
    const { data } = noise(10, 30, 3);
    const gif = await sharp(data, { raw: { width: 10, height: 30, channels: 3, pageHeight: 10 } })
      .gif()
      .toBuffer();
    const { result } = await produce(operation, [['a.gif', gif]]);
    expect(result.pages).toBe(3);
  });

  it('keeps the order of the files, and gives the same bytes for the same input', async () => {
    const small = await noise(10, 10, 3).pipeline().jpeg().toBuffer();
    const wide = await noise(40, 10, 3).pipeline().png().toBuffer();
    const files = [['a', small] as const, ['b', wide] as const, ['c', small] as const];
    const first = await produce(operation, files);
    const second = await produce(operation, files);
    const document = await PDFDocument.load(first.bytes);
    expect(document.getPages().map((page) => page.getWidth())).toEqual([7.5, 30, 7.5]);
    expect(first.bytes.equals(second.bytes)).toBe(true);
    expect(first.percents).toEqual([33, 67, 100]);
    expect(first.result.report).toMatchObject({ pages: 3, files: [{ index: 0, name: 'a', pages: 1 }, {}, {}] });
  });

  it('stops when its signal aborts', async () => {
    const jpeg = await noise(10, 10, 3).pipeline().jpeg().toBuffer();
    const signal = AbortSignal.abort();
    await expect(produce(operation, [['a.jpg', jpeg]], { signal })).rejects.toThrow();
  });
});
