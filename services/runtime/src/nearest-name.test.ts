import { expect, it } from '@jest/globals';
import { nearestName } from './nearest-name.js';

const NAMES = ['dpi', 'image-quality', 'color-mode'];

it.each([
  ['image-qualty', 'image-quality'],
  ['dpl', 'dpi'],
  ['Color-Mode', 'color-mode'],
])('finds the name that "%s" was meant to be', (written, name) => {
  expect(nearestName(written, NAMES)).toBe(name);
});

it.each(['rotation', 'xyz', '', 'x'.repeat(100_000)])('finds none that is similar to %.20s', (written) => {
  expect(nearestName(written, NAMES)).toBeUndefined();
});

it('finds none in an empty list', () => {
  expect(nearestName('dpi', [])).toBeUndefined();
});
