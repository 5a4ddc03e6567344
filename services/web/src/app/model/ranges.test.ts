import { describe, expect, it } from '@jest/globals';
import { toItems, toRanges, turn } from './ranges.js';
import type { PlannedPage } from './ranges.js';

describe('toRanges', () => {
  it.each([
    [[1], '1'],
    [[1, 2, 3], '1-3'],
    [[3, 2, 1], '3-1'],
    [[1, 3, 5], '1,3,5'],
    [[1, 2, 3, 7, 6, 5, 9, 9], '1-3,7-5,9,9'],
    [[1, 2, 1], '1-2,1'],
  ])('writes %j as %s', (pages, text) => {
    expect(toRanges(pages)).toBe(text);
  });
});

describe('toItems', () => {
  const page = (file: number, number?: number, more: Partial<PlannedPage> = {}): PlannedPage => ({
    file,
    page: number,
    rotate: 0,
    password: '',
    ...more,
  });

  it('puts pages of one file that follow each other into one item', () => {
    expect(toItems([page(0, 1), page(0, 2), page(1, 4), page(0, 3)])).toEqual([
      { file: 0, pages: '1-2' },
      { file: 1, pages: '4' },
      { file: 0, pages: '3' },
    ]);
  });

  it('separates pages with another rotation', () => {
    expect(toItems([page(0, 1), page(0, 2, { rotate: 90 }), page(0, 3, { rotate: 90 })])).toEqual([
      { file: 0, pages: '1' },
      { file: 0, pages: '2-3', rotate: 90 },
    ]);
  });

  it('names no pages for a whole file, and repeats a file that is used twice', () => {
    expect(toItems([page(0), page(0), page(1, undefined, { password: 'secret' })])).toEqual([
      { file: 0 },
      { file: 0 },
      { file: 1, password: 'secret' },
    ]);
  });
});

it('turn adds quarter turns in both directions', () => {
  expect([turn(0, 90), turn(270, 90), turn(0, -90)]).toEqual([90, 0, 270]);
});
