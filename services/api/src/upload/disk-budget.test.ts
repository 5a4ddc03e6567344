import { describe, expect, it } from '@jest/globals';
import { DiskBudget, reserveOf } from './disk-budget.js';

const MIB = 2 ** 20;
const FULL = expect.objectContaining({ code: 'disk_full', retryAfter: expect.any(Number) });

/** A disk of 1 GiB of which uploads leave 100 MiB free; `write` is what anybody writes to it. */
function disk(free: number) {
  const space = { free: free * MIB, total: 1_024 * MIB };
  const budget = new DiskBudget({ spaceNow: () => space }, 100 * MIB);
  return { budget, write: (mib: number) => (space.free -= mib * MIB) };
}

describe('the reserve', () => {
  it('is the larger of 1 GiB and 5 % of the volume, unless it is configured', () => {
    expect(reserveOf({ total: 2 ** 31 }, 0)).toBe(2 ** 30);
    expect(reserveOf({ total: 2 ** 40 }, 0)).toBe(2 ** 40 / 20);
    expect(reserveOf({ total: 2 ** 40 }, 7)).toBe(7);
  });
});

describe('a disk budget', () => {
  it('counts uploads in flight that have written nothing yet', () => {
    const { budget } = disk(200);
    budget.reserve(60 * MIB, 0);
    expect(() => budget.reserve(60 * MIB, 0)).toThrow(FULL);
    budget.reserve(40 * MIB, 0);
  });

  it('counts bytes once that are reserved and then written', () => {
    const { budget, write } = disk(200);
    const upload = budget.reserve(60 * MIB, 0);
    upload.take(60 * MIB);
    write(60);
    budget.reserve(40 * MIB, 0);
  });

  it('takes back the reservation of an upload that breaks', () => {
    const { budget } = disk(200);
    const broken = budget.reserve(60 * MIB, 0);
    broken.take(MIB);
    broken.release();
    broken.release();
    budget.reserve(100 * MIB, 0);
    expect(() => budget.reserve(1, 0)).toThrow(FULL);
  });

  it('counts the results of waiting jobs', () => {
    const { budget } = disk(200);
    expect(() => budget.reserve(60 * MIB, 60 * MIB)).toThrow(FULL);
  });

  it('ends an upload of unknown size at the reserve', () => {
    const { budget, write } = disk(102);
    const upload = budget.reserve(0, 0);
    for (let taken = 0; taken < 2; taken++) {
      upload.take(MIB);
      write(1);
    }
    expect(() => {
      upload.take(MIB);
    }).toThrow(FULL);
  });

  it('ends a reserved upload when others have taken half of the reserve', () => {
    const { budget, write } = disk(200);
    const upload = budget.reserve(60 * MIB, 0);
    write(140);
    upload.take(9 * MIB);
    expect(() => {
      upload.take(11 * MIB);
    }).toThrow(FULL);
  });
});
