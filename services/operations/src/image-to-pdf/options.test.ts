import { describe, expect, it } from '@jest/globals';
import { PDFDocument } from 'pdf-lib';
import sharp from 'sharp';
import type { Sharp } from 'sharp';
import { PdfDict, PdfStream, PdfString, encodeCcittG4, textOf } from '@pdf-tools/pdf';
import { decodeCcittG4 } from '@pdf-tools/harness/documents/bilevel-decoders';
import { pagesTiff } from '@pdf-tools/harness/documents/pages-tiff';
import { openBytes } from '@pdf-tools/harness/documents/pdf-folder';
import { readImages } from '@pdf-tools/harness/documents/read-back';
import { tiffEntries, writeTiff } from '@pdf-tools/harness/documents/tiff';
import { produce } from '@pdf-tools/harness/documents/workshop';
import { packSamples } from '../images/bits.js';
import operation from './definition.js';

const TIFF = pagesTiff([10, 20, 30], { little: true, big: false });

const png = (width: number, height = 10): Promise<Buffer> =>
  sharp({ create: { width, height, channels: 3, background: 'red' } })
    .png()
    .toBuffer();

async function widths(bytes: Buffer): Promise<number[]> {
  return (await PDFDocument.load(bytes)).getPages().map((page) => page.getWidth());
}

describe('order', () => {
  it.each([
    ['upload', [7.5, 15, 22.5]],
    ['natural', [22.5, 15, 7.5]],
    ['name', [22.5, 7.5, 15]],
  ])('%s gives the pages of the files in that order', async (order, expected) => {
    const files = [
      ['p10.png', await png(10)] as const,
      ['p9.png', await png(20)] as const,
      ['a.png', await png(30)] as const,
    ];
    const { bytes, result } = await produce(operation, files, { params: { order } });
    expect(await widths(bytes)).toEqual(expected);
    expect(result.report).toMatchObject({ files: [{ name: 'p10.png' }, { name: 'p9.png' }, { name: 'a.png' }] });
  });

  it('leaves the rotation of each file with it', async () => {
    const files = [['b.png', await png(20)] as const, ['a.png', await png(30)] as const];
    const { bytes } = await produce(operation, files, { params: { order: 'name', rotate: '90,0' } });
    expect(await widths(bytes)).toEqual([22.5, 7.5]);
  });
});

describe('frames=first', () => {
  it('takes one page of each file, and reports how many images are left out', async () => {
    const files = [['a.tif', TIFF] as const, ['b.png', await png(20)] as const];
    const { bytes, result } = await produce(operation, files, { params: { frames: 'first' } });
    expect(await readImages(bytes)).toHaveLength(2);
    expect(result.report).toMatchObject({
      pages: 2,
      files: [
        { index: 0, name: 'a.tif', pages: 1, frames_left_out: 2 },
        { index: 1, name: 'b.png', pages: 1 },
      ],
    });
  });
});

describe('bilevel', () => {
  const SIDE = 200;
  /** A disc, which CCITT codes in fewer bytes than Flate. */
  const disc = Buffer.from(
    Uint8Array.from({ length: SIDE * SIDE }, (_none, at) =>
      Math.hypot((at % SIDE) - 100, Math.floor(at / SIDE) - 100) < 80 ? 0 : 255,
    ),
  );
  const black = packSamples(
    disc.map((value) => (value === 0 ? 1 : 0)),
    SIDE,
    1,
  );
  const image = { width: SIDE, height: SIDE, data: black };
  const gray = (): Sharp => sharp(disc, { raw: { width: SIDE, height: SIDE, channels: 1 } }).toColourspace('b-w');

  it.each([
    ['a.gif', () => gray().gif().toBuffer()],
    ['a.webp', () => gray().webp({ lossless: true }).toBuffer()],
    ['a.tif', () => gray().tiff({ bitdepth: 1, compression: 'deflate', predictor: 'none' }).toBuffer()],
    ['a.pbm', () => Promise.resolve(Buffer.concat([Buffer.from(`P4 ${SIDE} ${SIDE}\n`), black]))],
  ])('encodes the pixels of %s as CCITT Group 4 or JBIG2', async (name, make) => {
    const files = [[name, await make()] as const];
    const ccitt = await produce(operation, files, { params: { bilevel: 'ccitt' } });
    const [coded] = await readImages(ccitt.bytes);
    expect(coded?.filter).toBe('CCITTFaxDecode');
    expect(decodeCcittG4(coded?.contents ?? Buffer.alloc(0), image).equals(black)).toBe(true);
    expect(ccitt.result.report).toMatchObject({ images: [{ encoding: 're-encoded' }] });
    const [byDefault] = await readImages((await produce(operation, files)).bytes);
    expect(byDefault?.filter).toBe('JBIG2Decode');
  });

  it('leaves Group 4 data of a TIFF as they are', async () => {
    const entries = tiffEntries({ width: SIDE, height: SIDE, samples: 1, bits: 1, photometric: 0, compression: 4 });
    const tiff = writeTiff([{ entries, blocks: [Buffer.from(encodeCcittG4(image))] }]);
    const { result } = await produce(operation, [['a.tif', tiff]], { params: { bilevel: 'ccitt' } });
    expect(result.report).toMatchObject({ images: [{ filter: 'CCITTFaxDecode', encoding: 'kept' }] });
  });
});

describe('metadata', () => {
  const TITLE = 'Rechnungen <2026> & Übriges 漢字';
  const AUTHOR = 'A "quoted" name';

  it('becomes document information and XMP', async () => {
    const params = { metadata: JSON.stringify({ title: TITLE, author: AUTHOR }) };
    const file = openBytes((await produce(operation, [['a.png', await png(10)]], { params })).bytes);
    const info = file.resolve(file.trailer.get('Info'));
    if (!(info instanceof PdfDict)) throw new Error('no document information');
    const texts = ['Title', 'Author'].map((key) => file.resolve(info.get(key)));
    expect(texts.map((text) => text instanceof PdfString && textOf(text))).toEqual([TITLE, AUTHOR]);
    const metadata = file.catalogEntry('Metadata');
    if (!(metadata instanceof PdfStream)) throw new Error('no metadata');
    const packet = file.decoded(metadata).bytes.toString('utf8');
    expect(packet).toContain('<rdf:li xml:lang="x-default">Rechnungen &lt;2026&gt; &amp; Übriges 漢字</rdf:li>');
    expect(packet).toContain('<dc:creator><rdf:Seq><rdf:li>A "quoted" name</rdf:li></rdf:Seq></dc:creator>');
  });

  it('is missing by default', async () => {
    const file = openBytes((await produce(operation, [['a.png', await png(10)]])).bytes);
    expect([file.trailer.has('Info'), file.catalog.has('Metadata')]).toEqual([false, false]);
  });

  it('survives the encryption of the result', async () => {
    const params = { metadata: { title: TITLE }, output_password: 'open sesame' };
    const { bytes } = await produce(operation, [['a.png', await png(10)]], { params });
    const file = openBytes(bytes, 'open sesame');
    const info = file.resolve(file.trailer.get('Info'));
    const title = info instanceof PdfDict ? file.resolve(info.get('Title')) : undefined;
    expect(title instanceof PdfString && textOf(title)).toBe(TITLE);
  });
});

describe('the report', () => {
  it('lists each image', async () => {
    const image = sharp({ create: { width: 30, height: 20, channels: 3, background: 'red' } });
    const jpeg = await image.clone().withMetadata({ density: 300 }).jpeg().toBuffer();
    const alpha = await image.clone().ensureAlpha(0.5).png().toBuffer();
    const cut = jpeg.subarray(0, -2);
    const { result } = await produce(operation, [
      ['a.png', await png(10)],
      ['b.jpg', jpeg],
      ['c.tif', TIFF],
      ['d.png', alpha],
      ['e.jpg', cut],
    ]);
    const notes = ['the end marker of its JPEG data was missing and has been added'];
    expect(result.report).toMatchObject({
      images: [
        { file: 0, page: 1, width: 10, height: 10, filter: 'FlateDecode', encoding: 'kept' },
        { file: 1, page: 2, width: 30, height: 20, dpi: [300, 300], filter: 'DCTDecode', encoding: 'kept' },
        { file: 2, page: 3, width: 1, height: 1, encoding: 're-encoded' },
        { file: 2, page: 4, width: 1, height: 1, encoding: 're-encoded' },
        { file: 2, page: 5, width: 1, height: 1, encoding: 're-encoded' },
        { file: 3, page: 6, encoding: 're-encoded' },
        { file: 4, page: 7, encoding: 'kept', notes },
      ],
      files: [{ index: 0 }, { index: 1 }, { index: 2 }, { index: 3 }, { index: 4, notes }],
    });
  });

  it('lists at most 200 images', async () => {
    const tiff = pagesTiff(
      Array.from({ length: 250 }, (_none, at) => at),
      { little: true, big: false },
    );
    const { result } = await produce(operation, [['a.tif', tiff]]);
    expect(result).toMatchObject({ pages: 250, report: { images: { length: 200 }, files: [{ pages: 250 }] } });
  });
});

describe('equal images', () => {
  it('are stored once', async () => {
    const [small, other] = [await png(10), await png(20)];
    const { bytes, result } = await produce(operation, [
      ['a.png', small],
      ['b.png', other],
      ['c.png', small],
    ]);
    expect(result.pages).toBe(3);
    expect(await readImages(bytes)).toHaveLength(2);
  });

  it.each([
    ['png', ['DeviceGray', 'DeviceRGB']],
    ['jpeg', ['DeviceRGB']],
  ] as const)('are stored once if only the metadata of their files differ, as %s', async (format, spaces) => {
    const create = { width: 30, height: 20, channels: 4, background: { r: 200, g: 40, b: 10, alpha: 0.5 } } as const;
    const image = sharp({ create }).toFormat(format);
    const plain = await image.toBuffer();
    const described = await image.withExif({ IFD0: { ImageDescription: 'A description' } }).toBuffer();
    const { bytes } = await produce(operation, [
      [`a.${format}`, plain],
      [`b.${format}`, described],
    ]);
    expect(described.length).toBeGreaterThan(plain.length);
    expect((await readImages(bytes)).map(({ colorSpace }) => colorSpace)).toEqual(spaces);
  });

  it('have one soft mask if only their colours differ', async () => {
    const colors = [
      { r: 200, g: 40, b: 10, alpha: 0.5 },
      { r: 7, g: 90, b: 250, alpha: 0.5 },
    ];
    const files = await Promise.all(
      colors.map((background, at) =>
        sharp({ create: { width: 30, height: 20, channels: 4, background } })
          .withExif({ IFD0: { ImageDescription: 'x'.repeat(1 + 100 * at) } })
          .png()
          .toBuffer(),
      ),
    );
    const { bytes } = await produce(
      operation,
      files.map((file, at) => [`${at}.png`, file] as const),
    );
    const images = await readImages(bytes);
    expect(images.filter(({ colorSpace }) => colorSpace === 'DeviceGray')).toHaveLength(1);
    expect(images).toHaveLength(3);
  });

  it('are stored once if they are JPEGs of the same size', async () => {
    const jpegs = await Promise.all(
      ['red', 'red', 'blue'].map((background) =>
        sharp({ create: { width: 30, height: 20, channels: 3, background } })
          .jpeg()
          .toBuffer(),
      ),
    );
    const { bytes } = await produce(
      operation,
      jpegs.map((file, at) => [`${at}.jpg`, file] as const),
    );
    expect(await readImages(bytes)).toHaveLength(2);
  });
});
