import { describe, expect, it } from '@jest/globals';
import { PdfDict } from '../syntax/objects.js';
import { serialize } from '../syntax/serializer.js';
import { bilevelStreamEntries } from './bilevel-stream.js';

describe('bilevelStreamEntries', () => {
  it.each([
    ['JBIG2Decode', '/Filter /JBIG2Decode'],
    ['CCITTFaxDecode', '/Filter /CCITTFaxDecode /DecodeParms << /K -1 /Columns 20 /Rows 10 >>'],
  ] as const)('describes an image for %s', (filter, expected) => {
    const text = serialize(PdfDict.of(bilevelStreamEntries({ width: 20, height: 10 }, filter)));
    const plain = (source: string): string => source.replaceAll(/\s+/g, '');
    expect(plain(text)).toBe(plain(`<< /Width 20 /Height 10 /BitsPerComponent 1 ${expected} >>`));
  });
});
