import { describe, expect, it } from '@jest/globals';
import { sourceRef } from '@pdf-tools/harness/documents/references';
import { MAX_NESTING } from '../limits.js';
import { Lexer, Token } from './lexer.js';
import { PdfName, PdfString } from './objects.js';
import type { PdfObject } from './objects.js';
import { parseObject } from './parser.js';
import { serialize } from './serializer.js';

const parse = (text: string): PdfObject => parseObject(new Lexer(Buffer.from(text, 'latin1'), 0));
/** Parses a text and serializes the result. */
const readAs = (text: string): string => serialize(parse(text));

describe('parseObject', () => {
  it.each<[text: string, value: PdfObject]>([
    ['true', true],
    ['false', false],
    ['null', null],
    ['-17', -17],
    ['/A#20B#2f#ZZ', new PdfName('A B/\u0123ZZ')],
    ['/', new PdfName('')],
    ['12 3 R', sourceRef(12, 3)],
    ['12 3', 12],
    ['<4a4B5>', PdfString.latin1('JKP')],
    ['(a)', PdfString.latin1('a')],
    ['[]', []],
  ])('reads %s', (text, value) => {
    expect(parse(`${text} endobj`)).toEqual(value);
  });

  it.each([
    ['1.', 1],
    ['.5', 0.5],
    ['-.002', -0.002],
    ['--5', -5],
    ['1.2.3', 1.2],
    ['6-2', 6],
    ['.', 0],
    ['-', 0],
    ['4e-3', 0.004],
    ['9'.repeat(400), 0],
    ['100000000000000000000', 1e20],
  ])('reads the number %s', (text, value) => {
    expect(parse(text)).toBe(value);
  });

  it.each([
    ['<< /A 1 /B [ 1 0 R 2 0 R ] /C << /D (x) >> >>', '<</A 1/B[1 0 R 2 0 R]/C<</D(x)>>>>'],
    ['[1 2 0 R 3 4 5 0 R]', '[1 2 0 R 3 4 5 0 R]'],
    ['<</A 1/A 2>>', '<</A 2>>'],
  ])('reads %s', (text, expected) => {
    expect(readAs(text)).toBe(expected);
  });

  it.each([
    ['arrays and dictionaries that are not closed', '<</A[1 2<</B(x)', '<</A[1 2<</B(x)>>]>>'],
    ['an array that its dictionary closes', '<</A[1 2>>', '<</A[1 2]>>'],
    ['a dictionary that its array closes', '[<</A 1][2]', '[<</A 1>>]'],
    ['a bracket too many', '<</Kids[1 0 R]]/Count 1>>', '<</Kids[1 0 R]/Count 1>>'],
    ['the end of a dictionary in an array', '[1>>2]', '[1 2]'],
    ['a bracket before everything', ']<</A 1>>', '<</A 1>>'],
    ['nothing but a bracket', '>>', 'null'],
    ['nothing', '', 'null'],
    ['keywords that are none', '[1 foo 2 } 3]', '[1 null 2 null 3]'],
    ['a key without a value', '<</A>>', '<<>>'],
    ['values without keys', '<<1 (a) /B 2>>', '<</B 2>>'],
    ['references to nothing', '[0 0 R -1 0 R 8388608 0 R 1.5 0 R]', '[null null null null]'],
    ['an R that stands alone', '[R]', '[null]'],
    ['a reference of a reference', '[1 0 R 0 R]', '[null]'],
  ])('reads what it can from %s', (_, text, expected) => {
    expect(readAs(text)).toBe(expected);
  });

  it.each(['endobj', 'stream', '6 0 obj', 'xref', 'trailer', 'startxref'])('ends before %s', (keyword) => {
    const lexer = new Lexer(Buffer.from(`<</A[1 ${keyword} 2]>>`), 0);
    const value = parseObject(lexer);
    expect(serialize(value)).toMatch(/^<<\/A\[1( 6 0)?]>>$/);
    expect(lexer.next()).toBe(Token.Keyword);
    expect(keyword.endsWith(lexer.text())).toBe(true);
  });

  it('leaves the lexer after the object', () => {
    const lexer = new Lexer(Buffer.from('<</A 1>>stream'), 0);
    parseObject(lexer);
    expect(lexer.pos).toBe('<</A 1>>'.length);
    const number = new Lexer(Buffer.from('12 13 endobj'), 0);
    parseObject(number);
    expect(number.pos).toBe(2);
  });

  it('accepts nesting up to the limit without deep recursion', () => {
    const deepest = '['.repeat(MAX_NESTING);
    expect(readAs(deepest)).toBe(`${deepest}${']'.repeat(MAX_NESTING)}`);
    for (const open of ['[', '<</A', '[<</B']) {
      expect(() => parse(open.repeat(100_000))).toThrow(expect.objectContaining({ code: 'corrupt_pdf' }));
    }
  });

  it('skips a million brackets that close nothing', () => {
    const text = `${'<</A'.repeat(MAX_NESTING)}${']'.repeat(1_000_000)}1`;
    expect(readAs(text)).toBe(`${'<</A'.repeat(MAX_NESTING)} 1${'>>'.repeat(MAX_NESTING)}`);
  });
});
