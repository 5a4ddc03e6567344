import { describe, expect, it } from '@jest/globals';
import { SeededRandom } from '@pdf-tools/harness/documents/random';
import { latin1 } from '@pdf-tools/harness/documents/pdf-text';
import { MemorySource } from './byte-source.js';
import { StreamRanges, find } from './stream-range.js';

const rangeOf = (text: string, offset: number, declared?: number): string => {
  const range = new StreamRanges(new MemorySource(latin1(text))).of(offset, declared);
  return text.slice(range.offset, range.offset + range.length);
};

describe('StreamRanges', () => {
  it.each([
    ['the /Length where endstream follows', 'abc\nendstream', 3, 'abc'],
    ['the /Length where endstream follows at once', 'abcendstream', 3, 'abc'],
    ['the /Length where endstream stands in the data', 'abendstreamc\r\nendstream', 12, 'abendstreamc'],
    ['the /Length where endobj follows without endstream', 'abc\nendobj\nendstream', 3, 'abc'],
    ['the data where /Length is too short', 'abcdef\nendstream', 3, 'abcdef'],
    ['the data where /Length is too long', 'abcdef\r\nendstream endobj', 12, 'abcdef'],
    ['the data where /Length is behind the file', 'abcdef\rendstream', 1e12, 'abcdef'],
    ['the data where /Length is below 0', 'abcdef\nendstream', -1, 'abcdef'],
    ['the data where there is no /Length', 'abcdef\n\nendstream', undefined, 'abcdef\n'],
    ['nothing', 'endstream', undefined, ''],
    ['nothing but a line end', '\r\nendstream', undefined, ''],
    ['as much as /Length says where there is no endstream', 'abcdefghi', 4, 'abcd'],
    ['what there is where the file is cut off', 'abcdef', 40, 'abcdef'],
    ['what there is where nothing is said', 'abcdef', undefined, 'abcdef'],
  ])('takes %s', (_, text, declared, expected) => {
    expect(rangeOf(`<<>>stream\n${text}`, 11, declared)).toBe(expected);
  });

  it('finds the same ends in any order of calls', () => {
    const random = new SeededRandom(1);
    let text = '';
    for (let nth = 0; nth < 300; nth++) text += ' '.repeat(random.below(nth % 5 === 0 ? 20_000 : 60)) + 'endstream';
    const ranges = new StreamRanges(new MemorySource(latin1(text)));
    for (let nth = 0; nth < 3000; nth++) {
      const offset = random.below(text.length);
      const found = text.indexOf('endstream', offset);
      expect(ranges.of(offset, undefined).length).toBe(found < 0 ? text.length - offset : found - offset);
    }
  });

  it('searches the file once for any number of streams without an end', () => {
    const bytes = Buffer.alloc(64 * 2 ** 20, ' ');
    bytes.write('endstream', bytes.length - 9, 'latin1');
    const ranges = new StreamRanges(new MemorySource(bytes));
    for (let offset = 20_000; offset > 0; offset--) {
      expect(ranges.of(offset, undefined).length).toBe(bytes.length - 9 - offset);
    }
  });
});

function boundMethods(source: MemorySource): Pick<MemorySource, 'own' | 'read' | 'close'> {
  return { own: source.own.bind(source), read: source.read.bind(source), close: source.close.bind(source) };
}

describe('find', () => {
  it('finds bytes that span two windows', () => {
    const text = 'ababac'.repeat(50);
    for (const step of [2, 3, 7]) {
      const source = new MemorySource(latin1(text));
      const window = (offset: number, size: number): Buffer =>
        latin1(text.slice(offset, offset + Math.max(size, step)));
      const stepping = { length: text.length, window, ...boundMethods(source) };
      expect(find(stepping, latin1('ac'), 0)).toBe(4);
      expect(find(stepping, latin1('acab'), 5)).toBe(10);
      expect(find(stepping, latin1('acb'), 0)).toBeUndefined();
    }
  });
});
