import { describe, expect, it } from '@jest/globals';
import { budgetOf } from '@pdf-tools/harness/documents/budget';
import { SeededRandom } from '@pdf-tools/harness/documents/random';
import { DecodingBudget } from './budget.js';
import { decodeRunLength } from './run-length.js';

const decoded = (text: string): string =>
  decodeRunLength(Buffer.from(text, 'latin1'), new DecodingBudget()).toString('latin1');

/** Random copies and fills of every length. */
function encode(random: SeededRandom): { encoded: Buffer; plain: Buffer } {
  const encoded: Buffer[] = [];
  const plain: Buffer[] = [];
  for (let run = 0; run < 500; run += 1) {
    const length = random.below(127);
    const copies = random.below(2) === 0;
    const bytes = copies ? random.bytes(length + 1) : Buffer.alloc(length + 2, random.below(256));
    encoded.push(Buffer.from([copies ? length : 255 - length]), copies ? bytes : bytes.subarray(0, 1));
    plain.push(bytes);
  }
  return { encoded: Buffer.concat([...encoded, Buffer.from([128])]), plain: Buffer.concat(plain) };
}

describe('decodeRunLength', () => {
  it.each([
    ['a copy and a fill', '\x02abc\xfdx\x80', 'abcxxxx'],
    ['the longest fill', '\x81x\x80', 'x'.repeat(128)],
    ['the shortest fill', '\xffx\x80', 'xx'],
    ['no end-of-data marker', '\x00a', 'a'],
    ['a copy that is cut off', '\x7fabc', 'abc'],
    ['a copy of nothing', '\x00', ''],
    ['a fill without its byte', '\x00a\xff', 'a'],
    ['rubbish after the end', '\x00a\x80\x00b', 'a'],
    ['nothing', '', ''],
  ])('decodes %s', (_, text, expected) => {
    expect(decoded(text)).toBe(expected);
  });

  it.each([1, 2, 3])('decodes what was encoded, seed %d', (seed) => {
    const { encoded, plain } = encode(new SeededRandom(seed));
    expect(decodeRunLength(encoded, new DecodingBudget())).toEqual(plain);
  });

  it('stops at the limit', () => {
    const bomb = Buffer.from('\x81x'.repeat(1000), 'latin1');
    expect(decodeRunLength(bomb, budgetOf(128_000))).toHaveLength(128_000);
    expect(() => decodeRunLength(bomb, budgetOf(127_999))).toThrow('decode to more than the limit');
    expect(() => decodeRunLength(Buffer.from('\x02abc'), budgetOf(2))).toThrow('decode to more than the limit');
  });
});
