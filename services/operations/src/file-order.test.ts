import { describe, expect, it } from '@jest/globals';
import { orderFiles } from './file-order.js';

describe('the order of files', () => {
  const files = ['p10.png', 'p9.png', 'a.png', 'p9.png'].map((name) => ({ name }));

  it.each([
    ['upload', [0, 1, 2, 3]],
    ['natural', [2, 1, 3, 0]],
    ['name', [2, 0, 1, 3]],
  ] as const)('is %s', (order, expected) => {
    expect(orderFiles(files, order)).toEqual(expected);
  });
});
