import { describe, expect, it } from '@jest/globals';
import { DiskBudget, reserveOf } from './disk-budget.js';

const MIB = 2 ** 20;
const SHARE_FULL = expect.objectContaining({
  code: 'queue_full',
  detail: expect.stringMatching(/more than half .*try again/),
  retryAfter: expect.any(Number),
});
const FULL = expect.objectContaining({
  code: 'disk_full',
  detail: expect.stringMatching(/Try again in 60 s/),
  retryAfter: 60,
});

/**
 * A disk of 1 GiB of which uploads leave 100 MiB free; `reserve` is for a new client each time; `write` is what
 * other processes write to it.
 */
function disk(free: number) {
  const space = { free: free * MIB, total: 1_024 * MIB };
  const budget = new DiskBudget({ spaceNow: () => space }, 100 * MIB);
  let clients = 0;
  const reserve = (expected: number, waiting: number, client = `client ${++clients}`) =>
    budget.reserve(client, expected, waiting);
  return { reserve, write: (mib: number) => (space.free -= mib * MIB) };
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
    const { reserve } = disk(200);
    reserve(60 * MIB, 0);
    expect(() => reserve(60 * MIB, 0)).toThrow(FULL);
    reserve(40 * MIB, 0);
  });

  it('counts bytes once that are reserved and then written', () => {
    const { reserve, write } = disk(200);
    const upload = reserve(60 * MIB, 0);
    upload.take(60 * MIB);
    write(60);
    reserve(40 * MIB, 0);
  });

  it('takes back the reservation of an upload that breaks', () => {
    const { reserve } = disk(200);
    const broken = reserve(60 * MIB, 0);
    broken.take(MIB);
    broken.release();
    broken.release();
    reserve(100 * MIB, 0);
    expect(() => reserve(1, 0)).toThrow(FULL);
  });

  it('counts the results of waiting jobs', () => {
    const { reserve } = disk(200);
    expect(() => reserve(60 * MIB, 60 * MIB)).toThrow(FULL);
  });

  it('ends an upload of unknown size at the reserve', () => {
    const { reserve, write } = disk(102);
    const upload = reserve(0, 0);
    for (let taken = 0; taken < 2; taken++) {
      upload.take(MIB);
      write(1);
    }
    expect(() => {
      upload.take(MIB);
    }).toThrow(FULL);
  });

  it('ends a reserved upload when others have taken half of the reserve', () => {
    const { reserve, write } = disk(200);
    const upload = reserve(60 * MIB, 0);
    write(140);
    upload.take(9 * MIB);
    expect(() => {
      upload.take(11 * MIB);
    }).toThrow(FULL);
  });

  it('refuses a client that would reserve more than half of the room while another upload of it is in flight', () => {
    const { reserve } = disk(200);
    const first = reserve(30 * MIB, 0, 'slow');
    reserve(20 * MIB, 0, 'slow');
    expect(() => reserve(1, 0, 'slow')).toThrow(SHARE_FULL);
    reserve(50 * MIB, 0, 'other');
    first.release();
    reserve(30 * MIB, 0, 'slow');
  });

  it('lets the only upload of a client have all the room', () => {
    const { reserve } = disk(200);
    const only = reserve(100 * MIB, 0, 'large');
    only.release();
    reserve(90 * MIB, 0, 'large');
    expect(() => reserve(MIB, 0, 'large')).toThrow(SHARE_FULL);
  });

  it('counts the results of waiting jobs before it halves the room, and written bytes no more', () => {
    const { reserve, write } = disk(200);
    const upload = reserve(10 * MIB, 60 * MIB, 'slow');
    expect(() => reserve(11 * MIB, 60 * MIB, 'slow')).toThrow(SHARE_FULL);
    upload.take(10 * MIB);
    write(10);
    reserve(11 * MIB, 60 * MIB, 'slow');
  });
});
