import { describe, expect, it } from '@jest/globals';
import { buildCff } from '@pdf-tools/harness/documents/cff-font';
import { type1, type2 } from '@pdf-tools/harness/documents/charstrings';
import { readFont } from '@pdf-tools/harness/documents/font-reader';
import { compressFonts, deflatedStream, dejavu, fontDictionary, fontPdf } from '@pdf-tools/harness/documents/font-pdf';
import { textStream } from '@pdf-tools/harness/documents/text-pdf';
import { buildType1 } from '@pdf-tools/harness/documents/type1-font';
import {
  MemorySource,
  PdfFile,
  PdfStream,
  isName,
  isOfType,
  readCffOutlines,
  readSfntTables,
  writeSfnt,
} from '@pdf-tools/pdf';
import operation from '../definition.js';

const expected = readFont(dejavu);
/** The glyph of `A` in DejaVu Sans. */
const GLYPH_A = 36;

/** 200 glyphs besides glyph 0 with the SIDs or CIDs 391 to 590. The first of them is the first own name. */
const LARGE = {
  charStrings: Array.from({ length: 201 }, (_, glyph) =>
    type2(`${glyph} hmoveto ${glyph * 7} ${glyph * 5} hlineto endchar`),
  ),
  charset: [2, 1, 135, 0, 199],
};

describe('compress-pdf on fonts', () => {
  it('replaces a TrueType font by the glyphs in use and reports it', async () => {
    const { fonts, report, bytes } = await compressFonts(operation, fontPdf('/F 9 Tf (A) Tj /G 9 Tf (A) Tj'));
    const [font] = fonts;
    expect(font?.baseFont).toMatch(/^[A-Z]{6}\+DejaVuSans$/);
    expect(font?.fontName).toBe(font?.baseFont);
    expect(font?.descriptor.has('CIDSet')).toBe(false);
    const after = readFont(font?.program ?? Buffer.alloc(0));
    expect(after.outline(GLYPH_A)).toEqual(expected.outline(GLYPH_A));
    expect(after.outline(GLYPH_A + 1)).toEqual([]);
    expect(bytes.length).toBeLessThan(20_000);
    expect(report).toMatchObject({
      fonts: [
        { font: 'DejaVuSans', kind: 'TrueType', action: 'subset', glyphs_before: expected.glyphCount, object: 40 },
        { object: 41 },
      ],
    });
  });

  it('makes one subset for equal font programs', async () => {
    const { fonts } = await compressFonts(operation, fontPdf('/F 9 Tf (A) Tj /G 9 Tf (B) Tj'));
    for (const { program } of fonts) {
      expect(readFont(program).outline(GLYPH_A)).toEqual(expected.outline(GLYPH_A));
      expect(readFont(program).outline(GLYPH_A + 1)).toEqual(expected.outline(GLYPH_A + 1));
    }
    expect(fonts.length).toBeGreaterThan(0);
  });

  it('follows the map from CIDs to glyphs of a composite font', async () => {
    const map = Buffer.alloc(2 * 0x102);
    map.writeUInt16BE(GLYPH_A, 2 * 0x101);
    const { fonts } = await compressFonts(
      operation,
      fontPdf('/F 9 Tf <0101> Tj', {
        20: '<< /Type /Font /Subtype /Type0 /BaseFont /DejaVuSans /Encoding /Identity-H /DescendantFonts [22 0 R] >>',
        22: `<< /Type /Font /Subtype /CIDFontType2 /BaseFont /DejaVuSans /CIDSystemInfo << >> /FontDescriptor 30 0 R /CIDToGIDMap 23 0 R >>`,
        23: deflatedStream(map),
        21: 'null',
      }),
    );
    expect(fonts.map(({ baseFont }) => baseFont)).toEqual([expect.stringMatching(/^[A-Z]{6}\+DejaVuSans$/)]);
    expect(readFont(fonts[0]?.program ?? Buffer.alloc(0)).outline(GLYPH_A)).toEqual(expected.outline(GLYPH_A));
  });

  it('replaces CFF fonts by the glyphs in use, by names in a simple font and by CIDs in a composite font', async () => {
    const cff = buildCff({ ...LARGE, strings: ['own'] });
    const cid = buildCff({ ...LARGE, fdSelect: [3, 0, 1, 0, 0, 0, 0, 201] });
    const { report } = await compressFonts(
      operation,
      fontPdf('/F 9 Tf (x) Tj /G 9 Tf <01f5> Tj', {
        20: '<< /Type /Font /Subtype /Type1 /BaseFont /One /FontDescriptor 30 0 R /Encoding << /Differences [120 /own] >> >>',
        21: '<< /Type /Font /Subtype /Type0 /BaseFont /Two-Identity-H /Encoding /Identity-H /DescendantFonts [22 0 R] >>',
        22: '<< /Type /Font /Subtype /CIDFontType0 /BaseFont /Two /CIDSystemInfo << >> /FontDescriptor 31 0 R >>',
        30: '<< /Type /FontDescriptor /FontName /One /FontFile3 40 0 R >>',
        31: '<< /Type /FontDescriptor /FontName /Two /FontFile3 41 0 R >>',
        40: deflatedStream(Buffer.from(cff), '/Subtype /Type1C'),
        41: deflatedStream(Buffer.from(cid), '/Subtype /CIDFontType0C'),
      }),
    );
    const counts = { kind: 'CFF', action: 'subset', glyphs_before: 201, glyphs_after: 2 };
    expect(report).toMatchObject({
      fonts: [
        { font: 'One', ...counts },
        { font: 'Two-Identity-H', ...counts },
      ],
    });
  });

  it.each([
    ['that is CID-keyed', { fdSelect: [3, 0, 1, 0, 0, 0, 0, 201] }, '<01f5>', '/CIDFontType0', 111],
    ['with a map from CIDs', {}, '<0001>', '/CIDFontType2 /CIDToGIDMap 23 0 R', 7],
  ])('empties the unused glyphs of an OpenType font %s', async (_, form, text, subtype, glyph) => {
    const tables = new Map([
      ['CFF ', Uint8Array.from(buildCff({ ...LARGE, ...form }))],
      ['name', Uint8Array.from({ length: 500 }, (_unused, at) => (at * at) % 251)],
    ]);
    const map = Buffer.alloc(4);
    map.writeUInt16BE(7, 2);
    const { report, bytes } = await compressFonts(
      operation,
      fontPdf(`/F 9 Tf ${text} Tj`, {
        20: '<< /Type /Font /Subtype /Type0 /BaseFont /Two /Encoding /Identity-H /DescendantFonts [22 0 R] >>',
        21: 'null',
        22: `<< /Type /Font /Subtype ${subtype} /BaseFont /Two /CIDSystemInfo << >> /FontDescriptor 30 0 R >>`,
        23: deflatedStream(map),
        30: '<< /Type /FontDescriptor /FontName /Two /FontFile3 40 0 R >>',
        40: deflatedStream(Buffer.from(writeSfnt({ version: 0x4f54_544f, tables })), '/Subtype /OpenType'),
      }),
    );
    expect(report).toMatchObject({ fonts: [{ font: 'Two', kind: 'OpenType CFF', action: 'subset' }] });
    const file = new PdfFile(new MemorySource(bytes));
    const streams = [...file.numbers()].map((num) => file.load(num));
    const found = streams.find((each) => each instanceof PdfStream && isName(each.dict.get('Subtype'), 'OpenType'));
    if (!(found instanceof PdfStream)) throw new Error('The document has no OpenType font.');
    const subset = readSfntTables(file.decoded(found).bytes).tables;
    expect([...subset.keys()]).toEqual(['CFF ']);
    const [before, after] = [tables, subset].map((each) => readCffOutlines(each.get('CFF ') ?? new Uint8Array(0)));
    expect(after?.outline(glyph)).toEqual(before?.outline(glyph));
    expect(before?.outline(150)).not.toEqual([]);
    expect([after?.glyphCount, after?.outline(150)]).toEqual([before?.glyphCount, []]);
  });

  describe('with Type 1 fonts', () => {
    /** 200 glyphs besides .notdef, with the names g0 to g199. The first has the code of A in StandardEncoding. */
    const program = buildType1({
      glyphs: Object.fromEntries<Uint8Array>([
        ['.notdef', type1('0 500 hsbw endchar')],
        ['A', type1('0 100 hsbw 5 hmoveto 6 hlineto 7 vlineto closepath endchar')],
        ...Array.from({ length: 200 }, (_, at): [string, Uint8Array] => [
          `g${at}`,
          type1(`0 ${at} hsbw ${at} hmoveto 6 hlineto ${at} vlineto closepath endchar`),
        ]),
      ]),
      form: 'pfb',
    });
    const objects = {
      20: '<< /Type /Font /Subtype /Type1 /BaseFont /Old /FontDescriptor 30 0 R /Encoding << /Differences [1 /g7] >> >>',
      21: 'null',
      30: '<< /Type /FontDescriptor /FontName /Old /CharSet (/A/g7) /FontFile 40 0 R >>',
      40: deflatedStream(Buffer.from(program), '/Length1 1 /Length2 2 /Length3 3'),
    };

    it('converts the glyphs in use to CFF', async () => {
      const { bytes, report } = await compressFonts(operation, fontPdf('/F 9 Tf (A\\001) Tj', objects));
      expect(report).toMatchObject({
        fonts: [{ font: 'Old', kind: 'Type 1', action: 'subset', glyphs_before: 202, glyphs_after: 3 }],
      });
      const file = new PdfFile(new MemorySource(bytes));
      const streams = [...file.numbers()].map((num) => file.load(num));
      const found = streams.find((each) => each instanceof PdfStream && isName(each.dict.get('Subtype'), 'Type1C'));
      if (!(found instanceof PdfStream)) throw new Error('The document has no CFF font.');
      expect([...found.dict.keys()].filter((key) => /^Length\d/.test(key))).toEqual([]);
      const font = readCffOutlines(file.decoded(found).bytes);
      expect([font.glyphOfName('g7') !== undefined, font.glyphOfName('g8')]).toEqual([true, undefined]);
      expect(font.outline(font.encoding.get(65) ?? 0)).toEqual([0, 5, 0, 1, 11, 0, 1, 11, 7]);
      const descriptors = streams.filter((each) => isOfType(each, 'FontDescriptor'));
      expect(descriptors.map((each) => [each.has('FontFile'), each.has('FontFile3'), each.has('CharSet')])).toEqual([
        [false, true, false],
      ]);
    });

    it('keeps a font of a document that claims PDF/A-1, which requires lists of glyphs', async () => {
      const claim =
        '<?xpacket begin=""?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"><pdfaid:part>1</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance></rdf:Description></rdf:RDF><?xpacket end="w"?>';
      const { report } = await compressFonts(
        operation,
        fontPdf('/F 9 Tf (A) Tj', {
          ...objects,
          1: '<< /Type /Catalog /Pages 2 0 R /Metadata 50 0 R >>',
          50: textStream(claim, '/Type /Metadata /Subtype /XML'),
        }),
      );
      expect(report).toMatchObject({ fonts: [{ action: 'kept', reason: 'PDF/A-1 requires a list of its glyphs' }] });
    });
  });

  it.each<[string, string, Record<number, string>]>([
    [
      'text in it can be edited',
      '/F 9 Tf (A) Tj',
      { 1: '<< /Type /Catalog /Pages 2 0 R /AcroForm << /DR << /Font << /F 20 0 R >> >> /DA (/F 9 Tf) >> >>' },
    ],
    [
      'text in it can be edited',
      '/F 9 Tf (A) Tj',
      { 1: '<< /Type /Catalog /Pages 2 0 R /AcroForm << /DR << /Font << /F 20 0 R >> >> /XFA 4 0 R >> >>' },
    ],
    [
      'some content cannot be read',
      '/F 9 Tf (A) Tj',
      {
        3: '<< /Type /Page /Parent 2 0 R /Contents [4 0 R 5 0 R] /Resources << /Font << /F 20 0 R >> >> >>',
        5: textStream('x', '/Filter /Unknown'),
      },
    ],
    [
      'content selects its name without a resource',
      '/H 9 Tf (A) Tj',
      { 6: '<< /Font << /H 20 0 R >> >>', 1: '<< /Type /Catalog /Pages 2 0 R /Other 6 0 R >>' },
    ],
    [
      'a font dictionary is not an indirect object',
      '/F 9 Tf (A) Tj',
      { 3: `<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /Font << /F ${fontDictionary(30)} >> >> >>` },
    ],
    [
      'its character codes are not understood',
      '/F 9 Tf <0041> Tj',
      {
        20: '<< /Type /Font /Subtype /Type0 /BaseFont /DejaVuSans /Encoding /UniGB-UCS2-H /DescendantFonts [22 0 R] >>',
        22: '<< /Type /Font /Subtype /CIDFontType2 /CIDSystemInfo << >> /FontDescriptor 30 0 R >>',
      },
    ],
  ])('keeps a font whole if %s', async (reason, content, more) => {
    const { fonts, report } = await compressFonts(operation, fontPdf(content, { 21: 'null', ...more }));
    expect(report).toMatchObject({ fonts: [{ action: 'kept', reason }] });
    for (const { program } of fonts) expect(program.equals(dejavu)).toBe(true);
  });

  it('empties a font that no text uses', async () => {
    const { report } = await compressFonts(
      operation,
      fontPdf('/F 9 Tf (A) Tj', { 41: deflatedStream(Buffer.concat([dejavu, Buffer.alloc(4)])) }),
    );
    expect(report).toMatchObject({ fonts: [{ object: 40 }, { object: 41, action: 'subset', glyphs_after: 1 }] });
  });

  it('keeps a font program that is no font', async () => {
    const { report } = await compressFonts(
      operation,
      fontPdf('/F 9 Tf (A) Tj', { 21: 'null', 40: deflatedStream(Buffer.from('no font at all')) }),
    );
    expect(report).toMatchObject({ fonts: [{ action: 'kept' }] });
  });
});
