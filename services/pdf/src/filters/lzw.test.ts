import { describe, expect, it } from '@jest/globals';
import { budgetOf } from '@pdf-tools/harness/documents/budget';
import { SeededRandom } from '@pdf-tools/harness/documents/random';
import { DecodingBudget } from './budget.js';
import { decodeLzw } from './lzw.js';

const CLEAR = 256;
const END_OF_DATA = 257;

const decoded = (data: Buffer, earlyChange: 0 | 1 = 1): Buffer => decodeLzw(data, earlyChange, new DecodingBudget());

/** Packs codes into bytes. `widths` contains the bits of each. */
function pack(codes: readonly number[], widths: readonly number[]): Buffer {
  const bits = codes.map((code, index) => code.toString(2).padStart(widths[index] ?? 9, '0')).join('');
  return Buffer.from((bits.match(/.{1,8}/g) ?? []).map((byte) => parseInt(byte.padEnd(8, '0'), 2)));
}

interface Manner {
  readonly earlyChange: 0 | 1;
  /** The table is cleared at this number of codes, or never above 4096. */
  readonly clearAt: number;
  readonly marked?: boolean;
}

/** A simple encoder. Its table is one code ahead of the decoder's. */
function encode(data: Buffer, { earlyChange, clearAt, marked = true }: Manner): Buffer {
  const codes: number[] = [];
  const widths: number[] = [];
  let table = new Map<string, number>();
  let known = 258;
  const emit = (code: number): void => {
    const ahead = Math.min(known, 4096) - 1 + earlyChange;
    codes.push(code);
    widths.push(known === 258 ? 9 : Math.min(12, Math.max(9, ahead.toString(2).length)));
  };
  const codeOf = (text: string): number | undefined => (text.length === 1 ? text.charCodeAt(0) : table.get(text));
  if (marked) emit(CLEAR);
  let text = '';
  for (const character of data.toString('latin1')) {
    if (codeOf(text + character) !== undefined) {
      text += character;
      continue;
    }
    emit(codeOf(text) ?? 0);
    if (known < 4096) table.set(text + character, known);
    known += 1;
    text = character;
    if (known < clearAt) continue;
    emit(CLEAR);
    table = new Map();
    known = 258;
  }
  if (text !== '') emit(codeOf(text) ?? 0);
  known += 1;
  if (marked) emit(END_OF_DATA);
  return pack(codes, widths);
}

describe('decodeLzw', () => {
  it('decodes the example of ISO 32000-2, 7.4.4.2', () => {
    expect(decoded(Buffer.from('800B6050220C0C8501', 'hex')).toString()).toBe('-----A---B');
  });

  it('decodes a code that is used before it is complete', () => {
    expect(decoded(pack([CLEAR, 97, 258, 259, END_OF_DATA], [])).toString()).toBe('aaaaaa');
  });

  it.each([
    ['that has no clear code at first', [97, 98, 258, END_OF_DATA], 'abab'],
    ['without an end-of-data code', [CLEAR, 97, 98, 258], 'abab'],
    ['with rubbish after the end', [CLEAR, 97, END_OF_DATA, 98, 99], 'a'],
    ['up to a code that means nothing yet', [CLEAR, 97, 98, 400, 99, END_OF_DATA], 'ab'],
    ['up to a first code that means nothing', [CLEAR, 97, CLEAR, 258, 98], 'a'],
    ['that is empty', [CLEAR, END_OF_DATA], ''],
    ['that is cleared again and again', [CLEAR, CLEAR, 97, CLEAR, CLEAR, 98, END_OF_DATA], 'ab'],
  ])('decodes data %s', (_, codes, expected) => {
    expect(decoded(pack(codes, [])).toString()).toBe(expected);
  });

  it('decodes empty data and half a code to nothing', () => {
    expect(decoded(Buffer.alloc(0))).toHaveLength(0);
    expect(decoded(Buffer.from([0x80]))).toHaveLength(0);
  });

  const manners: Manner[] = [
    { earlyChange: 1, clearAt: 4093 },
    { earlyChange: 0, clearAt: 4093 },
    { earlyChange: 1, clearAt: Infinity },
    { earlyChange: 0, clearAt: Infinity },
    { earlyChange: 1, clearAt: 700, marked: false },
  ];
  it.each(manners)('gives back what was encoded: %j', (manner) => {
    for (let seed = 1; seed <= 6; seed += 1) {
      const data = new SeededRandom(seed).mixture(5000 * seed);
      expect(decoded(encode(data, manner), manner.earlyChange).equals(data)).toBe(true);
    }
  });

  it('decodes truncated data up to the cut', () => {
    const data = new SeededRandom(9).mixture(3000);
    const encoded = encode(data, { earlyChange: 1, clearAt: 4093 });
    let longest = 0;
    for (let length = 0; length <= encoded.length; length += 1) {
      const bytes = decoded(encoded.subarray(0, length));
      expect(bytes.equals(data.subarray(0, bytes.length))).toBe(true);
      expect(bytes.length).toBeGreaterThanOrEqual(longest);
      longest = bytes.length;
    }
    expect(longest).toBe(data.length);
  });

  it('decodes noise without throwing', () => {
    for (let seed = 1; seed <= 200; seed += 1) {
      const noise = new SeededRandom(seed).bytes(400);
      expect(decoded(noise).length).toBeLessThan(400 * 2000);
      expect(decoded(noise, 0).length).toBeLessThan(400 * 2000);
    }
  });

  it('stops at the limit', () => {
    const bomb = encode(Buffer.alloc(1_000_000), { earlyChange: 1, clearAt: Infinity });
    expect(bomb.length).toBeLessThan(3000);
    expect(decodeLzw(bomb, 1, budgetOf(1_000_000))).toHaveLength(1_000_000);
    expect(() => decodeLzw(bomb, 1, budgetOf(999_999))).toThrow('decode to more than the limit');
    expect(() => decodeLzw(bomb, 1, budgetOf(1))).toThrow('decode to more than the limit');
  });
});
