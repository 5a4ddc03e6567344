import { describe, expect, it } from '@jest/globals';
import { costOf, laneOf, roomFor, unitsOf } from './lanes.js';
import type { Lane } from './lanes.js';

const MIB = 2 ** 20;

const MPX = 1_000_000;

describe('laneOf', () => {
  it.each([
    [[{ bytes: 0 }], 'small'],
    [[{ bytes: 2 * MIB }], 'small'],
    [[{ bytes: MIB }, { bytes: MIB + 1 }], 'large'],
    [[{ bytes: 16 * MIB }, { bytes: 16 * MIB - 1 }], 'large'],
    [[{ bytes: 16 * MIB }, { bytes: 16 * MIB }], 'xlarge'],
    [[{ bytes: 9, pixels: MPX }], 'small'],
    [[{ bytes: 9, pixels: 12 * MPX }, { bytes: 9, pixels: 12 * MPX }, { bytes: 9 }], 'large'],
    [[{ bytes: 9 }, { bytes: 9, pixels: 50 * MPX }], 'xlarge'],
  ] as const)('%j: %s', (inputs, lane) => {
    expect(laneOf(inputs)).toBe(lane);
  });
});

describe('laneOf', () => {
  it('puts a job with more than 100 units into the large lane', () => {
    expect(laneOf([{ bytes: 9 }], 100)).toBe('small');
    expect(laneOf([{ bytes: 9 }], 101)).toBe('large');
  });
});

describe('unitsOf', () => {
  it.each([
    ['files', 2, [{ bytes: 1 }, { bytes: 1 }], {}],
    ['the entries of a list in the parameters', 2_000, [{ bytes: 1 }], { items: Array(2_000), toc: true }],
    [
      'the pages that files claim to have',
      700,
      [
        { bytes: 1, pages: 300 },
        { bytes: 1, pages: 400 },
      ],
      { items: [] },
    ],
  ])('counts %s', (_what, units, inputs, params) => {
    expect(unitsOf(inputs, params)).toBe(units);
  });
});

describe('costOf', () => {
  it('grows with bytes and with units', () => {
    expect(costOf([{ bytes: 0 }], 0)).toBe(1);
    expect(costOf([{ bytes: 40 * MIB }], 0)).toBe(11);
    expect(costOf([{ bytes: 0 }], 2_000)).toBe(21);
  });
});

describe('roomFor', () => {
  const jobs = (...list: [Lane, string][]) => list.map(([lane, client]) => ({ lane, client }));

  it('is every lane for an idle worker', () => {
    expect(roomFor([], 2)).toMatchObject({ lanes: ['small', 'large', 'xlarge'], except: '' });
  });

  it('keeps one slot for a small job when all other slots are heavy', () => {
    expect(roomFor(jobs(['large', 'a'], ['xlarge', 'b']), 2)).toMatchObject({ lanes: ['small'], except: '' });
    expect(roomFor(jobs(['large', 'a'], ['xlarge', 'b'], ['small', 'c']), 2).lanes).toEqual([]);
  });

  it('has no xlarge lane while an xlarge job runs', () => {
    expect(roomFor(jobs(['xlarge', 'a']), 4).lanes).toEqual(['small', 'large']);
  });

  it('is empty when every slot is taken', () => {
    expect(roomFor(jobs(['small', 'a'], ['small', 'b'], ['small', 'c']), 2).lanes).toEqual([]);
  });

  it('keeps the last slot for another client when one client has all others', () => {
    expect(roomFor(jobs(['small', 'a'], ['large', 'a']), 2).except).toBe('a');
    expect(roomFor(jobs(['small', 'a'], ['large', 'b']), 2).except).toBe('');
    expect(roomFor(jobs(['small', 'a']), 2).except).toBe('');
  });

  it('lets a small job pass heavy jobs of its client only while no other client has jobs', () => {
    const room = { lanes: ['small'], except: 'a', exceptIfAlone: false };
    expect(roomFor(jobs(['large', 'a'], ['large', 'a']), 2)).toEqual(room);
    expect(roomFor(jobs(['small', 'a'], ['large', 'a']), 2).exceptIfAlone).toBe(true);
  });
});
