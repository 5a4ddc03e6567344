import { describe, expect, it } from '@jest/globals';
import { PDFArray, PDFDict, PDFName } from 'pdf-lib';
import { documentOf } from '@pdf-tools/harness/documents/documents';
import { Structure } from '@pdf-tools/harness/documents/structure';
import { textPdf, textStream } from '@pdf-tools/harness/documents/text-pdf';
import { produce } from '@pdf-tools/harness/documents/workshop';
import operation from '../definition.js';

interface Tagged {
  readonly pages?: number;
  /** Entries of the structure tree root (object 3) and of the catalog. */
  readonly root: string;
  readonly catalog?: string;
  readonly objects: Readonly<Record<number, string>>;
  /** The parent tree entry of each page, without array brackets. Page n is object 10 + n. */
  readonly parents: readonly string[];
  /** Entries of each page. */
  readonly page?: (page: number) => string;
}

/** A tagged document. Page n is object 10 + n and has marked content 0 and 1. */
function tagged({ root, catalog = '', objects, parents, page = () => '' }: Tagged): Buffer {
  const content = '/P <</MCID 0>> BDC 0 0 9 9 re f EMC /P <</MCID 1>> BDC 9 9 9 9 re f EMC';
  const kids = parents.map((_parents, at) => `${10 + at} 0 R`).join(' ');
  const pages = parents.flatMap((_parents, at): [number, string][] => [
    [
      10 + at,
      `<</Type/Page/Parent 2 0 R/MediaBox[0 0 ${100 + at} 50]/Contents ${20 + at} 0 R/StructParents ${at} ${page(at)}>>`,
    ],
    [20 + at, textStream(content, `/Of ${at}`)],
  ]);
  const nums = parents.map((inside, at) => `${at} [${inside}]`).join(' ');
  return textPdf({
    1: `<</Type/Catalog/Pages 2 0 R/StructTreeRoot 3 0 R/MarkInfo<</Marked true>>${catalog}>>`,
    2: `<</Type/Pages/Kids[${kids}]/Count ${parents.length}>>`,
    3: `<</Type/StructTreeRoot/ParentTree 4 0 R/ParentTreeNextKey 90 ${root}>>`,
    4: `<</Nums[${nums} ${objects[4] ?? ''}]>>`,
    ...Object.fromEntries(pages),
    ...withoutParents(objects),
  });
}

function withoutParents(objects: Readonly<Record<number, string>>): Record<number, string> {
  return Object.fromEntries(Object.entries(objects).filter(([num]) => num !== '4'));
}

/** Two pages with a paragraph each, and a paragraph across both. */
const plain = (entries: Partial<Tagged> = {}): Buffer =>
  tagged({
    root: '/K 30 0 R',
    parents: ['31 0 R 33 0 R', '32 0 R 33 0 R'],
    ...entries,
    objects: {
      30: '<</S/Document/P 3 0 R/K[31 0 R 33 0 R 32 0 R]>>',
      31: '<</S/P/P 30 0 R/Pg 10 0 R/K 0>>',
      32: '<</S/P/P 30 0 R/Pg 11 0 R/K[0]>>',
      33: '<</S/H1/P 30 0 R/Pg 10 0 R/K[1 <</Type/MCR/Pg 11 0 R/MCID 1>>]>>',
      ...entries.objects,
    },
  });

const merge = (files: readonly Buffer[], items: readonly unknown[] = []) =>
  produce(
    operation,
    files.map((bytes, at) => [`${at}.pdf`, bytes] as const),
    { params: { items } },
  );

const structureOf = async (files: readonly Buffer[], items: readonly unknown[] = []): Promise<Structure> =>
  Structure.read((await merge(files, items)).bytes);

const markInfoOf = ({ document }: Structure): string | undefined => Structure.text(document.catalog, 'MarkInfo');

describe('the structure tree of a merged document', () => {
  it('has the elements of all files in order, each with its page', async () => {
    const structure = await structureOf([plain(), plain()]);
    expect(structure.outline()).toBe('Document(P:0/0 H1:0/1,1/1 P:1/0) Document(P:2/0 H1:2/1,3/1 P:3/0)');
    expect(structure.faults()).toEqual([]);
    expect([...structure.parentTree().keys()]).toEqual([0, 1, 2, 3]);
    expect(markInfoOf(structure)).toMatch(/^<<\s*\/Marked true\s*>>$/);
  });

  it('reports untagged files if others are tagged, and does not mark the result as tagged', async () => {
    const bare = await documentOf(200);
    const { bytes, result } = await merge([bare, plain()]);
    const structure = await Structure.read(bytes);
    expect(structure.outline()).toBe('Document(P:1/0 H1:1/1,2/1 P:2/0)');
    expect(markInfoOf(structure)).toContain('/Marked false');
    expect(result.report).toMatchObject({ files: [{ notes: ['has no tags'] }, { index: 1 }] });
    expect(JSON.stringify((await merge([bare, bare])).result.report)).not.toContain('has no tags');
  });

  it('has suspects and user properties if any file has them', async () => {
    const other = textPdf({
      1: '<</Type/Catalog/Pages 2 0 R/MarkInfo<</Marked true/Suspects true/UserProperties true>>>>',
      2: '<</Type/Pages/Kids[5 0 R]/Count 1>>',
      5: '<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>',
    });
    expect(markInfoOf(await structureOf([plain(), other]))).toMatch(
      /false[^]*\/UserProperties true[^]*\/Suspects true/,
    );
  });

  it('keeps the parent tree entries of annotations and other objects', async () => {
    const linked = plain({
      root: '/K 30 0 R',
      page: (at) => (at === 0 ? '/Annots[40 0 R]' : ''),
      objects: {
        4: '7 34 0 R',
        30: '<</S/Document/P 3 0 R/K[31 0 R 33 0 R 32 0 R 34 0 R]>>',
        34: '<</S/Link/P 30 0 R/K<</Type/OBJR/Obj 40 0 R/Pg 10 0 R>>>>',
        40: '<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/StructParent 7>>',
      },
    });
    const structure = await structureOf([plain(), linked]);
    expect(structure.outline()).toContain('Link:2/@Link');
    const annotation = structure.document.getPage(2).node.Annots()?.lookup(0, PDFDict);
    const key = Number(Structure.text(annotation, 'StructParent'));
    expect(Structure.text(structure.parentTree().get(key) as PDFDict, 'S')).toBe('/Link');
    expect(structure.faults()).toEqual([]);
  });

  it('accepts direct roots and direct elements', async () => {
    const direct = textPdf({
      1: '<</Type/Catalog/Pages 2 0 R/StructTreeRoot<</Type/StructTreeRoot/K[<</S/P/Pg 5 0 R/K 0>> 31 0 R]>>>>',
      2: '<</Type/Pages/Kids[5 0 R]/Count 1>>',
      5: '<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/StructParents 0>>',
      31: '<</S/Sect/P 77 0 R/Pg 5 0 R/K 1>>',
    });
    const structure = await structureOf([direct, plain()]);
    expect(structure.outline()).toMatch(/^P:0\/0 Sect:0\/1 Document/);
    expect(structure.faults()).toEqual([]);
  });

  it('states the language of each document if they differ', async () => {
    const languages = async (...catalogs: readonly string[]): Promise<(string | undefined)[]> => {
      const structure = await structureOf(catalogs.map((catalog) => plain({ catalog })));
      return structure.kids(structure.root).map((kid) => {
        return Structure.text(structure.document.context.lookup(kid, PDFDict), 'Lang');
      });
    };
    expect(await languages('/Lang(de)', '/Lang(en)')).toEqual(['(de)', '(en)']);
    expect(await languages('/Lang(de)', '/Lang(de)')).toEqual([undefined, undefined]);
  });

  it('concatenates namespaces, lexicons and associated files', async () => {
    const root = '/K 30 0 R/Namespaces[50 0 R]/PronunciationLexicon[51 0 R]/AF[52 0 R]';
    const rich = plain({
      root,
      objects: {
        31: '<</S/P/P 30 0 R/Pg 10 0 R/K 0/NS 50 0 R>>',
        50: '<</Type/Namespace/NS(http://iso.org/pdf2/ssn)>>',
        51: '<</Type/Filespec/F(a.pls)>>',
        52: '<</Type/Filespec/F(b.xml)>>',
      },
    });
    const structure = await structureOf([rich, plain(), rich]);
    const sizes = ['Namespaces', 'PronunciationLexicon', 'AF'].map((key) =>
      structure.root.lookup(PDFName.of(key), PDFArray).size(),
    );
    expect(sizes).toEqual([2, 2, 2]);
    const namespaces = structure.root.lookup(PDFName.of('Namespaces'), PDFArray).asArray();
    const used = structure.elements.flatMap(({ dict }) => dict.get(PDFName.of('NS')) ?? []);
    expect(used).toEqual(namespaces);
  });

  it('stops at cycles in the tree', async () => {
    const looped = plain({
      objects: { 31: '<</S/P/P 30 0 R/Pg 10 0 R/K[0 30 0 R 3 0 R 31 0 R]>>' },
    });
    const { result } = await merge([looped, plain()]);
    expect(result.pages).toBe(4);
    const structure = await structureOf([looped, plain()], [{ file: 0, pages: '1' }, { file: 1 }]);
    expect(structure.outline()).toMatch(/^Document\(P:0\/0 H1:0\/1\) Document/);
    expect(structure.faults()).toEqual([]);
  });
});
