import { describe, expect, it } from '@jest/globals';
import { MAX_NESTING } from '../limits.js';
import { Lexer } from './lexer.js';
import { FIXUP_FIELDS, Fixup, scanObject } from './scanner.js';

/** The fixups of an object: kind, bytes and the two numbers. */
function fixupsOf(text: string): [kind: number, token: string, a: number, b: number][] | undefined {
  const fixups = scanObject(new Lexer(Buffer.from(text, 'latin1'), 0))?.fixups;
  if (!fixups) return undefined;
  return Array.from({ length: fixups.length / FIXUP_FIELDS }, (_none, nth) => {
    const [kind = -1, start, end, a = -1, b = -1] = fixups.slice(nth * FIXUP_FIELDS);
    return [kind, text.slice(start, end), a, b];
  });
}

describe('scanObject', () => {
  it('finds references, strings and keys of the parent tree in order', () => {
    expect(fixupsOf('<</A 12 3 R/B[(x)7 0 R<41>]/StructParent 5/StructParents -6/N 1.5>>endobj')).toEqual([
      [Fixup.Reference, '12 3 R', 12, 3],
      [Fixup.String, '(x)', 0, 0],
      [Fixup.Reference, '7 0 R', 7, 0],
      [Fixup.String, '<41>', 0, 0],
      [Fixup.StructParent, '5', 5, 0],
      [Fixup.StructParent, '-6', -6, 0],
    ]);
  });

  it.each([
    ['no reference of numbers that something parts', '[1 0 /A R 1 (x) 0]', undefined],
    ['the last two numbers before an R', '[4 5 6 0 R]', [[Fixup.Reference, '6 0 R', 6, 0]]],
    ['numbers that run into the R', '[12 0R]', [[Fixup.Reference, '12 0R', 12, 0]]],
    ['references in comments', '[1 %2 0 R\n]', []],
    ['references in strings', '[(2 0 R)]', [[Fixup.String, '(2 0 R)', 0, 0]]],
    ['other keys', '<</StructParentX 1/structParent 2/StructParen 3/SomethingElse 4>>', []],
    ['a key that is no value of the entry', '<</StructParents/X 4>>', []],
    ['a key in an object of its own', '<</StructParents 3 0 R>>', [[Fixup.Reference, '3 0 R', 3, 0]]],
  ])('recognizes %s', (_, text, expected) => {
    expect(fixupsOf(text)).toEqual(expected);
  });

  it.each([
    ['  <</A 1>> endobj', 2, 10, false],
    ['<</A 1>>\nstream\n', 0, 8, true],
    ['[1 2]', 0, 5, false],
    ['null endobj', 0, 4, false],
    ['5 endobj', 0, 1, false],
  ])('returns the range of %j and whether it is a stream', (text, start, end, stream) => {
    expect(scanObject(new Lexer(Buffer.from(text), 0))).toMatchObject({ start, end, stream });
  });

  it.each([`[3.${'1'.repeat(100)}]`, `[${'1'.repeat(100)}]`])(
    'leaves a number of absurd length to the parser',
    (text) => {
      expect(scanObject(new Lexer(Buffer.from(text), 0))).toBeUndefined();
    },
  );

  it('leaves the lexer after the keyword of a stream', () => {
    const lexer = new Lexer(Buffer.from('<<>>stream\ndata'), 0);
    scanObject(lexer);
    expect(lexer.pos).toBe(10);
  });

  it.each([
    '',
    'endobj',
    '[1',
    '<</A 1',
    '1]',
    '<</A[1>>]',
    '[<<]>>',
    '<</A(x]>>',
    '[endobj]',
    '<</A 1>>6 0 obj',
    '<</A foo>>',
    '[R]',
    '[1 R]',
    '[0 0 R]',
    '[8388608 0 R]',
    '<</A 1>>endstream',
  ])('returns undefined for %j, which must be parsed', (text) => {
    expect(fixupsOf(text)).toBeUndefined();
  });

  it('refuses deeper nesting than the limit', () => {
    const nested = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`;
    expect(fixupsOf(nested(MAX_NESTING))).toEqual([]);
    expect(() => fixupsOf(nested(MAX_NESTING + 1))).toThrow(expect.objectContaining({ code: 'corrupt_pdf' }));
  });
});
