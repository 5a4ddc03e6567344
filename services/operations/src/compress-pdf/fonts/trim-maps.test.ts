import { deflateSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { textPdf, textStream } from '@pdf-tools/harness/documents/text-pdf';
import { produce } from '@pdf-tools/harness/documents/workshop';
import { MemorySource, PdfDict, PdfFile, PdfStream } from '@pdf-tools/pdf';
import operation from '../definition.js';

const MAP = Buffer.from(
  `begincmap 1 begincodespacerange <0000> <ffff> endcodespacerange
${Array.from({ length: 90 }, (_, at) => `1 beginbfchar <${1000 + at}> <${1000 + ((at * at * 37) % 9000)}> endbfchar`).join('\n')}
endcmap`,
);
const GLYPHS = Buffer.from(Array.from({ length: 0x2100 * 2 }, (_, at) => (at * at * at) % 251));

function stream(data: Buffer): string {
  return textStream(deflateSync(data).toString('latin1'), '/Filter /FlateDecode');
}

/** Two composite fonts F and G with equal ToUnicode CMaps, and one CIDToGIDMap. */
function pdf(content: string, more: Readonly<Record<number, string>> = {}): Buffer {
  const font = (map: number): string =>
    `<< /Type /Font /Subtype /Type0 /BaseFont /One /Encoding /Identity-H /DescendantFonts [22 0 R] /ToUnicode ${map} 0 R >>`;
  return textPdf({
    1: '<< /Type /Catalog /Pages 2 0 R >>',
    2: '<< /Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [0 0 100 100] >>',
    3: '<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /Font << /F 20 0 R /G 21 0 R >> >> >>',
    4: textStream(content),
    20: font(40),
    21: font(41),
    22: '<< /Type /Font /Subtype /CIDFontType2 /BaseFont /One /CIDSystemInfo << >> /CIDToGIDMap 42 0 R >>',
    40: stream(MAP),
    41: stream(MAP),
    42: stream(GLYPHS),
    ...more,
  });
}

/** The decoded maps of the compressed document. */
async function compress(bytes: Buffer): Promise<{ toUnicode: string[]; glyphs: Buffer[] }> {
  const { bytes: output } = await produce(operation, [['a.pdf', bytes]]);
  const file = new PdfFile(new MemorySource(output));
  const dicts = [...file.numbers()].map((num) => file.load(num)).filter((each) => each instanceof PdfDict);
  const maps = (key: string): Buffer[] =>
    dicts.flatMap((dict) => {
      const map = file.resolve(dict.get(key));
      return map instanceof PdfStream ? [file.decoded(map).bytes] : [];
    });
  return { toUnicode: maps('ToUnicode').map(String), glyphs: maps('CIDToGIDMap') };
}

describe('compress-pdf on the maps of fonts', () => {
  it('keeps the entries of shown codes only, also if fonts share a map', async () => {
    const { toUnicode, glyphs } = await compress(pdf('/F 9 Tf <1005> Tj /G 9 Tf <1007> Tj'));
    expect(toUnicode.length).toBeGreaterThan(0);
    for (const map of toUnicode) expect(map.match(/<\w+><\w+>/g)).toEqual(['<1005><1925>', '<1007><2813>']);
    const expected = Buffer.alloc(2 * 0x1008);
    for (const cid of [0x1005, 0x1007]) GLYPHS.copy(expected, 2 * cid, 2 * cid, 2 * cid + 2);
    expect(glyphs.map((map) => map.equals(expected))).toEqual([true]);
  });

  it.each<[string, string, Record<number, string>]>([
    [
      'text in the font can be edited',
      '/F 9 Tf <1005> Tj',
      { 1: '<< /Type /Catalog /Pages 2 0 R /AcroForm << /DA (/F 9 Tf) >> >>' },
    ],
    ['a string ends within a code', '/F 9 Tf <100510> Tj', {}],
    ['content cannot be read', '/F 9 Tf <1005> Tj', { 4: textStream('/F 9 Tf <1005> Tj', '/Filter /Unknown') }],
  ])('keeps maps whole if %s', async (_, content, more) => {
    const { toUnicode, glyphs } = await compress(pdf(content, more));
    for (const map of toUnicode) expect(map).toBe(MAP.toString());
    expect(toUnicode.length).toBeGreaterThan(0);
    expect(glyphs.map((map) => map.equals(GLYPHS))).toEqual([true]);
  });

  it('keeps a ToUnicode CMap whole if a font without an object number uses it', async () => {
    const direct = '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 40 0 R >>';
    const { toUnicode } = await compress(
      pdf('/F 9 Tf <1005> Tj /H 9 Tf (a) Tj', {
        3: `<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /Font << /F 20 0 R /H ${direct} >> >> >>`,
      }),
    );
    expect(toUnicode.map((map) => map === MAP.toString())).toEqual(toUnicode.map(() => true));
    expect(toUnicode.length).toBeGreaterThan(0);
  });
});
