import { describe, expect, it } from '@jest/globals';
import { type1 } from '@pdf-tools/harness/documents/charstrings';
import { compressFonts, deflatedStream, dejavu, fontPdf } from '@pdf-tools/harness/documents/font-pdf';
import { readFont } from '@pdf-tools/harness/documents/font-reader';
import { buildType1 } from '@pdf-tools/harness/documents/type1-font';
import { MemorySource, PdfFile, PdfStream, isName, readSfntTables, subsetTrueType, writeSfnt } from '@pdf-tools/pdf';
import operation from '../definition.js';

const expected = readFont(dejavu);
/** The glyph of `A` in DejaVu Sans. */
const GLYPH_A = 36;

describe('joinPrograms', () => {
  const composite = (font: number, name: string): string =>
    `<< /Type /Font /Subtype /Type0 /BaseFont /${name} /Encoding /Identity-H /DescendantFonts [${font} 0 R] >>`;
  const cidFont = (descriptor: number, name: string): string =>
    `<< /Type /Font /Subtype /CIDFontType2 /BaseFont /${name} /CIDSystemInfo << >> /FontDescriptor ${descriptor} 0 R /CIDToGIDMap /Identity >>`;
  const subsetOf = (glyphs: readonly number[], font: Buffer = dejavu): string =>
    deflatedStream(
      Buffer.from(subsetTrueType(font, { glyphs: new Set(glyphs), cmap: undefined, post: undefined }).bytes),
    );
  const two = (one: string, other: string): Buffer =>
    fontPdf('/F 9 Tf <0024> Tj /G 9 Tf <00250024> Tj', {
      20: composite(22, 'AAAAAA+DejaVuSans'),
      21: composite(23, 'BBBBBB+DejaVuSans'),
      22: cidFont(30, 'AAAAAA+DejaVuSans'),
      23: cidFont(31, 'BBBBBB+DejaVuSans'),
      40: one,
      41: other,
    });

  it('joins composite TrueType fonts', async () => {
    const { fonts, report } = await compressFonts(
      operation,
      two(subsetOf([GLYPH_A]), subsetOf([GLYPH_A, GLYPH_A + 1])),
    );
    expect(report).toMatchObject({
      fonts: [
        { object: 40, action: 'subset', glyphs_after: 3 },
        { object: 41, action: 'subset', joined_with: 40, bytes_after: 0 },
      ],
    });
    const [one, other] = fonts.map(({ program }) => program);
    expect(one && other?.equals(one)).toBe(true);
    const font = readFont(one ?? Buffer.alloc(0));
    for (const glyph of [GLYPH_A, GLYPH_A + 1]) {
      expect(font.outline(glyph)).toEqual(expected.outline(glyph));
      expect(font.advance(glyph)).toBe(expected.advance(glyph));
    }
  });

  it('keeps fonts apart that have another glyph at an index', async () => {
    const { version, tables } = readSfntTables(dejavu);
    const glyphs = new Map([...tables, ['hmtx', Uint8Array.from(tables.get('hmtx') ?? [], (byte) => byte ^ 1)]]);
    const other = Buffer.from(writeSfnt({ version, tables: glyphs }));
    const { fonts, report } = await compressFonts(
      operation,
      two(subsetOf([GLYPH_A]), subsetOf([GLYPH_A, GLYPH_A + 1], other)),
    );
    expect(JSON.stringify(report)).not.toContain('joined_with');
    expect(fonts.map(({ program }) => readFont(program).advance(GLYPH_A))).toEqual([
      expected.advance(GLYPH_A),
      expected.advance(GLYPH_A) ^ 0x101,
    ]);
  });

  it('does not join a font that shows an empty glyph at the index of a glyph of another', async () => {
    const { report, fonts } = await compressFonts(
      operation,
      two(subsetOf([GLYPH_A + 1]), subsetOf([GLYPH_A + 1, GLYPH_A])),
    );
    expect(JSON.stringify(report)).not.toContain('joined_with');
    expect(fonts.map(({ program }) => readFont(program).outline(GLYPH_A).length > 0)).toEqual([false, true]);
  });

  it('joins simple Type 1 fonts by the names of their glyphs', async () => {
    const glyph = (width: number): Uint8Array =>
      type1(`0 ${width} hsbw 5 hmoveto ${width} hlineto 7 vlineto closepath endchar`);
    const notdef = { '.notdef': type1('0 500 hsbw endchar') };
    const font = (names: readonly number[]): string =>
      deflatedStream(
        Buffer.from(
          buildType1({
            glyphs: { ...notdef, ...Object.fromEntries(names.map((name) => [`g${name}`, glyph(name)])) },
            encoding: 'StandardEncoding',
          }),
        ),
        '/Length1 1 /Length2 2 /Length3 3',
      );
    const dictionary = (tag: string, descriptor: number, names: string): string =>
      `<< /Type /Font /Subtype /Type1 /BaseFont /${tag}+Old /FontDescriptor ${descriptor} 0 R /Encoding << /Differences [1 ${names}] >> >>`;
    const { report, bytes } = await compressFonts(
      operation,
      fontPdf('/F 9 Tf (\\001) Tj /G 9 Tf (\\001\\002) Tj', {
        20: dictionary('AAAAAA', 30, '/g7'),
        21: dictionary('BBBBBB', 31, '/g7 /g8'),
        30: '<< /Type /FontDescriptor /FontName /AAAAAA+Old /FontFile 40 0 R >>',
        31: '<< /Type /FontDescriptor /FontName /BBBBBB+Old /FontFile 41 0 R >>',
        40: font([7]),
        41: font([7, 8]),
      }),
    );
    expect(report).toMatchObject({
      fonts: [
        { object: 40, glyphs_after: 3 },
        { object: 41, joined_with: 40 },
      ],
    });
    const file = new PdfFile(new MemorySource(bytes));
    const streams = [...file.numbers()].map((num) => file.load(num));
    const programs = streams.filter((each) => each instanceof PdfStream && isName(each.dict.get('Subtype'), 'Type1C'));
    expect(programs).toHaveLength(1);
  });
});
