import { describe, expect, it } from '@jest/globals';
import { laneOf, openLanes } from './lanes.js';

const MIB = 2 ** 20;

describe('laneOf', () => {
  it.each([
    [0, 'small'],
    [2 * MIB, 'small'],
    [2 * MIB + 1, 'large'],
    [32 * MIB - 1, 'large'],
    [32 * MIB, 'giant'],
  ] as const)('%d bytes: %s', (bytes, lane) => {
    expect(laneOf(bytes)).toBe(lane);
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
