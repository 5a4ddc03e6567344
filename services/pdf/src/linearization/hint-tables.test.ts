import { describe, expect, it } from '@jest/globals';
import { hintTables } from './hint-tables.js';
import type { Hints } from './hint-tables.js';

const HINTS: Hints = {
  firstPageOffset: 0x1_0203,
  pages: [
    { objects: 3, bytes: 700, shared: [] },
    { objects: 1, bytes: 500, shared: [2] },
    { objects: 2, bytes: 505, shared: [1, 3] },
  ],
  shared: { first: { num: 9, offset: 0xffff_fff0 }, firstPageCount: 3, bytes: [200, 300, 200, 203] },
};

/** Integers of 32 bits, and of 16 bits if marked `short`. */
function fields(...values: readonly (number | { readonly short: number })[]): Buffer {
  return Buffer.concat(
    values.map((value) => {
      const field = Buffer.alloc(typeof value === 'number' ? 4 : 2);
      if (typeof value === 'number') field.writeUInt32BE(value);
      else field.writeUInt16BE(value.short);
      return field;
    }),
  );
}

const bits = (text: string): Buffer =>
  Buffer.from((text.match(/[01]{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));

describe('hintTables', () => {
  const { data, sharedAt, outlinesAt } = hintTables(HINTS);

  it('starts the page offset hint table with the least values and the widths of the differences', () => {
    const widths = [{ short: 2 }, { short: 3 }, { short: 0 }, { short: 4 }];
    const length = [500, { short: 8 }] as const;
    expect(data.subarray(0, 36)).toEqual(
      fields(1, 0x1_0203, { short: 2 }, ...length, 0, { short: 0 }, ...length, ...widths),
    );
  });

  it('packs each item of all pages into bits that end at a byte', () => {
    const objects = '10' + '00' + '01' + '00';
    const lengths = '11001000' + '00000000' + '00000101';
    const counts = '00' + '01' + '10' + '00';
    const identifiers = '010' + '001' + '011' + '0000000';
    expect(data.subarray(36, sharedAt)).toEqual(bits(objects + lengths + counts + identifiers + lengths));
  });

  it('writes one group for each shared object, without signatures', () => {
    const header = fields(9, 0xffff_fff0, 3, 4, { short: 0 }, 200, { short: 7 });
    const lengths = '0000000' + '1100100' + '0000000' + '0000011' + '0000';
    expect(data.subarray(sharedAt)).toEqual(Buffer.concat([header, bits(lengths + '00000000')]));
    expect(outlinesAt).toBeUndefined();
  });

  it('writes no bits for values that are all equal', () => {
    const [page] = HINTS.pages;
    const equal = hintTables({ ...HINTS, pages: page ? [page] : [] });
    expect(equal.sharedAt).toBe(36);
  });

  it('writes the outline hint table after the others', () => {
    const tables = hintTables({ ...HINTS, outlines: { num: 20, offset: 4000, objects: 5, bytes: 600 } });
    expect(tables.outlinesAt).toBe(data.length);
    expect(tables.data.subarray(data.length)).toEqual(fields(20, 4000, 5, 600));
  });
});
