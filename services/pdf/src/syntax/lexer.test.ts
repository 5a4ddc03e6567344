import { describe, expect, it } from '@jest/globals';
import { Lexer, Token } from './lexer.js';

const KINDS = ['end', 'integer', 'real', 'name', 'literal', 'hex', '[', ']', '<<', '>>', 'keyword'] as const;

/** The tokens of a text: kind and bytes of each. */
function tokensOf(text: string): string[] {
  const lexer = new Lexer(Buffer.from(text, 'latin1'), 0);
  const tokens: string[] = [];
  for (let token = lexer.next(); token !== Token.End; token = lexer.next()) {
    tokens.push(`${KINDS[token]} ${lexer.text()}`);
  }
  return tokens;
}

describe('Lexer', () => {
  it.each([
    ['0', 0],
    ['-17', -17],
    ['+17', 17],
    ['00000012', 12],
    ['999999999999999', 999_999_999_999_999],
  ])('reads the integer %s', (text, value) => {
    const lexer = new Lexer(Buffer.from(text), 0);
    expect(lexer.next()).toBe(Token.Integer);
    expect(lexer.integer).toBe(value);
    expect(lexer.next()).toBe(Token.End);
  });

  it.each(['1.', '.5', '-.002', '+1.5', '--5', '1.2.3', '6-2', '.', '-', '4e-3', '4E10', '1234567890123456'])(
    'reads %s as one real',
    (text) => {
      expect(tokensOf(`[${text} 1]`)).toEqual(['[ [', `real ${text}`, 'integer 1', '] ]']);
    },
  );

  it.each([
    ['0endobj', ['integer 0', 'keyword endobj']],
    ['612R', ['integer 612', 'keyword R']],
    ['1.5endobj', ['real 1.5', 'keyword endobj']],
    ['4e', ['integer 4', 'keyword e']],
    ['5(a)6<41>7/N', ['integer 5', 'literal (a)', 'integer 6', 'hex <41>', 'integer 7', 'name /N']],
    ['/A/B//C', ['name /A', 'name /B', 'name /', 'name /C']],
    ['/A#20B /1.5-x_;', ['name /A#20B', 'name /1.5-x_;']],
    ['<</K<41>>>', ['<< <<', 'name /K', 'hex <41>', '>> >>']],
    ['{ } ) >', ['keyword {', 'keyword }', 'keyword )', 'keyword >']],
    ['true\0false\fnull\tR', ['keyword true', 'keyword false', 'keyword null', 'keyword R']],
  ])('splits %s', (text, tokens) => {
    expect(tokensOf(text)).toEqual(tokens);
  });

  it.each(['(a (b) c)', String.raw`(a \) b)`, String.raw`(\\)`, '(a\r\nb % no comment)', '<41 4\n2>', '(\0\xff)'])(
    'reads the string %j to its end',
    (text) => {
      expect(tokensOf(`${text}1`)).toEqual([`${text.startsWith('<') ? 'hex' : 'literal'} ${text}`, 'integer 1']);
    },
  );

  it.each(['(a (b)', String.raw`(a\)`, '(\\', '<41', '<'])(
    'ends the unterminated string %j at the end of the bytes',
    (text) => {
      expect(tokensOf(text)).toEqual([`${text.startsWith('<') ? 'hex' : 'literal'} ${text}`]);
    },
  );

  it('skips comments, which end at either end-of-line marker', () => {
    expect(tokensOf('1%(a\r2%b\n3%c')).toEqual(['integer 1', 'integer 2', 'integer 3']);
  });

  it.each(['12 345', '(ab) (cd)', '<4142> <43>', '<<', '>>', '/Name', 'true', '1.5', '% comment'])(
    'reads nothing behind its end: %s',
    (text) => {
      const bytes = Buffer.from(text);
      for (let end = 0; end <= bytes.length; end++) {
        const [lexer, alone] = [new Lexer(bytes, 0, end), new Lexer(bytes.subarray(0, end), 0)];
        for (let token = alone.next(); token !== Token.End; token = alone.next()) {
          expect(lexer.next()).toBe(token);
          expect(lexer.text()).toBe(alone.text());
        }
        expect(lexer.next()).toBe(Token.End);
        expect(lexer.pos).toBe(end);
      }
    },
  );

  it('does not search for the end of a string beyond its range', () => {
    const bytes = Buffer.alloc(64 * 1024 * 1024, '<');
    for (let at = 0; at < 100_000; at += 2) new Lexer(bytes, at, at + 1).next();
    const lexer = new Lexer(bytes, 1, 2);
    expect(lexer.next()).toBe(Token.HexString);
    expect(lexer.pos).toBe(2);
  });
});
