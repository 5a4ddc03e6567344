import { describe, expect, it } from '@jest/globals';
import { latin1, objectsText, pdfText } from '@pdf-tools/harness/documents/pdf-text';
import { MAX_NESTING, MAX_PAGES } from '../limits.js';
import { MemorySource } from '../file/byte-source.js';
import { PdfFile } from '../file/pdf-file.js';
import { serialize } from '../syntax/serializer.js';
import { pageDict, readPageTree } from './page-tree.js';

const CATALOG = '<</Type/Catalog/Pages 2 0 R>>';
const open = (bodies: readonly string[]): PdfFile => new PdfFile(new MemorySource(pdfText([CATALOG, ...bodies]).bytes));
/** The pages of a file with these objects from number 2 on: their numbers, or `direct`. */
function pagesOf(...bodies: string[]): (number | string)[] {
  return readPageTree(open(bodies)).pages.map(({ num }) => num ?? 'direct');
}
/** The page dictionaries with inherited entries. */
function dictsOf(...bodies: string[]): string[] {
  const file = open(bodies);
  return readPageTree(file).pages.map((page) => serialize(pageDict(file, page)));
}

describe('readPageTree', () => {
  it('reads pages in order and returns the nodes above them', () => {
    const bodies = [
      '<</Kids[4 0 R 3 0 R 6 0 R]>>',
      '<</Type/Page>>',
      '<</Type/Pages/Kids[5 0 R]>>',
      '<</Type/Page>>',
      '<</Type/Page>>',
    ];
    expect(pagesOf(...bodies)).toEqual([5, 3, 6]);
    expect([...readPageTree(open(bodies)).nodes]).toEqual([2, 4]);
  });

  it.each([
    ['/Count that is too high', ['<</Type/Pages/Count 99/Kids[3 0 R]>>', '<</Type/Page>>'], [3]],
    ['/Count that is 0 or less', ['<</Type/Pages/Count -1/Kids[3 0 R 3 0 R]>>', '<</Type/Page>>'], [3, 3]],
    ['nodes that name no type', ['<</Kids[3 0 R]>>', '<</Kids[4 0 R]>>', '<</MediaBox[0 0 1 1]>>'], [4]],
    ['nodes that say they are something else', ['<</Type/Catalog/Kids[3 0 R]>>', '<</Type/Page>>'], [3]],
    ['a page that has /Kids of its own', ['<</Kids[3 0 R]>>', '<</Type/Page/Kids[4 0 R]>>', '<</Type/Page>>'], [3]],
    ['a node without /Kids', ['<</Kids[3 0 R 4 0 R]>>', '<</Type/Pages>>', '<</Type/Page>>'], [4]],
    ['kids that are no pages', ['<</Kids[3 0 R null 5 (x) 99 0 R 4 0 R]>>', '<</Type/Font>>', '<</Type/Page>>'], [4]],
    ['kids that are written into their node', ['<</Kids[<</Type/Page>> 3 0 R]>>', '<</Type/Page>>'], ['direct', 3]],
    ['/Kids in an object of its own', ['<</Kids 3 0 R>>', '[4 0 R]', '<</Type/Page>>'], [4]],
    ['one page instead of a tree', ['<</Type/Page>>'], [2]],
    ['a page that comes twice', ['<</Kids[3 0 R 3 0 R]>>', '<</Type/Page>>'], [3, 3]],
    ['a node that is its own kid', ['<</Kids[2 0 R 3 0 R]>>', '<</Type/Page>>'], [3]],
    [
      'a page that says it is a node',
      ['<</Kids[3 0 R 4 0 R]>>', '<</Type/Pages/Contents 9 0 R>>', '<</Type/Pages/MediaBox[1]>>'],
      [3, 4],
    ],
    ['a single kid without an array', ['<</Kids 3 0 R>>', '<</Kids 4 0 R>>', '<</Type/Page>>'], [4]],
    ['a circle', ['<</Kids[3 0 R]>>', '<</Kids[2 0 R 4 0 R 3 0 R]>>', '<</Type/Page>>'], [4]],
  ])('reads a tree with %s', (_, bodies, pages) => {
    expect(pagesOf(...bodies)).toEqual(pages);
  });

  it('inherits each attribute from the nearest node that has it', () => {
    const root = '<</MediaBox[1]/CropBox[2]/Rotate 90/Resources 9 0 R/UserUnit 2/Kids[3 0 R 5 0 R]>>';
    const node = '<</Rotate 180/CropBox null/Kids[4 0 R]>>';
    expect(dictsOf(root, node, '<</Type/Page/MediaBox[7]>>', '<</Type/Page/Rotate 0/CropBox null>>')).toEqual([
      '<</Type/Page/MediaBox[7]/Resources 9 0 R/CropBox[2]/Rotate 180>>',
      '<</Type/Page/Rotate 0/CropBox[2]/Resources 9 0 R/MediaBox[1]>>',
    ]);
  });

  it('collects pages that no tree leads to', () => {
    expect(pagesOf('<</Kids[99 0 R]>>', '<</Type/Page>>', '(x)', '<</Type/Page>>')).toEqual([3, 5]);
    const scanned = objectsText(['<</Type/Catalog/Pages 9 0 R>>', '<</Type/Page>>']);
    expect(readPageTree(new PdfFile(new MemorySource(latin1(scanned)))).pages).toHaveLength(1);
  });

  it('refuses a file without pages', () => {
    expect(() => pagesOf('<</Kids[]>>')).toThrow(expect.objectContaining({ code: 'corrupt_pdf' }));
  });

  it('reads trees of any depth and stops at a cycle at the bottom', () => {
    const chain = (depth: number, end: string): string[] => [
      ...Array.from({ length: depth }, (_none, at) => `<</Kids[${at + 3} 0 R]>>`),
      end,
    ];
    for (const depth of [MAX_NESTING + 1, 20_000]) {
      expect(pagesOf(...chain(depth, '<</Type/Page>>'))).toEqual([depth + 2]);
      expect(() => pagesOf(...chain(depth, '<</Kids[2 0 R 9 0 R]>>'))).toThrow('has no pages');
    }
  });

  it('shares inherited attributes between levels', () => {
    const nodes = Array.from({ length: 2_000 }, (_none, at) => `<</Kids[${at + 4} 0 R]>>`);
    const bodies = ['<</MediaBox[0 0 9 9]/Kids[3 0 R]>>', ...nodes, '<</Kids[<</Type/Page>> <</Type/Page>>]>>'];
    const [first, second] = readPageTree(open(bodies)).pages;
    expect(first?.inherited).toBe(second?.inherited);
    expect(first?.inherited.size).toBe(1);
  });

  it('finds pages that the cross-reference does not list, but not freed ones', () => {
    const bodies = [
      CATALOG,
      '<</Count 3/Kids[3 0 R 4 0 R 5 0 R]>>',
      ...Array.from({ length: 3 }, () => '<</Type/Page>>'),
    ];
    const whole = pdfText(bodies).bytes.toString('latin1');
    const unlisted = whole.replace('0 6\n', '0 4\n').replace(/(?:\d{10} 00000 n \n){2}trailer/, 'trailer');
    const freed = whole.replace(/\d{10} 00000 n \n(?=trailer)/, '0000000000 00001 f \n');
    const read = (text: string) => readPageTree(new PdfFile(new MemorySource(latin1(text))));
    expect(read(unlisted)).toMatchObject({ lost: 0, announced: 3, pages: [{ num: 3 }, { num: 4 }, { num: 5 }] });
    expect(read(freed)).toMatchObject({ lost: 1, announced: 3, pages: [{ num: 3 }, { num: 4 }] });
  });

  it('counts kids that are not pages', () => {
    const tree = readPageTree(
      open(['<</Count 3/Kids[3 0 R null 9 0 R 4 0 R]>>', '<</Type/Page>>', '<</Type/Pages/Count 0>>']),
    );
    expect([tree.lost, tree.announced]).toEqual([2, 3]);
  });

  it('refuses more pages than the limit and endless trees', () => {
    const wide = (pages: number): string => `<</Kids[${'3 0 R '.repeat(pages)}]>>`;
    expect(pagesOf(wide(MAX_PAGES), '<</Type/Page>>')).toHaveLength(MAX_PAGES);
    expect(() => pagesOf(wide(MAX_PAGES + 1), '<</Type/Page>>')).toThrow(
      expect.objectContaining({ code: 'too_many_pages' }),
    );
    const doubling = Array.from({ length: 60 }, (_none, at) => `<</Kids[${at + 3} 0 R ${at + 3} 0 R]>>`);
    expect(() => pagesOf(...doubling, '<</Kids[]>>')).toThrow(expect.objectContaining({ code: 'corrupt_pdf' }));
  });
});
