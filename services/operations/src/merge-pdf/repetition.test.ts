import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { PDFArray, PDFDict, PDFDocument, PDFName, PDFRef, PDFString } from 'pdf-lib';
import { MAX_REPEATED_BYTES, MAX_REPEATED_OBJECTS, PdfFile } from '@pdf-tools/pdf';
import { Structure } from '@pdf-tools/harness/documents/structure';
import { textPdf, textStream } from '@pdf-tools/harness/documents/text-pdf';
import { produce } from '@pdf-tools/harness/documents/workshop';
import operation from './definition.js';
import { RepetitionBudget } from './repetition-budget.js';

const again = (times: number, item: object = { file: 0 }): { items: object[] } => ({
  items: Array.from({ length: times }, () => item),
});

async function repeat(bytes: Buffer, times: number, item?: object): Promise<PDFDocument> {
  return PDFDocument.load((await produce(operation, [['a.pdf', bytes]], { params: again(times, item) })).bytes);
}

const annotationsOf = (document: PDFDocument, page: number): PDFDict[] =>
  (document.getPage(page).node.Annots()?.asArray() ?? []).map((ref) => document.context.lookup(ref, PDFDict));
const refIn = (dict: PDFDict | undefined, key: string): PDFRef | undefined => {
  const ref = dict?.get(PDFName.of(key));
  return ref instanceof PDFRef ? ref : undefined;
};
const textIn = (dict: PDFDict | undefined, key: string): string | undefined =>
  dict?.lookupMaybe(PDFName.of(key), PDFString)?.asString();

/** Two pages with shared contents and a shared font, a field each, and links to each other by page and by name. */
const linked = textPdf({
  1: '<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[20 0 R 21 0 R]>>/Names<</Dests<</Names[(unused)[4 0 R/Fit](up)[3 0 R/Fit]]>>>>>>',
  2: '<</Type/Pages/Kids[3 0 R 4 0 R]/Count 2>>',
  3: '<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 5 0 R/Resources 6 0 R/Annots[10 0 R 20 0 R]>>',
  4: '<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 5 0 R/Resources 6 0 R/Annots[11 0 R 21 0 R]>>',
  5: textStream('0 0 m 9 9 l S '.repeat(40)),
  6: '<</Font<</F 7 0 R>>/ProcSet[/PDF]>>',
  7: '<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>',
  10: '<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/A 30 0 R>>',
  11: '<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/A 31 0 R>>',
  20: '<</Type/Annot/Subtype/Widget/FT/Tx/T(name)/Rect[0 0 9 9]/P 3 0 R>>',
  21: '<</Type/Annot/Subtype/Widget/FT/Tx/T(place)/Rect[0 0 9 9]/P 4 0 R>>',
  30: '<</S/GoTo/D[4 0 R/Fit]>>',
  31: '<</S/GoTo/D(up)>>',
});

describe('repeated pages', () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('share their contents and resources and have their own annotations', async () => {
    const document = await repeat(linked, 3);
    const pages = document.getPages().map(({ node }) => node);
    expect(pages).toHaveLength(6);
    for (const key of ['Contents', 'Resources']) expect(new Set(pages.map((page) => refIn(page, key))).size).toBe(1);
    const annotations = pages.flatMap((page) => page.Annots()?.asArray() ?? []);
    expect(new Set(annotations).size).toBe(12);
    for (const [at, page] of document.getPages().entries()) {
      expect(refIn(annotationsOf(document, at)[1], 'P')).toBe(page.ref);
    }
  });

  it('link to each other and not to another repetition', async () => {
    const document = await repeat(linked, 3);
    const refs = document.getPages().map(({ ref }) => ref);
    const dests = document.catalog.lookup(PDFName.of('Names'), PDFDict).lookup(PDFName.of('Dests'), PDFDict);
    const names = dests.lookup(PDFName.of('Names'), PDFArray);
    const byName = new Map(
      Array.from({ length: names.size() / 2 }, (_none, at) => [
        names.lookup(at * 2, PDFString).asString(),
        names.lookup(at * 2 + 1, PDFArray).get(0),
      ]),
    );
    for (const time of [0, 1, 2]) {
      const actions = [0, 1].map((page) =>
        annotationsOf(document, time * 2 + page)[0]?.lookup(PDFName.of('A'), PDFDict),
      );
      expect(actions[0]?.lookup(PDFName.of('D'), PDFArray).get(0)).toBe(refs[time * 2 + 1]);
      expect(byName.get(textIn(actions[1], 'D') ?? '')).toBe(refs[time * 2]);
    }
    // Unused destinations are not repeated.
    expect([...byName.keys()]).toEqual(['unused', 'up', 'up_2', 'up_3']);
  });

  it('have their own fields with their own names', async () => {
    const document = await repeat(linked, 3);
    const fields = document.catalog.lookup(PDFName.of('AcroForm'), PDFDict).lookup(PDFName.of('Fields'), PDFArray);
    const names = fields.asArray().map((ref) => textIn(document.context.lookup(ref, PDFDict), 'T'));
    expect(names).toEqual(['name', 'place', 'name_2', 'place_2', 'name_3', 'place_3']);
  });

  it('read each stream once for any number of repetitions', async () => {
    const encoded = jest.spyOn(PdfFile.prototype, 'encoded');
    const raw = jest.spyOn(PdfFile.prototype, 'raw');
    const counted = async (times: number): Promise<{ encoded: number; raw: number }> => {
      encoded.mockClear();
      raw.mockClear();
      await produce(operation, [['a.pdf', linked]], { params: again(times) });
      return { encoded: encoded.mock.calls.length, raw: raw.mock.calls.length };
    };
    const [two, three, many] = [await counted(2), await counted(3), await counted(40)];
    expect(many.encoded).toBe(two.encoded);
    // A repetition reads only the two pages and their actions again.
    expect(three.raw - two.raw).toBeLessThanOrEqual(2 * 4);
    expect(many.raw - three.raw).toBe(37 * (three.raw - two.raw));
  });

  it('share large parts of annotations and pages', async () => {
    const words = 'words and words again '.repeat(4_000);
    const properties = Array.from({ length: 2_000 }, (_none, at) => `/P${at}<</A ${at}>>`).join('');
    const bytes = textPdf({
      1: '<</Type/Catalog/Pages 2 0 R>>',
      2: '<</Type/Pages/Kids[3 0 R]/Count 1>>',
      3: `<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Annots[4 0 R]/Resources<</Properties<<${properties}>>>>>>`,
      4: `<</Type/Annot/Subtype/Text/P 3 0 R/Rect[0 0 9 9]/Contents(${words})>>`,
    });
    const document = await repeat(bytes, 20);
    const contents = document
      .getPages()
      .map((_page, at) => annotationsOf(document, at)[0]?.get(PDFName.of('Contents')));
    expect(new Set(contents.slice(1)).size).toBe(1);
    expect(contents.map((each) => document.context.lookup(each, PDFString).asString())).toEqual(Array(20).fill(words));
    const resources = document.getPages().map(({ node }) => node.get(PDFName.of('Resources')));
    expect(new Set(resources.slice(1)).size).toBe(1);
    for (const each of resources) {
      const found = document.context.lookup(each, PDFDict).lookup(PDFName.of('Properties'), PDFDict);
      expect(found.keys()).toHaveLength(2_000);
    }
    expect(annotationsOf(document, 7).map((annotation) => refIn(annotation, 'P'))).toEqual([document.getPage(7).ref]);
  });

  it('have their own tags, and the tree is read once', async () => {
    const elements = Array.from({ length: 200 }, (_none, at) => 100 + at);
    const tagged = textPdf({
      1: '<</Type/Catalog/Pages 2 0 R/StructTreeRoot 5 0 R/MarkInfo<</Marked true>>>>',
      2: '<</Type/Pages/Kids[3 0 R 4 0 R]/Count 2>>',
      3: '<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/StructParents 0>>',
      4: '<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/StructParents 1>>',
      5: '<</Type/StructTreeRoot/K 6 0 R/ParentTree<</Nums[0[100 0 R]1 7 0 R]>>>>',
      6: `<</S/Document/P 5 0 R/K[${elements.map((num) => `${num} 0 R`).join(' ')}]>>`,
      7: `[${elements
        .slice(1)
        .map((num) => `${num} 0 R`)
        .join(' ')}]`,
      ...Object.fromEntries(
        elements.map((num, at) => [num, `<</S/P/P 6 0 R/Pg ${at === 0 ? 3 : 4} 0 R/K ${Math.max(0, at - 1)}>>`]),
      ),
    });
    const load = jest.spyOn(PdfFile.prototype, 'load');
    const loads: number[] = [];
    for (const times of [2, 12]) {
      const before = load.mock.calls.length;
      const params = again(times, { file: 0, pages: '1' });
      const { bytes } = await produce(operation, [['a.pdf', tagged]], { params });
      loads.push(load.mock.calls.length - before);
      const structure = await Structure.read(bytes);
      expect(structure.faults()).toEqual([]);
      expect(structure.outline()).toBe(Array.from({ length: times }, (_none, at) => `Document(P:${at}/0)`).join(' '));
    }
    expect((loads[1] ?? 0) - (loads[0] ?? 0)).toBeLessThan(10 * 20);
  });

  it('are refused if their copies exceed the limit of objects', async () => {
    const bookmarks = 4_000;
    const bytes = textPdf({
      1: '<</Type/Catalog/Pages 2 0 R/Outlines 4 0 R>>',
      2: '<</Type/Pages/Kids[3 0 R]/Count 1>>',
      3: '<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>',
      4: '<</First 10 0 R>>',
      ...Object.fromEntries(
        Array.from({ length: bookmarks }, (_none, at) => [
          10 + at,
          `<</Title(b)/Parent 4 0 R/Dest[3 0 R/Fit]/Next ${11 + at} 0 R>>`,
        ]),
      ),
    });
    await expect(repeat(bytes, MAX_REPEATED_OBJECTS / bookmarks + 2)).rejects.toMatchObject({
      code: 'too_many_pages',
      detail: expect.stringContaining(`${MAX_REPEATED_OBJECTS} objects`),
      errors: [{ param: 'items' }],
    });
  });

  it('are refused if their copies exceed the limit of bytes', () => {
    const budget = new RepetitionBudget();
    budget.spend(MAX_REPEATED_BYTES);
    expect(() => {
      budget.spend(1);
    }).toThrow(expect.objectContaining({ code: 'too_many_pages' }));
  });
});
