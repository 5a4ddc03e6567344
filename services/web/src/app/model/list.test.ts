import { describe, expect, it } from '@jest/globals';
import { move, shift } from './list.js';

describe('move', () => {
  it.each([
    [0, 2, 'bca'],
    [2, 0, 'cab'],
    [0, 9, 'bca'],
    [1, -1, 'bac'],
  ])('takes the item at %i to %i', (from, to, result) => {
    expect(move(['a', 'b', 'c'], from, to).join('')).toBe(result);
  });
});

describe('shift', () => {
  it.each([
    ['bc', -1, 'bcad'],
    ['bc', 1, 'adbc'],
    ['ab', -1, 'abcd'],
    ['ac', -1, 'acbd'],
    ['bd', 1, 'acbd'],
  ] as const)('moves %s by %i', (chosen, by, result) => {
    expect(shift(['a', 'b', 'c', 'd'], new Set(chosen.split('')), by).join('')).toBe(result);
  });
});
