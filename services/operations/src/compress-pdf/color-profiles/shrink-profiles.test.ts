import { deflateSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { PdfDict, PdfName, PdfStream } from '@pdf-tools/pdf';
import type { PdfFile } from '@pdf-tools/pdf';
import { openBytes } from '@pdf-tools/harness/documents/pdf-folder';
import { colorProfile } from '@pdf-tools/harness/documents/color-profiles';
import { textPdf, textStream } from '@pdf-tools/harness/documents/text-pdf';
import { produce } from '@pdf-tools/harness/documents/workshop';
import operation from '../definition.js';
import { readCurveProfile } from './icc-profile.js';

interface Space {
  readonly profile: Buffer;
  readonly components?: number;
  readonly asHex?: boolean;
}

/** A page that fills a rectangle in each colour space. The catalog may have more entries. */
function documentWith(spaces: readonly Space[], catalog = '', more: Readonly<Record<number, string>> = {}): Buffer {
  const names = spaces.map((_none, index) => `/C${index} [/ICCBased ${10 + index} 0 R]`).join(' ');
  const objects = spaces.map(({ profile: data, components = 3, asHex = false }, index) => {
    const bytes = deflateSync(data, { level: 1 });
    const filter = asHex ? '[/ASCIIHexDecode /FlateDecode]' : '/FlateDecode';
    const entries = `/N ${components} /Filter ${filter}`;
    return [10 + index, textStream(asHex ? `${bytes.toString('hex')}>` : bytes.toString('latin1'), entries)] as const;
  });
  const drawing = spaces.map(
    ({ components = 3 }, index) => `/C${index} cs ${'0.5 '.repeat(components)}sc ${index} 0 9 9 re f`,
  );
  return textPdf({
    1: `<< /Type /Catalog /Pages 2 0 R ${catalog} >>`,
    2: '<< /Type /Pages /Count 1 /Kids [3 0 R] >>',
    3: `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 99 99] /Resources << /ColorSpace << ${names} >> >> /Contents 4 0 R >>`,
    4: textStream(drawing.join('\n')),
    ...Object.fromEntries(objects),
    ...more,
  });
}

/** The colour spaces of the result, each as the name of a device space or as the decoded profile. */
async function compress(bytes: Buffer, params: Readonly<Record<string, unknown>> = {}) {
  const product = await produce(operation, [['a.pdf', bytes]], { params });
  const file = openBytes(product.bytes);
  const spaces: (string | Buffer)[] = [];
  const streams = new Set<number>();
  for (const num of file.numbers()) {
    const object = file.load(num);
    const resources = object instanceof PdfDict ? file.resolve(object.get('Resources')) : null;
    const dict = resources instanceof PdfDict ? file.resolve(resources.get('ColorSpace')) : null;
    for (const [, space] of dict instanceof PdfDict ? dict : []) spaces.push(readSpace(file, file.resolve(space)));
    if (object instanceof PdfStream && object.dict.has('N') && !object.dict.has('Type')) streams.add(num);
  }
  return { ...product, spaces, streams: streams.size };
}

function readSpace(file: PdfFile, space: unknown): string | Buffer {
  if (space instanceof PdfName) return space.value;
  const stream = Array.isArray(space) ? file.resolve(space[1] as PdfName) : null;
  return stream instanceof PdfStream ? file.decoded(stream).bytes : '';
}

/** RGB samples with a profile, converted to sRGB by Little CMS. */
async function convert(icc: Buffer): Promise<Buffer> {
  const colors = Buffer.from(Array.from({ length: 3 * 4096 }, (_none, at) => (at * 7919) % 256));
  const png = await sharp(colors, { raw: { width: 64, height: 64, channels: 3 } })
    .png()
    .toBuffer();
  const data = Buffer.concat([Buffer.from('p\0\0'), deflateSync(icc)]);
  const chunk = Buffer.alloc(12 + data.length);
  chunk.writeUInt32BE(data.length);
  chunk.write('iCCP', 4, 'latin1');
  data.copy(chunk, 8);
  const { crc32 } = await import('node:zlib');
  chunk.writeUInt32BE(crc32(chunk.subarray(4, 8 + data.length)), 8 + data.length);
  const HEADER_END = 33;
  return sharp(Buffer.concat([png.subarray(0, HEADER_END), chunk, png.subarray(HEADER_END)]))
    .raw()
    .toBuffer();
}

describe('compress-pdf on colour profiles', () => {
  it.each([
    ['sRGB', {}],
    ['a gamma of 1.8', { curve: (value: number) => value ** 1.8 }],
  ])('writes a profile of %s in few bytes, with the same colours', async (_which, kind) => {
    const before = colorProfile(kind);
    const { spaces, result } = await compress(documentWith([{ profile: before }]));
    const [after] = spaces;
    expect(after).toBeInstanceOf(Buffer);
    expect(after?.length).toBeLessThan(500);
    expect(result.report).toMatchObject({ color_profiles: { count: 1, stripped: 0 } });
    const [left, right] = [await convert(before), await convert(Buffer.from(after ?? ''))];
    const differences = left.map((sample, at) => Math.abs(sample - (right[at] ?? 0)));
    expect(Math.max(...differences)).toBeLessThanOrEqual(1);
  });

  it('writes a gray profile in few bytes', async () => {
    const before = colorProfile({ space: 'GRAY', curve: (value) => value ** 2.2 });
    const { spaces } = await compress(documentWith([{ profile: before, components: 1 }]));
    expect(readCurveProfile(Buffer.from(spaces[0] ?? ''))).toMatchObject({
      space: 'GRAY',
      curves: [{ type: 0, values: [expect.closeTo(2.2, 4)] }],
    });
  });

  it('writes profiles with equal contents once, with any filters', async () => {
    const odd = colorProfile({ curve: (value) => value ** 1.37 });
    const { spaces, streams } = await compress(documentWith([{ profile: odd }, { profile: odd, asHex: true }]));
    expect(streams).toBe(1);
    expect(spaces.map((space) => odd.equals(Buffer.from(space)))).toEqual([true, true]);
  });

  it.each([
    ['tables', colorProfile({ more: [['A2B0', Buffer.alloc(64)]] }), 3],
    ['a curve without a formula', colorProfile({ curve: (value) => value ** 1.37 }), 3],
    ['CMYK', colorProfile({ space: 'CMYK' }), 4],
  ])('keeps the contents of a profile with %s', async (_which, icc, components) => {
    const { spaces } = await compress(documentWith([{ profile: icc, components }]));
    expect(icc.equals(Buffer.from(spaces[0] ?? ''))).toBe(true);
  });

  it('keeps the contents of the profiles of a PDF/A file, and does not strip them', async () => {
    const icc = colorProfile();
    const xmp =
      '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">' +
      '<rdf:Description xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" pdfaid:part="2" pdfaid:conformance="B"/></rdf:RDF></x:xmpmeta>';
    const metadata = { 20: textStream(xmp, '/Type /Metadata /Subtype /XML') };
    const bytes = documentWith([{ profile: icc }], '/Metadata 20 0 R', metadata);
    const { spaces } = await compress(bytes, { strip_metadata: true });
    expect(icc.equals(Buffer.from(spaces[0] ?? ''))).toBe(true);
  });

  it('replaces profiles by device spaces with strip_metadata', async () => {
    const spaces = [{ profile: colorProfile() }, { profile: colorProfile({ space: 'GRAY' }), components: 1 }];
    const cmyk = { profile: colorProfile({ space: 'CMYK' }), components: 4 };
    const {
      spaces: after,
      streams,
      result,
    } = await compress(documentWith([...spaces, cmyk]), { strip_metadata: true });
    expect(after).toEqual(['DeviceRGB', 'DeviceGray', 'DeviceCMYK']);
    expect(streams).toBe(0);
    expect(result.report).toMatchObject({ color_profiles: { stripped: 3 } });
  });

  it('keeps a profile that is damaged or has other components than its space', async () => {
    const damaged = Buffer.from('this is no profile at all, but it is long enough to be deflated');
    const { spaces } = await compress(
      documentWith([{ profile: damaged }, { profile: colorProfile(), components: 4 }]),
      {
        strip_metadata: true,
      },
    );
    expect(damaged.equals(Buffer.from(spaces[0] ?? ''))).toBe(true);
    expect(colorProfile().equals(Buffer.from(spaces[1] ?? ''))).toBe(true);
  });
});
