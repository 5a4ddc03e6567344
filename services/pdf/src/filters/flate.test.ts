import { constants, deflateRawSync, deflateSync, inflateSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { budgetOf } from '@pdf-tools/harness/documents/budget';
import { SeededRandom } from '@pdf-tools/harness/documents/random';
import { DecodingBudget } from './budget.js';
import { decodeFlate } from './flate.js';
import { inflateDamaged } from './inflate.js';

const MEBIBYTE = 2 ** 20;
const decoded = (data: Buffer): Buffer => decodeFlate(data, new DecodingBudget());
const text = Buffer.from('BT /F1 12 Tf 72 720 Td (Hello) Tj ET\n'.repeat(40));

/** Copies `data` with one byte changed. */
function damaged(data: Buffer, at: number, bits = 0xff): Buffer {
  const copy = Buffer.from(data);
  copy[at] = (copy[at] ?? 0) ^ bits;
  return copy;
}

/** Zlib's output for the longest prefix of the data that it accepts. */
function beforeDamage(data: Buffer): Buffer {
  const inflate = (length: number): Buffer | undefined => {
    try {
      return inflateSync(data.subarray(0, length), { finishFlush: constants.Z_SYNC_FLUSH });
    } catch {
      return undefined;
    }
  };
  let least = 0;
  let most = data.length;
  while (least < most) {
    const middle = Math.ceil((least + most) / 2);
    if (inflate(middle)) least = middle;
    else most = middle - 1;
  }
  return inflate(least) ?? Buffer.alloc(0);
}

describe('decodeFlate', () => {
  it('decodes zlib data', () => {
    expect(decoded(deflateSync(text))).toEqual(text);
    expect(decoded(Buffer.from('789c4b4c4a0600024d0127', 'hex')).toString()).toBe('abc');
  });

  it.each([
    ['rubbish after the end', Buffer.concat([deflateSync(text), Buffer.from('\r\nendstream')])],
    ['line ends before the header', Buffer.concat([Buffer.from('\r\n'), deflateSync(text)])],
    ['no checksum', deflateSync(text).subarray(0, -4)],
    ['a wrong checksum', damaged(deflateSync(text), deflateSync(text).length - 1)],
    ['a header that fails its check', damaged(deflateSync(text), 1, 1)],
    ['a header of another method', damaged(deflateSync(text), 0, 7)],
    ['a header that promises too wide a window', damaged(deflateSync(text), 0, 0x80)],
    ['no header', deflateRawSync(text)],
  ])('decodes data with %s', (_, data) => {
    expect(decoded(data).equals(text)).toBe(true);
  });

  it('decodes empty data and half a header to nothing', () => {
    expect(decoded(Buffer.alloc(0))).toHaveLength(0);
    expect(decoded(Buffer.from([0x78]))).toHaveLength(0);
    expect(decoded(Buffer.from('\r\n'))).toHaveLength(0);
  });

  it('decodes truncated data up to the cut', () => {
    const data = new SeededRandom(1).mixture(4000);
    const deflated = deflateSync(data);
    let longest = 0;
    for (let length = 0; length <= deflated.length; length += 1) {
      const bytes = decoded(deflated.subarray(0, length));
      expect(bytes.equals(data.subarray(0, bytes.length))).toBe(true);
      expect(bytes.length).toBeGreaterThanOrEqual(longest);
      longest = bytes.length;
    }
    expect(longest).toBe(data.length);
  });

  it('decodes damaged data at least as far as zlib does', () => {
    const data = new SeededRandom(2).mixture(1500);
    const deflated = deflateSync(data);
    for (let at = 2; at < deflated.length; at += 1) {
      const broken = damaged(deflated, at);
      const expected = beforeDamage(broken);
      expect(decoded(broken).subarray(0, expected.length).equals(expected)).toBe(true);
    }
  });

  it('stops at the limit, damaged or not', () => {
    const bomb = deflateSync(Buffer.alloc(MEBIBYTE));
    expect(decodeFlate(bomb, budgetOf(MEBIBYTE))).toHaveLength(MEBIBYTE);
    for (const data of [bomb, damaged(bomb, bomb.length - 1), bomb.subarray(2), damaged(bomb, bomb.length - 9)]) {
      expect(() => decodeFlate(data, budgetOf(MEBIBYTE - 400_000))).toThrow(
        expect.objectContaining({ code: 'upload_too_large' }),
      );
    }
  });
});

describe('inflateDamaged', () => {
  const strategies = [constants.Z_DEFAULT_STRATEGY, constants.Z_HUFFMAN_ONLY, constants.Z_RLE, constants.Z_FIXED];
  it.each(strategies)('inflates as zlib does what is not damaged, strategy %d', (strategy) => {
    for (const level of [0, 1, 6, 9]) {
      for (let seed = 1; seed <= 4; seed += 1) {
        const data = new SeededRandom(seed).mixture(40_000 * seed);
        const deflated = deflateRawSync(data, { level, strategy, memLevel: seed * 2 });
        expect(inflateDamaged(deflated, new DecodingBudget()).equals(data)).toBe(true);
      }
    }
  });

  it('inflates one block after another, and none after the last', () => {
    const first = deflateRawSync(text, { finishFlush: constants.Z_SYNC_FLUSH });
    const data = Buffer.concat([first, deflateRawSync(text), deflateRawSync(text)]);
    expect(inflateDamaged(data, new DecodingBudget()).equals(Buffer.concat([text, text]))).toBe(true);
  });

  it('decodes noise without throwing', () => {
    for (let seed = 1; seed <= 3000; seed += 1) {
      const noise = new SeededRandom(seed).bytes(300);
      expect(inflateDamaged(noise, new DecodingBudget()).length).toBeLessThan(300 * 1100);
    }
  });

  it.each([
    ['a stored block whose length is not confirmed', '01 0300 fcfe 616263', ''],
    ['a stored block that is cut off', '01 0300 fcff 6162', 'ab'],
    ['a stored block without a length', '01 03', ''],
    ['a block of no known type', '07', ''],
    ['a match that begins before the data', '4b 04 12 00', 'a'],
  ])('stops at %s', (_, hex, expected) => {
    const data = Buffer.from(hex.replaceAll(' ', ''), 'hex');
    expect(inflateDamaged(data, new DecodingBudget()).toString()).toBe(expected);
  });
});
