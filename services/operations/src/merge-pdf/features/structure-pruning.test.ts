import { describe, expect, it } from '@jest/globals';
import { PDFDict } from 'pdf-lib';
import { Structure } from '@pdf-tools/harness/documents/structure';
import { textPdf } from '@pdf-tools/harness/documents/text-pdf';
import { produce } from '@pdf-tools/harness/documents/workshop';
import operation from '../definition.js';

/** Three pages, objects 10 to 12, with these elements. Object 30 is the top element. */
function tagged(elements: Readonly<Record<number, string>>, { root = '', nums = '', page = '' } = {}): Buffer {
  const pages = [0, 1, 2].map((at): [number, string] => {
    const entries = `/MediaBox[0 0 ${100 + at} 50]/StructParents ${at} ${at === 1 ? page : ''}`;
    return [10 + at, `<</Type/Page/Parent 2 0 R${entries}>>`];
  });
  return textPdf({
    1: '<</Type/Catalog/Pages 2 0 R/StructTreeRoot 3 0 R/MarkInfo<</Marked true>>>>',
    2: '<</Type/Pages/Kids[10 0 R 11 0 R 12 0 R]/Count 3>>',
    3: `<</Type/StructTreeRoot/K 30 0 R/ParentTree<</Nums[${nums}]>>${root}>>`,
    ...Object.fromEntries(pages),
    ...elements,
  });
}

async function pagesOf(bytes: Buffer, ...pages: readonly string[]): Promise<Structure> {
  const params = { items: pages.map((range) => ({ file: 0, pages: range })) };
  return Structure.read((await produce(operation, [['a.pdf', bytes]], { params })).bytes);
}

const over = tagged(
  {
    30: '<</S/Document/P 3 0 R/K[31 0 R 34 0 R]>>',
    31: '<</S/Table/P 30 0 R/K[32 0 R 33 0 R]>>',
    32: '<</S/TR/P 31 0 R/K[40 0 R 41 0 R]>>',
    33: '<</S/TR/P 31 0 R/K[42 0 R 43 0 R]>>',
    34: '<</S/P/P 30 0 R/Pg 12 0 R/K[0 <</Type/MCR/Pg 11 0 R/MCID 1>>]/Ref[40 0 R 42 0 R]>>',
    40: '<</S/TH/P 32 0 R/Pg 10 0 R/K 0/ID(head)>>',
    41: '<</S/TD/P 32 0 R>>',
    42: '<</S/TD/P 33 0 R/Pg 11 0 R/K 0/ID(cell)/A<</O/Table/Headers[(head)(cell)]>>>>',
    43: '<</S/TD/P 33 0 R>>',
  },
  { root: '/IDTree<</Names[(cell)42 0 R(head)40 0 R]>>', nums: '0[40 0 R]1[42 0 R 34 0 R]2[34 0 R]' },
);

describe('the structure tree of an incomplete file', () => {
  it('drops content of other pages and keeps empty cells in kept rows', async () => {
    const structure = await pagesOf(over, '2');
    expect(structure.outline()).toBe('Document(Table(TR(TD:0/0 TD)) P:0/1)');
    expect(structure.faults()).toEqual([]);
    expect([...structure.parentTree().keys()]).toHaveLength(1);
    expect([...structure.idTree().keys()]).toEqual(['cell']);
    const cell = structure.withId('cell');
    expect(Structure.text(cell, 'A')).toMatch(/\/Headers \[ \(cell\) \]/);
    const paragraph = structure.elements.find(({ dict }) => Structure.text(dict, 'S') === '/P');
    expect(Structure.text(paragraph?.dict, 'Ref')).toMatch(/^\[ \d+ 0 R \]$/);
    expect(structure.document.context.enumerateIndirectObjects().join('')).not.toContain('null');
  });

  it('is complete if all pages are taken in another order', async () => {
    const structure = await pagesOf(over, '3', '1-2');
    expect(structure.outline()).toBe('Document(Table(TR(TH:1/0 TD) TR(TD:2/0 TD)) P:0/0,2/1)');
    expect(structure.faults()).toEqual([]);
  });

  it('is repeated for repeated pages', async () => {
    const structure = await pagesOf(over, '1-', '2');
    expect(structure.outline()).toBe(
      'Document(Table(TR(TH:0/0 TD) TR(TD:1/0 TD)) P:2/0,1/1) Document(Table(TR(TD:3/0 TD)) P:3/1)',
    );
    expect(structure.faults()).toEqual([]);
    expect([...structure.idTree().keys()]).toEqual(['cell', 'cell_2', 'head']);
  });

  it('is omitted if nothing is left', async () => {
    const bytes = tagged({
      30: '<</S/P/P 3 0 R/K[31 0 R 32 0 R]>>',
      31: '<</S/P/P 30 0 R/Pg 10 0 R/K 0>>',
      32: '<</S/P/P 30 0 R>>',
    });
    await expect(pagesOf(bytes, '2')).rejects.toThrow('has no structure tree');
  });

  it('inherits the page of an element from its ancestors', async () => {
    const bytes = tagged({
      30: '<</S/Document/P 3 0 R/K[31 0 R 32 0 R]>>',
      31: '<</S/Sect/P 30 0 R/Pg 11 0 R/K[33 0 R <</S/P/P 31 0 R/K 1>>]>>',
      32: '<</S/Sect/P 30 0 R/Pg 10 0 R/K[<</S/P/P 32 0 R/K 0>> 34 0 R]>>',
      33: '<</S/P/P 31 0 R/K 0>>',
      34: '<</S/P/P 32 0 R/K<</Type/MCR/Pg 11 0 R/MCID 2>>>>',
    });
    const structure = await pagesOf(bytes, '2');
    // `outline` only reads an element's own page. -1 means inherited.
    expect(structure.outline()).toBe('Document(Sect(P:-1/0 P:-1/1) Sect(P:0/2))');
    const [, first, , , second] = structure.elements;
    expect([first, second].map((each) => Structure.text(each?.dict, 'Pg') !== undefined)).toEqual([true, false]);
  });

  it('keeps only annotations of the taken pages', async () => {
    const bytes = tagged(
      {
        30: '<</S/Document/P 3 0 R/K[31 0 R 32 0 R 33 0 R]>>',
        31: '<</S/Link/P 30 0 R/Pg 10 0 R/K<</Type/OBJR/Obj 50 0 R/Pg 10 0 R>>>>',
        32: '<</S/Link/P 30 0 R/Pg 11 0 R/K<</Type/OBJR/Obj 51 0 R>>>>',
        33: '<</S/Figure/P 30 0 R/Pg 11 0 R/K<</Type/OBJR/Obj 52 0 R>>>>',
        50: '<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/StructParent 5>>',
        51: '<</Type/Annot/Subtype/Text/Rect[0 0 9 9]/P 10 0 R/StructParent 6>>',
        52: '<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Length 0>>\nstream\n\nendstream',
      },
      { page: '/Annots[50 0 R]', nums: '5 31 0 R 6 32 0 R' },
    );
    const structure = await pagesOf(bytes, '2');
    expect(structure.elements.map(({ dict }) => Structure.text(dict, 'S'))).toEqual(['/Document', '/Link', '/Figure']);
    expect(structure.faults()).toEqual([]);
    expect([...structure.parentTree().values()]).toEqual([structure.elements[1]?.dict]);
    const kinds = structure.document.context
      .enumerateIndirectObjects()
      .map(([, object]) => (object instanceof PDFDict ? Structure.text(object, 'Subtype') : undefined));
    expect(kinds).not.toContain('/Text');
  });

  it('is reported as lost if it is too deep', async () => {
    const chain = Array.from({ length: 600 }, (_none, at): [number, string] => [
      100 + at,
      `<</S/P/P ${99 + at} 0 R/Pg 10 0 R/K[0 ${101 + at} 0 R]>>`,
    ]);
    const bytes = tagged({ 30: '<</S/P/P 3 0 R/K 100 0 R>>', ...Object.fromEntries(chain) });
    const params = { items: [{ file: 0, pages: '1' }] };
    const { result } = await produce(operation, [['a.pdf', bytes]], { params });
    expect(result.report).toMatchObject({ files: [{ not_kept: [expect.stringContaining('tags')] }] });
  });

  it('stops at an endless tree', async () => {
    const bytes = tagged({
      30: '<</S/P/P 3 0 R/K[31 0 R 32 0 R]>>',
      31: '<</S/P/P 30 0 R/K 33 0 R>>',
      32: '<</S/P/P 30 0 R/K 31 0 R>>',
      33: '[<</S/P/Pg 10 0 R/K 0>> 30 0 R <</S/P/K 33 0 R>>]',
    });
    expect((await pagesOf(bytes, '1')).outline()).toBe('P(P(P:0/0 P) P)');
  });
});
