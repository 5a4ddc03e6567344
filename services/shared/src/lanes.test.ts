import { describe, expect, it } from '@jest/globals';
import { laneOf, openLanes } from './lanes.js';

const MIB = 2 ** 20;

const MPX = 1_000_000;

describe('laneOf', () => {
  it.each([
    [[{ bytes: 0 }], 'small'],
    [[{ bytes: 2 * MIB }], 'small'],
    [[{ bytes: MIB }, { bytes: MIB + 1 }], 'large'],
    [[{ bytes: 16 * MIB }, { bytes: 16 * MIB - 1 }], 'large'],
    [[{ bytes: 16 * MIB }, { bytes: 16 * MIB }], 'giant'],
    [[{ bytes: 9, pixels: MPX }], 'small'],
    [[{ bytes: 9, pixels: 12 * MPX }, { bytes: 9, pixels: 12 * MPX }, { bytes: 9 }], 'large'],
    [[{ bytes: 9 }, { bytes: 9, pixels: 50 * MPX }], 'giant'],
  ] as const)('%j: %s', (inputs, lane) => {
    expect(laneOf(inputs)).toBe(lane);
  });
});

describe('openLanes', () => {
  it('are all open for an idle worker', () => {
    expect(openLanes([], 2)).toEqual(['small', 'large', 'giant']);
  });

  it('keep one place for a small job when all else is heavy', () => {
    expect(openLanes(['large', 'giant'], 2)).toEqual(['small']);
    expect(openLanes(['large', 'giant', 'small'], 2)).toEqual([]);
  });

  it('let one giant through at a time', () => {
    expect(openLanes(['giant'], 4)).toEqual(['small', 'large']);
  });

  it('close when every place is taken', () => {
    expect(openLanes(['small', 'small', 'small'], 2)).toEqual([]);
  });
});
