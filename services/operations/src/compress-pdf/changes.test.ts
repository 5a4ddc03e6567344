import { describe, expect, it } from '@jest/globals';
import { MemorySource, PdfFile, PdfName, sourceNumber } from '@pdf-tools/pdf';
import { Changes } from './changes.js';

const FILE = `%PDF-1.4
1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj
2 0 obj <</Type/Pages/Kids[]/Count 0>> endobj
trailer <</Root 1 0 R>>
`;

describe('Changes', () => {
  it('return what replaces an object that was read before', () => {
    const changes = new Changes(new PdfFile(new MemorySource(Buffer.from(FILE))));
    const num = sourceNumber(2);
    expect(changes.current(num)).toBe(changes.current(num));
    changes.replace(num, new PdfName('Other'));
    expect(changes.current(num)).toEqual(new PdfName('Other'));
    changes.replace(num, null);
    expect(changes.current(num)).toBeNull();
  });
});
