import { describe, expect, it } from '@jest/globals';
import { readPageRanges } from './page-ranges.js';

describe('page ranges', () => {
  it.each([
    ['1-3,7-,r1', [0, 1, 2, 6, 7, 8, 9, 9]],
    ['-2', [0, 1]],
    ['3-1', [2, 1, 0]],
    ['r2-r1', [8, 9]],
    ['r1-8', [9, 8, 7]],
    [' 2 , 2 ', [1, 1]],
    ['10', [9]],
  ])('reads %s of ten pages', (text, pages) => {
    expect(readPageRanges(text, 10)).toEqual(pages);
  });

  it.each(['', '0', '11', '1-11', 'r0', 'r11', 'a', '1--2', '1-2-3', '-', '1,', '1.5', '999999999999', '1;2'])(
    'refuses "%s"',
    (text) => {
      expect(() => readPageRanges(text, 10)).toThrow(expect.objectContaining({ code: 'invalid_range' }));
    },
  );

  it('distinguishes a syntax error from a page that does not exist', () => {
    expect(() => readPageRanges('1-x', 3)).toThrow(
      'has an invalid page range "1-x"; valid ranges are 1-3, 7-, -3 and r1',
    );
    expect(() => readPageRanges('4', 3)).toThrow('has 3 pages; page 4 does not exist');
  });

  it('stops at the page limit of a document', () => {
    const text = Array.from({ length: 11 }, () => '1-').join(',');
    expect(() => readPageRanges(text, 1000)).toThrow(expect.objectContaining({ code: 'too_many_pages' }));
  });
});
