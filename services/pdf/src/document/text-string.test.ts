import { describe, expect, it } from '@jest/globals';
import { PdfString } from '../syntax/objects.js';
import { textOf, textString } from './text-string.js';

describe('text strings', () => {
  it.each(['', 'plain (ASCII)', 'Grüße', 'Ελλάδα', '文書 📄', 'tab\tand\nlines'])('keeps %j', (text) => {
    expect(textOf(textString(text))).toBe(text);
  });

  it('writes ASCII without conversion', () => {
    expect(textString('a_2').bytes.toString('latin1')).toBe('a_2');
  });

  it.each([
    ['\x92\x80\x83\xa0', '™•…€'],
    ['\x1a\xe4', 'ˆä'],
    ['\xef\xbb\xbfgr\xc3\xbcn', 'grün'],
    ['\xff\xfea\0', 'a'],
    ['\xfe\xff\0a\0', 'a'],
  ])('reads %j', (bytes, text) => {
    expect(textOf(PdfString.latin1(bytes))).toBe(text);
  });
});
