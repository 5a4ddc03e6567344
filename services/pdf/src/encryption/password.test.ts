import { describe, expect, it } from '@jest/globals';
import { passwordBytes } from './password.js';
import { encodePdfDoc } from '../syntax/pdf-doc-encoding.js';

const hex = (password: string, revision: number): string[] =>
  passwordBytes(password, revision).map((bytes) => bytes.toString('hex'));

describe('encodePdfDoc', () => {
  it.each([
    ['Hello', '48656c6c6f'],
    ['\t\n\r ~', '090a0d207e'],
    ['˘˜', '181f'],
    ['•…ﬁﬂ', '80839394'],
    ['Łž', '959e'],
    ['€¡ÿ', 'a0a1ff'],
  ])('encodes %s', (text, expected) => {
    expect(encodePdfDoc(text)?.toString('hex')).toBe(expected);
  });

  it.each(['中', '\0', '\x7f', '\x9f', '\xad', '😀'])('cannot encode %j', (text) => {
    expect(encodePdfDoc(text)).toBeUndefined();
  });
});

describe('passwordBytes', () => {
  it('uses PDFDocEncoding up to revision 4 and UTF-8 after it', () => {
    expect(hex('ab', 4)).toEqual(['6162']);
    expect(hex('ü€', 4)).toEqual(['fca0', 'c3bce282ac']);
    expect(hex('中', 3)).toEqual(['e4b8ad']);
    expect(hex('', 2)).toEqual(['']);
  });

  it('accepts accents in composed and decomposed form', () => {
    expect(hex('u\u0308', 3)[0]).toBe('fc');
    expect(hex('u\u0308', 6)).toEqual(['c3bc', '75cc88']);
  });

  it('tries normalized UTF-8 and then plain UTF-8 from revision 5 on', () => {
    expect(hex('ab', 6)).toEqual(['6162']);
    expect(hex('ﬁ\u00a0', 5)).toEqual(['666920', 'efac81c2a0']);
    expect(hex('a\u00ad\u200d\ufeffb\u1680c', 6)[0]).toBe('61622063');
    expect(hex('x'.repeat(200), 6)).toEqual(['78'.repeat(127)]);
  });
});
