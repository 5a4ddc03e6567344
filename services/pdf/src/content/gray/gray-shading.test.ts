import { describe, expect, it } from '@jest/globals';
import { drawingPdf, openText } from '@pdf-tools/harness/documents/drawing-pdf';
import { textStream } from '@pdf-tools/harness/documents/text-pdf';
import { readPageTree } from '../../document/page-tree.js';
import type { PdfFile } from '../../file/pdf-file.js';
import { DecodingBudget } from '../../filters/budget.js';
import { PdfDict, PdfStream } from '../../syntax/objects.js';
import type { PdfObject } from '../../syntax/objects.js';
import { serialize } from '../../syntax/serializer.js';
import { FunctionReader } from './functions.js';
import { GrayConversion } from './gray-conversion.js';
import { sourceNumber } from '../../syntax/object-numbers.js';

const SHADING = 20;

async function open(objects: Readonly<Record<number, string>>): Promise<{ file: PdfFile; gray: GrayConversion }> {
  const file = openText(drawingPdf('', objects));
  const { pages } = readPageTree(file);
  return { file, gray: await GrayConversion.of(file, pages, { signal: new AbortController().signal }) };
}

async function convert(objects: Readonly<Record<number, string>>): Promise<{ value: PdfObject; left: string[] }> {
  const { file, gray } = await open(objects);
  return { value: gray.object(file.load(sourceNumber(SHADING))), left: [...gray.left.keys()] };
}

/** The gray of a converted shading with a function at these inputs. */
async function graysAt(inputs: readonly number[], objects: Readonly<Record<number, string>>): Promise<number[]> {
  const { file, gray } = await open(objects);
  const shading = gray.object(file.load(sourceNumber(SHADING)));
  if (!(shading instanceof PdfDict)) throw new Error('is no dictionary');
  expect(serialize(shading)).toContain('/ColorSpace/DeviceGray');
  const made = new FunctionReader(file, new DecodingBudget()).read(shading.get('Function'));
  if (!made) throw new Error('has no function');
  return inputs.map((input) => Math.round((made.evaluate([input])[0] ?? 0) * 1000) / 1000);
}

const axial = (entries: string): string => `<< /ShadingType 2 /Coords [0 0 1 0] ${entries} >>`;

describe('GrayConversion.object() with shadings', () => {
  it('returns gray shadings and other objects unchanged', async () => {
    const { file, gray } = await open({ [SHADING]: axial('/ColorSpace /DeviceGray /Function << >>') });
    for (const num of [3, SHADING]) {
      const value = file.load(sourceNumber(num));
      expect(gray.object(value)).toBe(value);
    }
  });

  it('converts a straight line of colours to one line', async () => {
    const line = '<< /FunctionType 2 /Domain [0 1] /C0 [1 0 0] /C1 [0 0 1] /N 1 >>';
    const { value } = await convert({
      [SHADING]: axial(`/ColorSpace /DeviceRGB /Background [0 1 0] /Function ${line}`),
    });
    expect(serialize(value)).toBe(
      '<</ShadingType 2/Coords[0 0 1 0]/ColorSpace/DeviceGray/Background[0.59]' +
        '/Function<</FunctionType 2/Domain[0 1]/C0[0.3]/C1[0.11]/N 1>>>>',
    );
  });

  it('approximates a curve of colours', async () => {
    const curve = '<< /FunctionType 2 /Domain [0 1] /C0 [0 0 0 1] /C1 [0 0 0 0] /N 2 >>';
    const grays = await graysAt([0, 0.3, 0.5, 0.9, 1], {
      [SHADING]: axial(`/ColorSpace /DeviceCMYK /Function ${curve}`),
    });
    for (const [at, expected] of [0, 0.09, 0.25, 0.81, 1].entries()) expect(grays[at]).toBeCloseTo(expected, 2);
  });

  it('keeps the jumps of a stitched function', async () => {
    const part = (from: string, to: string): string =>
      `<< /FunctionType 2 /Domain [0 1] /C0 [${from}] /C1 [${to}] /N 1 >>`;
    const stitched = `<< /FunctionType 3 /Domain [0 2] /Bounds [0.7] /Encode [0 1 0 1] /Functions [${part('1 0 0', '1 0 0')} ${part('0 1 0', '0 0 0')}] >>`;
    const grays = await graysAt([0, 0.69, 0.71, 2], {
      [SHADING]: axial(`/ColorSpace /DeviceRGB /Domain [0 2] /Function ${stitched}`),
    });
    expect(grays[0]).toBe(0.3);
    expect(grays[1]).toBe(0.3);
    expect(grays[2]).toBeCloseTo(0.585, 2);
    expect(grays[3]).toBe(0);
  });

  it('evaluates sampled functions and arrays of functions', async () => {
    const sampled = textStream('\x00\xff\x00', '/FunctionType 0 /Domain [0 1] /Range [0 1] /Size [3] /BitsPerSample 8');
    const grays = await graysAt([0, 0.25, 0.5, 1], {
      21: sampled,
      [SHADING]: axial(`/ColorSpace /DeviceRGB /Function [21 0 R 21 0 R 21 0 R]`),
    });
    expect(grays).toEqual([0, 0.5, 1, 0]);
  });

  it('applies the tint transform of a Separation space', async () => {
    const tint = '<< /FunctionType 2 /Domain [0 1] /C0 [1 1 1] /C1 [1 0 0] /N 1 >>';
    const line = '<< /FunctionType 2 /Domain [0 1] /N 1 >>';
    const objects = { [SHADING]: axial(`/ColorSpace [/Separation /Red /DeviceRGB ${tint}] /Function ${line}`) };
    expect(await graysAt([0, 0.5, 1], objects)).toEqual([1, 0.65, 0.3]);
  });

  it('converts a shading within a pattern', async () => {
    const line = '<< /FunctionType 2 /Domain [0 1] /C0 [1 0 0] /C1 [0 0 1] /N 1 >>';
    const { value } = await convert({
      [SHADING]: `<< /PatternType 2 /Shading ${axial(`/ColorSpace /DeviceRGB /Function ${line}`)} >>`,
    });
    expect(serialize(value)).toContain('/ColorSpace/DeviceGray');
  });

  it('converts the colours of a mesh', async () => {
    const vertex = (flag: number, rgb: string): string => `${String.fromCharCode(flag)}\x10\x20${rgb}`;
    const data = vertex(0, '\xff\x00\x00') + vertex(1, '\x00\xff\x00') + vertex(2, '\x00\x00\xff');
    const layout = '/BitsPerFlag 8 /BitsPerCoordinate 8 /BitsPerComponent 8 /Decode [0 9 0 9 0 1 0 1 0 1]';
    const { value } = await convert({
      [SHADING]: textStream(data, `/ShadingType 4 /ColorSpace /DeviceRGB ${layout}`),
    });
    if (!(value instanceof PdfStream) || !Buffer.isBuffer(value.data)) throw new Error('is no stream in memory');
    expect([...value.data]).toEqual([0, 16, 32, 77, 1, 16, 32, 150, 2, 16, 32, 28]);
    expect(serialize(value)).toContain('/Decode[0 9 0 9 0 1]/Length 12');
  });

  it('converts the colours of patches with shared edges', async () => {
    const patch = (flag: number, points: number, colors: number): string =>
      `${String.fromCharCode(flag)}${'ab'.repeat(points)}${'\xff\xff\xff'.repeat(colors)}`;
    const layout = '/BitsPerFlag 8 /BitsPerCoordinate 8 /BitsPerComponent 8 /Decode [0 9 0 9 0 1 0 1 0 1]';
    const { value } = await convert({
      [SHADING]: textStream(patch(0, 12, 4) + patch(1, 8, 2), `/ShadingType 6 /ColorSpace /DeviceRGB ${layout}`),
    });
    if (!(value instanceof PdfStream) || !Buffer.isBuffer(value.data)) throw new Error('is no stream in memory');
    expect(value.data.toString('latin1')).toBe(
      `\x00${'ab'.repeat(12)}${'\xff'.repeat(4)}\x01${'ab'.repeat(8)}${'\xff'.repeat(2)}`,
    );
  });

  it.each([
    ['a function-based shading', '<< /ShadingType 1 /ColorSpace /DeviceRGB /Function << >> >>'],
    ['a damaged shading', axial('/ColorSpace /DeviceRGB /Function << /FunctionType 9 >>')],
    ['a shading in Unknown colour space', axial('/ColorSpace /Unknown /Function << >>')],
  ])('reports %s', async (what, shading) => {
    const { value, left } = await convert({ [SHADING]: shading });
    expect(left).toEqual([what]);
    expect(serialize(value)).not.toContain('DeviceGray');
  });

  it('converts the space of uncoloured patterns and the colours of annotations', async () => {
    const { value } = await convert({
      [SHADING]:
        '<< /Rect [0 0 1 1] /C [1 0 0] /IC [0 0 0 1] /Border [0 0 1] /DA (/F 9 Tf 1 0 0 rg) /MK << /BG [0 1 0] /R 90 >> /Cs [/Pattern /DeviceRGB] >>',
    });
    expect(serialize(value)).toBe(
      '<</Rect[0 0 1 1]/C[0.3 0.3 0.3]/IC[0 0 0]/Border[0 0 1]/DA(/F 9 Tf\n0.3 g\n)/MK<</BG[0.59 0.59 0.59]/R 90>>/Cs[/Pattern/DeviceGray]>>',
    );
  });
});
