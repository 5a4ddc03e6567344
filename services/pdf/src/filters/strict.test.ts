import { deflateSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { DecodingBudget } from './budget.js';
import { decodeStrictly, isLosslessFilter } from './strict.js';

/** The decoded text, or undefined if the data are damaged. */
async function decode(name: string, data: Buffer | string): Promise<string | undefined> {
  const bytes = typeof data === 'string' ? Buffer.from(data, 'latin1') : data;
  return (await decodeStrictly(name, bytes, new DecodingBudget()))?.toString('latin1');
}

const DEFLATED = deflateSync(Buffer.from('a stream'));
/** Clear, `-`, the next pair, end of data (ISO 32000-2, 7.4.4.2). */
const LZW = Buffer.from([0x80, 0x0b, 0x60, 0x50, 0x22, 0x0c, 0x0c, 0x85, 0x01]);

describe('decodeStrictly', () => {
  it.each([
    ['FlateDecode', DEFLATED, 'a stream'],
    ['LZWDecode', LZW, '-----A---B'],
    ['ASCII85Decode', '87cUR\nD]~>', 'Hello'],
    ['ASCIIHexDecode', '48 65 6C>', 'Hel'],
    ['RunLengthDecode', '\x01ab\xfec\x80', 'abccc'],
  ])('decodes %s', async (name, data, text) => {
    expect(isLosslessFilter(name)).toBe(true);
    expect(await decode(name, data)).toBe(text);
  });

  it.each([
    ['FlateDecode', 'cut off', DEFLATED.subarray(0, -5)],
    ['FlateDecode', 'with a wrong checksum', Buffer.concat([DEFLATED.subarray(0, -1), Buffer.from([1])])],
    ['LZWDecode', 'with a code that has no meaning', Buffer.from([0x80, 0x7f, 0xff])],
    ['ASCII85Decode', 'with a character that is no digit', '87c\x7fR~>'],
    ['ASCII85Decode', 'with a last group of one digit', '87cUR8~>'],
    ['ASCIIHexDecode', 'with a character that is no digit', '4x>'],
    ['RunLengthDecode', 'whose last run is cut off', '\x05ab'],
  ])('refuses %s %s', async (name, _what, data) => {
    expect(await decode(name, data)).toBeUndefined();
  });

  it('refuses more output than the budget allows', async () => {
    const bomb = deflateSync(Buffer.alloc(65 * 2 ** 20));
    await expect(decodeStrictly('FlateDecode', bomb, new DecodingBudget())).rejects.toMatchObject({
      code: 'upload_too_large',
    });
  });
});

it.each(['DCTDecode', 'Crypt', 'JBIG2Decode'])('%s is not a lossless filter', (name) => {
  expect(isLosslessFilter(name)).toBe(false);
});
