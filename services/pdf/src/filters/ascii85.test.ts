import { describe, expect, it } from '@jest/globals';
import { budgetOf } from '@pdf-tools/harness/documents/budget';
import { SeededRandom } from '@pdf-tools/harness/documents/random';
import { decodeAscii85 } from './ascii85.js';
import { DecodingBudget } from './budget.js';

const decoded = (text: string): string =>
  decodeAscii85(Buffer.from(text, 'latin1'), new DecodingBudget()).toString('latin1');

function encode(data: Buffer): string {
  let text = '';
  for (let at = 0; at < data.length; at += 4) {
    const bytes = Math.min(4, data.length - at);
    let group = Buffer.concat([data.subarray(at, at + bytes), Buffer.alloc(4)]).readUInt32BE();
    let digits = '';
    for (let digit = 0; digit < 5; digit += 1, group = Math.floor(group / 85)) {
      digits = String.fromCharCode(0x21 + (group % 85)) + digits;
    }
    text += digits === '!!!!!' && bytes === 4 ? 'z' : digits.slice(0, bytes + 1);
  }
  return `${text}~>`;
}

describe('decodeAscii85', () => {
  it.each([
    ['a whole and a part', '87cURD]i,"Ebo80~>', 'Hello World!'],
    ['a last group of two digits', '5l~>', 'A'],
    ['a last group of three digits', '5sb~>', 'AB'],
    ['a last group of four digits', '5sdp~>', 'ABC'],
    ['a last group of one digit, which holds nothing', '5sdq,5~>', 'ABCD'],
    ['z', 'z5sdq,z~>', '\0\0\0\0ABCD\0\0\0\0'],
    ['z amid a group, skipped', '5sdzq,~>', 'ABCD'],
    ['the greatest group', 's8W-!~>', '\xff\xff\xff\xff'],
    ['a group that is too great', 's8W-"~>', '\0\0\0\0'],
    ['white space anywhere', ' \r\n5s\0d\tq\f,\n ~ >', 'ABCD'],
    ['no end-of-data marker', '5sdq,5sb', 'ABCDAB'],
    ['half an end-of-data marker', '5sdq,~', 'ABCD'],
    ['rubbish after the end', '5sdq,~>\n5sdq,', 'ABCD'],
    ['the opening of PostScript', '\n<~5sdq,~>', 'ABCD'],
    ['characters that are no digits', '5s\xffd{q,~>', 'ABCD'],
    ['nothing', '~>', ''],
    ['not even a marker', '', ''],
  ])('decodes %s', (_, text, expected) => {
    expect(decoded(text)).toBe(expected);
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])('decodes what was encoded, seed %d', (seed) => {
    const data = new SeededRandom(seed).mixture(1000 + seed);
    expect(decodeAscii85(Buffer.from(encode(data)), new DecodingBudget())).toEqual(data);
  });

  it('stops at the limit, which z reaches with a quarter of the bytes', () => {
    const data = Buffer.from('z'.repeat(1000));
    expect(decodeAscii85(data, budgetOf(4000))).toHaveLength(4000);
    expect(() => decodeAscii85(data, budgetOf(3999))).toThrow('decode to more than the limit');
    expect(decodeAscii85(Buffer.from('5sdq,5l'), budgetOf(5)).toString()).toBe('ABCDA');
  });
});
