import { describe, expect, it } from '@jest/globals';
import { SeededRandom } from '@pdf-tools/harness/documents/random';
import { hexBytes, literalBytes, nameText, nameToken, stringToken } from './strings.js';

const literal = (token: string): string => literalBytes(Buffer.from(token, 'latin1')).toString('latin1');
const hex = (token: string): string => hexBytes(Buffer.from(token, 'latin1')).toString('latin1');

describe('literalBytes', () => {
  it.each([
    ['()', ''],
    ['(a(b)c)', 'a(b)c'],
    [String.raw`(\n\r\t\b\f\(\)\\)`, '\n\r\t\b\f()\\'],
    [String.raw`(\x\8\9)`, 'x89'],
    [String.raw`(\0053\053\53\5)`, '\x053++\x05'],
    [String.raw`(\777\1234)`, '\xffS4'],
    ['(a\\\nb\\\rc\\\r\nd)', 'abcd'],
    ['(a\nb\rc\r\nd\r\re)', 'a\nb\nc\nd\n\ne'],
    ['(a', 'a'],
    ['(a\\', 'a'],
  ])('reads %j', (token, bytes) => {
    expect(literal(token)).toBe(bytes);
  });
});

describe('hexBytes', () => {
  it.each([
    ['<>', ''],
    ['<4a4B>', 'JK'],
    ['<4a4>', 'J@'],
    ['<4 a\r\n4\0b>', 'JK'],
    ['<4g1>', 'A'],
    ['<41', 'A'],
  ])('reads %j', (token, bytes) => {
    expect(hex(token)).toBe(bytes);
  });
});

describe('stringToken', () => {
  it.each([
    ['', '()'],
    ['plain', '(plain)'],
    ['a(b)\\', String.raw`(a\(b\)\\)`],
    ['a\rb\nc\0\xff', '(a\\rb\nc\0\xff)'],
  ])('writes %j', (bytes, token) => {
    expect(stringToken(Buffer.from(bytes, 'latin1'))).toBe(token);
  });

  it('writes text that reads back to the same bytes and is never longer than hexadecimal', () => {
    const random = new SeededRandom(1);
    const awkward = Buffer.from('()\\\r\n<>%0a', 'latin1');
    for (let nth = 0; nth < 2000; nth++) {
      const bytes = random.bytes(random.below(40));
      if (nth % 2 === 0) for (const [at, byte] of bytes.entries()) bytes[at] = awkward[byte % awkward.length] ?? 0;
      const token = stringToken(bytes);
      expect(token.length).toBeLessThanOrEqual(bytes.length * 2 + 2);
      expect(literal(token)).toBe(bytes.toString('latin1'));
    }
  });
});

describe('names', () => {
  it.each([
    ['A#20B', 'A B'],
    ['#2F#2f', '//'],
    ['A#', 'A\u0123'],
    ['A#4', 'A\u01234'],
    ['A#G1#41', 'A\u0123G1A'],
    ['', ''],
  ])('are read from %j', (token, name) => {
    expect(nameText(token)).toBe(name);
  });

  it.each([
    ['Name1', '/Name1'],
    ['A B', '/A#20B'],
    ['a#(/)%<>[]{}', '/a#23#28#2f#29#25#3c#3e#5b#5d#7b#7d'],
    ['\0\xe4~!', '/#00#e4~!'],
    ['$&*+-.:;=?@^_`|\'"\\,', '/$&*+-.:;=?@^_`|\'"\\,'],
  ])('are written as %j', (name, token) => {
    expect(nameToken(name)).toBe(token);
    expect(nameText(token.slice(1))).toBe(name);
  });

  it.each(['A#zz', 'A#4z', 'A#', '#', 'A#4', '#00', 'A#23zz', 'A#23', '##', '###23#'])(
    'with signs that escape nothing are written as they were: %j',
    (token) => {
      expect(nameToken(nameText(token))).toBe(`/${token}`);
    },
  );

  it.each(['A##4141', '##341', '##41#'])('keep their value if an escape follows a stray number sign: %j', (token) => {
    const value = nameText(token);
    expect(nameText(nameToken(value).slice(1))).toBe(value);
  });

  it('with a stray number sign differ from those that escape one', () => {
    expect(nameText('A#zz')).not.toBe(nameText('A#23zz'));
  });
});
