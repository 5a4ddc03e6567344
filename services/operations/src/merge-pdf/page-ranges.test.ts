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

  it('says what the document has', () => {
    expect(() => readPageRanges('4', 3)).toThrow('has 3 pages, so none that is "4"');
  });

  it('stops at more pages than a document may have', () => {
    const text = Array.from({ length: 11 }, () => '1-').join(',');
    expect(() => readPageRanges(text, 1000)).toThrow(expect.objectContaining({ code: 'too_many_pages' }));
  });
});
