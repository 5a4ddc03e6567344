import { describe, expect, it } from '@jest/globals';
import { budgetOf } from '@pdf-tools/harness/documents/budget';
import { SeededRandom } from '@pdf-tools/harness/documents/random';
import { decodeAsciiHex } from './ascii-hex.js';
import { DecodingBudget } from './budget.js';

const decoded = (text: string): string =>
  decodeAsciiHex(Buffer.from(text, 'latin1'), new DecodingBudget()).toString('latin1');

describe('decodeAsciiHex', () => {
  it.each([
    ['digits of both cases', '4a4B4c>', 'JKL'],
    ['a last odd digit', '4A5>', 'JP'],
    ['a last odd digit without a marker', '4A5', 'JP'],
    ['white space anywhere', ' 4\n A\r\t4\0B\f>', 'JK'],
    ['rubbish after the end', '4A>4B', 'J'],
    ['characters that are no digits', '4xA<4gB', 'JK'],
    ['nothing', '>', ''],
    ['not even a marker', '', ''],
  ])('decodes %s', (_, text, expected) => {
    expect(decoded(text)).toBe(expected);
  });

  it('decodes what was encoded', () => {
    const data = new SeededRandom(1).bytes(5000);
    expect(decodeAsciiHex(Buffer.from(data.toString('hex')), new DecodingBudget())).toEqual(data);
  });

  it('stops at the limit', () => {
    expect(decodeAsciiHex(Buffer.from('41424'), budgetOf(3)).toString()).toBe('AB@');
    expect(() => decodeAsciiHex(Buffer.from('41424'), budgetOf(2))).toThrow('decode to more than the limit');
    expect(() => decodeAsciiHex(Buffer.from('414243'), budgetOf(2))).toThrow('decode to more than the limit');
  });
});
