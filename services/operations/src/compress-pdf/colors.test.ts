import { describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { PdfDict, PdfName, PdfStream, PdfString, readPageTree } from '@pdf-tools/pdf';
import { openBytes } from '@pdf-tools/harness/documents/pdf-folder';
import { textPdf, textStream } from '@pdf-tools/harness/documents/text-pdf';
import { produce } from '@pdf-tools/harness/documents/workshop';
import operation from './definition.js';
import { mayHaveColor } from './gray-palette.js';

const WIDTH = 30;
/** Indices of a palette with three colours. */
const ROWS = '\x00\x01\x02'.repeat((WIDTH * WIDTH) / 3);

/** A one-page document with an image in this colour space. */
function documentWith(colorSpace: string, more: Readonly<Record<number, string>> = {}, rows = ROWS): Buffer {
  const entries = `/Subtype /Image /Width ${WIDTH} /Height ${WIDTH} /BitsPerComponent 8 /ColorSpace ${colorSpace}`;
  return textPdf({
    1: '<< /Type /Catalog /Pages 2 0 R >>',
    2: '<< /Type /Pages /Count 1 /Kids [3 0 R] >>',
    3: '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 99 99] /Resources << /XObject << /Im 5 0 R >> >> /Contents 4 0 R >>',
    4: textStream('q 30 0 0 30 0 0 cm /Im Do Q'),
    5: textStream(rows, entries),
    ...more,
  });
}

/** The colour space of the image in a result, and the report. */
async function convert(bytes: Buffer, color_mode: string) {
  const { bytes: result, result: product } = await produce(operation, [['a.pdf', bytes]], { params: { color_mode } });
  const file = openBytes(result);
  expect(readPageTree(file).pages).toHaveLength(1);
  const images = [...file.numbers()].map((num) => file.load(num)).filter((object) => object instanceof PdfStream);
  const image = images.find(({ dict }) => dict.has('ColorSpace'));
  return { file, dict: image?.dict ?? new PdfDict(), report: product.report };
}

describe('compress-pdf with color_mode', () => {
  it('grayscale converts the palette of an Indexed image', async () => {
    const { file, dict, report } = await convert(
      documentWith('[/Indexed /DeviceRGB 2 <ff000000ff000000ff>]'),
      'grayscale',
    );
    const space = file.resolve(dict.get('ColorSpace'));
    const [family, base, last, palette] = Array.isArray(space) ? space : [];
    expect([family, base, last]).toEqual([new PdfName('Indexed'), new PdfName('DeviceGray'), 2]);
    expect(palette).toEqual(new PdfString(Buffer.from([28, 77, 150])));
    expect(report).toMatchObject({ image_counts: { converted: 1, kept: 0 } });
  });

  it('bitonal converts a palette to one bit per pixel', async () => {
    const { dict, report } = await convert(documentWith('[/Indexed /DeviceRGB 2 <ff000000ff000000ff>]'), 'bitonal');
    expect([dict.get('ColorSpace'), dict.get('BitsPerComponent')]).toEqual([new PdfName('DeviceGray'), 1]);
    expect(report).toMatchObject({ image_counts: { converted: 1, kept: 0 } });
  });

  it.each([
    ['Separation', '[/Separation /Spot /DeviceRGB 6 0 R]', '\x00\x80\xff', [51, 153, 255]],
    ['DeviceN', '[/DeviceN [/Spot] /DeviceRGB 6 0 R]', '\x00\x80\xff', [51, 153, 255]],
    ['Lab', '[/Lab << /WhitePoint [0.9505 1 1.089] >>]', '\x80\xff\x00', [119]],
    [
      'Indexed over Separation',
      '[/Indexed [/Separation /Spot /DeviceRGB 6 0 R] 2 <0080ff>]',
      '\x00\x01\x02',
      [51, 153, 255],
    ],
  ])('grayscale converts an image in %s with its functions', async (_family, space, pixels, grays) => {
    const rows = pixels.repeat(WIDTH * WIDTH);
    const objects = { 6: '<< /FunctionType 2 /Domain [0 1] /C0 [1 1 1] /C1 [0.3 0 1] /N 1 >>' };
    const { file, dict, report } = await convert(documentWith(space, objects, rows), 'grayscale');
    expect(report).toMatchObject({ images: [{ action: 'recompressed' }] });
    const entry = dict.get('ColorSpace');
    const palette = Array.isArray(entry) && entry[3] instanceof PdfString ? [...entry[3].bytes] : [];
    expect(mayHaveColor(file, new PdfStream(dict, Buffer.alloc(0)))).toBe(false);
    expect(palette).toEqual(grays);
  });

  it('grayscale converts an image in DeviceN of eight colorants', async () => {
    const names = 'ABCDEFGH'.split('').map((name) => `/${name}`);
    const space = `[/DeviceN [${names.join(' ')}] /DeviceGray 6 0 R]`;
    // Only the first and the last colorant are visible, so that pixels that differ in one of them differ in gray.
    const pixels = ['\x00', '\x66', '\xff'].map((last) => `\x33${'\x80'.repeat(6)}${last}`);
    const program = '{ 8 1 roll pop pop pop pop pop pop exch 2 div exch 2 div add }';
    const domain = '0 1 '.repeat(8);
    const objects = { 6: textStream(program, `/FunctionType 4 /Domain [${domain}] /Range [0 1]`) };
    const rows = pixels.join('').repeat((WIDTH * WIDTH) / 3);
    const { dict, report } = await convert(documentWith(space, objects, rows), 'grayscale');
    expect(report).toMatchObject({ images: [{ action: 'recompressed' }] });
    const entry = dict.get('ColorSpace');
    expect(Array.isArray(entry) && entry[3]).toEqual(new PdfString(Buffer.from([26, 77, 153])));
  });

  it('reads a palette in a stream', async () => {
    const { file, dict } = await convert(
      documentWith('[/Indexed [/ICCBased 7 0 R] 2 6 0 R]', {
        6: textStream('\xff\xff\xff\x00\x00\x00\xff\x00\x00'),
        7: textStream('profile', '/N 3'),
      }),
      'grayscale',
    );
    const space = file.resolve(dict.get('ColorSpace'));
    expect(Array.isArray(space) && space[3]).toEqual(new PdfString(Buffer.from([0, 77, 255])));
  });

  it('reports images that keep their colours', async () => {
    const { report } = await convert(
      documentWith('[/Separation /None /DeviceRGB 6 0 R]', {
        6: '<< /FunctionType 2 /Domain [0 1] /C0 [1 1 1] /C1 [1 0 0] /N 1 >>',
      }),
      'grayscale',
    );
    expect(report).toMatchObject({
      images: [{ action: 'kept', reason: 'colour space', colored: true }],
      notes: expect.arrayContaining([expect.stringContaining('left in colour: 1 image')]),
    });
  });

  it.each([
    ['grey samples', '/DeviceGray', ROWS],
    ['a grey palette', '[/Indexed /DeviceGray 2 <0080ff>]', ROWS],
  ])('does not report %s as coloured', async (_what, space, rows) => {
    const { report } = await convert(documentWith(space, {}, rows), 'grayscale');
    expect(JSON.stringify(report)).not.toContain('"colored"');
  });

  it('lowers the quality if a converted image would grow', async () => {
    const pixels = Buffer.from(Array.from({ length: 300 * 300 * 3 }, (_none, at) => (at * at) >> 7));
    const jpeg = await sharp(pixels, { raw: { width: 300, height: 300, channels: 3 } })
      .jpeg({ quality: 15 })
      .toBuffer();
    const input = documentWith('/DeviceRGB', {
      5: textStream(
        jpeg.toString('latin1'),
        '/Subtype /Image /Width 300 /Height 300 /BitsPerComponent 8 /ColorSpace /DeviceRGB /Filter /DCTDecode',
      ),
      4: textStream('q 300 0 0 300 0 0 cm /Im Do Q'),
    });
    const { dict, report } = await convert(input, 'grayscale');
    expect(dict.get('ColorSpace')).toEqual(new PdfName('DeviceGray'));
    expect(Number(report.output_bytes)).toBeLessThan(input.length);
  });
});

describe('compress-pdf with color_mode=grayscale', () => {
  it('converts the colours of page content, forms and annotations', async () => {
    const { bytes } = await produce(
      operation,
      [
        [
          'a.pdf',
          textPdf({
            1: '<< /Type /Catalog /Pages 2 0 R >>',
            2: '<< /Type /Pages /Count 1 /Kids [3 0 R] >>',
            3: '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 99 99] /Resources << /XObject << /Fm 6 0 R >> >> /Contents [4 0 R 5 0 R] /Annots [7 0 R] >>',
            4: textStream(`1 0 0 rg 0 0 9 9 re f\n%${'q'.repeat(900)}`),
            5: textStream('0 1 0 RG 0 0 m 9 9 l S /Fm Do'),
            6: textStream('0 0 1 rg 0 0 9 9 re f', '/Type /XObject /Subtype /Form /BBox [0 0 9 9]'),
            7: '<< /Type /Annot /Subtype /Square /Rect [0 0 9 9] /C [1 0 0] >>',
          }),
        ],
      ],
      { params: { color_mode: 'grayscale' } },
    );
    const file = openBytes(bytes);
    const objects = [...file.numbers()].map((num) => file.load(num));
    const contents = objects.flatMap((object) =>
      object instanceof PdfStream && !object.dict.has('N') && !object.dict.has('W')
        ? [file.decoded(object).bytes.toString()]
        : [],
    );
    expect(contents.join('\n')).toMatch(/(?<!\d)\.3 g/);
    expect(contents.join('\n')).toMatch(/(?<!\d)\.59 G/);
    expect(contents.join('\n')).toMatch(/(?<!\d)\.11 g/);
    expect(contents.join('\n')).not.toMatch(/rg|RG/);
    const annotation = objects.find((object) => object instanceof PdfDict && object.has('Rect'));
    expect(annotation instanceof PdfDict && annotation.get('C')).toEqual([0.3, 0.3, 0.3]);
  });
});
