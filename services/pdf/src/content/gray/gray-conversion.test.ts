import { describe, expect, it } from '@jest/globals';
import { drawingPdf, form, openText } from '@pdf-tools/harness/documents/drawing-pdf';
import { textStream } from '@pdf-tools/harness/documents/text-pdf';
import { readPageTree } from '../../document/page-tree.js';
import type { PdfFile } from '../../file/pdf-file.js';
import { GrayConversion } from './gray-conversion.js';
import { sourceNumber } from '../../syntax/object-numbers.js';

async function convert(objects: Readonly<Record<number, string>>): Promise<{ file: PdfFile; gray: GrayConversion }> {
  const file = openText(objects);
  const { pages } = readPageTree(file);
  return { file, gray: await GrayConversion.of(file, pages, { signal: new AbortController().signal }) };
}

async function textOf(pieces: AsyncGenerator<Buffer> | undefined): Promise<string | undefined> {
  if (!pieces) return undefined;
  let text = '';
  for await (const piece of pieces) text += piece.toString('latin1');
  return text.replace(/\s+/g, ' ').trim();
}

/** The gray content of a page, and what was left in colour. */
async function grayPage(
  content: string,
  resources = '',
  more: Readonly<Record<number, string>> = {},
): Promise<string[]> {
  const { gray } = await convert(drawingPdf(content, more, { resources }));
  return [(await textOf(gray.pageContent(1))) ?? '', ...gray.left.keys()];
}

/** A tint transform with one input, from white to this DeviceCMYK colour. */
const TINT = '<< /FunctionType 2 /Domain [0 1] /C0 [0 0 0 0] /C1 [0 1 0 0.2] /N 1 >>';

describe('GrayConversion.pageContent()', () => {
  it('leaves gray and everything other than colour unchanged', async () => {
    const content = 'q 0.5 g 1 G 1 0 0 1 0 0 cm (a)Tj /Im Do 0 0 m 9 9 l S Q';
    const { gray } = await convert(drawingPdf(content));
    expect(await textOf(gray.pageContent(1))).toBe(content);
    expect(gray.changes).toBe(0);
  });

  it('converts DeviceRGB and DeviceCMYK for filling and stroking', async () => {
    expect(await grayPage('1 0 0 rg 0 1 0 RG 0 0 1 rg')).toEqual(['.3 g .59 G .11 g'.replaceAll('.', '0.')]);
    expect(await grayPage('1 0 0 0 k 0 1 0 0 K 0 0 1 0.5 k 1 1 1 1 k')).toEqual(['0.7 g 0.41 G 0.39 g 0 g']);
  });

  it('converts colours of a selected space, including the initial one', async () => {
    const content = '/DeviceRGB cs 1 0 0 sc /DeviceCMYK CS 0 0 0 0 SCN /DeviceGray cs 0.25 sc';
    expect(await grayPage(content)).toEqual(['0 g 0.3 g 0 G 1 G 0 g 0.25 g']);
  });

  it('restores colour spaces with Q', async () => {
    expect(await grayPage('/DeviceRGB cs q /DeviceCMYK cs 0 0 0 1 sc Q 0 1 0 sc')).toEqual(['0 g q 0 g 0 g Q 0.59 g']);
  });

  it.each([
    ['ICCBased', '[/ICCBased 20 0 R]', '0 1 0', '0.59'],
    ['CalRGB', '[/CalRGB << /WhitePoint [1 1 1] /Gamma [2.2 2.2 2.2] >>]', '1 0 0', '0.3'],
    ['linear CalRGB', '[/CalRGB << /WhitePoint [1 1 1] >>]', '0.2140 0.2140 0.2140', '0.5'],
    ['CalGray', '[/CalGray << /WhitePoint [1 1 1] /Gamma 2 >>]', '0.4626', '0.5'],
    ['Lab white', '[/Lab << /WhitePoint [1 1 1] >>]', '100 50 -50', '1'],
    ['Lab middle gray', '[/Lab << /WhitePoint [1 1 1] >>]', '53.585 0 0', '0.502'],
    ['Indexed', '[/Indexed /DeviceRGB 1 <ff000000ff00>]', '1', '0.59'],
    ['Separation', `[/Separation /Red /DeviceCMYK ${TINT}]`, '0.5', '0.605'],
    ['DeviceN', '[/DeviceN [/A /B] /DeviceRGB 21 0 R]', '1 0.5', '0.2655'],
  ])('converts %s colours', async (_family, space, color, expected) => {
    const more = {
      20: textStream('profile', '/N 3'),
      // Red is 1 minus A, green is half of B plus 0.2, blue is 0.
      21: textStream(
        '{ 2 div exch 1 exch sub exch 1 index pop dup 0.25 gt { 0.25 add } if 0.2 add 0 }',
        '/FunctionType 4 /Domain [0 1 0 1] /Range [0 1 0 1 0 1]',
      ),
    };
    const [content] = await grayPage(`/Cs cs ${color} scn`, `/ColorSpace << /Cs ${space} >>`, more);
    const gray = Number(content?.split(' ').at(-2));
    expect(gray).toBeCloseTo(Number(expected), 3);
  });

  it('reports spaces that it cannot convert and keeps their operators', async () => {
    const space = '/ColorSpace << /Cs [/Separation /None /DeviceCMYK << >>] >>';
    expect(await grayPage('/Cs cs 0.5 scn 1 0 0 rg', space)).toEqual([
      '/Cs cs 0.5 scn 0.3 g',
      'Separation colour space',
    ]);
  });

  it('keeps the colour space between the streams of a page', async () => {
    const { gray } = await convert({
      ...drawingPdf('/DeviceRGB cs'),
      3: '<< /Type /Page /Contents [4 0 R 5 0 R] >>',
      5: textStream('1 0 0 sc'),
    });
    expect(await textOf(gray.pageContent(1))).toBe('0 g 0.3 g');
  });

  it('keeps patterns and converts the colours of uncoloured ones', async () => {
    const resources = '/ColorSpace << /Cs [/Pattern /DeviceRGB] >> /Pattern << /P 11 0 R >>';
    const more = { 11: textStream('0 0 1 1 re f', '/PatternType 1 /PaintType 2 /BBox [0 0 1 1]') };
    expect(await grayPage('/Pattern cs /P scn /Cs CS 1 0 0 /P SCN', resources, more)).toEqual([
      '/Pattern cs /P scn /Cs CS 0.3 /P SCN',
    ]);
  });

  it('converts colours of an inherited space by their number of components', async () => {
    expect(await grayPage('1 0 0 sc 0 0 0 1 SCN 0.5 scn')).toEqual(['0.3 g 0 G 0.5 scn']);
  });

  it('converts inline images', async () => {
    const image = 'BI /W 2 /H 1 /BPC 8 /CS /RGB ID \xff\0\0\0\xff\0 EI Q';
    const { gray } = await convert(drawingPdf(image));
    const pieces = gray.pageContent(1);
    let content = '';
    for await (const piece of pieces ?? []) content += piece.toString('latin1');
    expect(content).toMatch(/^\s*BI \/W 2 \/H 1 \/BPC 8 \/CS \/G \/F \/Fl ID [^]*\nEI\n\s*Q\s*$/);
    const again = await grayInlineBytes(content);
    expect([...again]).toEqual([77, 150]);
  });

  it('reports inline images that it cannot convert', async () => {
    const image = 'BI /W 2 /H 1 /BPC 8 /CS /RGB /F /DCT ID \xff\xd8\xff\xd9 EI Q';
    expect(await grayPage(image)).toEqual([expect.stringContaining('/F /DCT'), 'an inline image']);
  });
});

/** The decoded data of the only inline image, which is deflated. */
async function grayInlineBytes(content: string): Promise<Buffer> {
  const { inflateSync } = await import('node:zlib');
  const data = content.slice(content.indexOf('ID ') + 3, content.lastIndexOf('\nEI'));
  return inflateSync(Buffer.from(data, 'latin1'));
}

describe('GrayConversion.content()', () => {
  it('converts forms, patterns and appearances by object number', async () => {
    const objects = drawingPdf(
      '/Fm Do /P scn',
      {
        11: form('1 0 0 rg'),
        12: textStream('0 1 0 rg', '/PatternType 1 /BBox [0 0 1 1]'),
        13: '<< /Subtype /Stamp /Rect [0 0 1 1] /AP << /N 14 0 R >> >>',
        14: form('0 0 1 rg'),
        15: form('1 1 0 rg'),
      },
      { xobjects: '/Fm 11 0 R', resources: '/Pattern << /P 12 0 R >>', entries: '/Annots [13 0 R]' },
    );
    const { gray } = await convert(objects);
    expect(await textOf(gray.content(sourceNumber(11)))).toBe('0.3 g');
    expect(await textOf(gray.content(sourceNumber(12)))).toBe('0.59 g');
    expect(await textOf(gray.content(sourceNumber(14)))).toBe('0.11 g');
    expect(gray.content(sourceNumber(15))).toBeUndefined();
    expect(gray.content(sourceNumber(10))).toBeUndefined();
  });

  it('resolves names of a form without resources in the content that draws it', async () => {
    const objects = drawingPdf(
      '/Fm Do',
      { 11: form('/Cs cs 1 0 0 scn') },
      { xobjects: '/Fm 11 0 R', resources: '/ColorSpace << /Cs /DeviceRGB >>' },
    );
    const { gray } = await convert(objects);
    expect(await textOf(gray.content(sourceNumber(11)))).toBe('0 g 0.3 g');
  });
});
