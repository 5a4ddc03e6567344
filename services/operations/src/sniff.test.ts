import { describe, expect, it } from '@jest/globals';
import { describeUnknown, sniffFormat, unsupportedFormat } from './sniff.js';

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');

describe('sniffFormat', () => {
  it.each([
    ['jpeg', '\xff\xd8\xff\xe0'],
    ['jpeg', '\xff\xd8'],
    ['png', '\x89PNG\r\n\x1a\n'],
    ['gif', 'GIF89a'],
    ['webp', 'RIFF\x10\0\0\0WEBPVP8 '],
    ['tiff', 'II*\0\x08\0\0\0'],
    ['tiff', 'MM\0*\0\0\0\x08'],
    ['avif', '\0\0\0\x1cftypavif\0\0\0\0mif1miaf'],
    ['avif', '\0\0\0\x1cftypmif1\0\0\0\0avifmiaf'],
    ['heic', '\0\0\0\x18ftypheic\0\0\0\0'],
    ['heic', '\0\0\0\x1cftypmif1\0\0\0\0mif1heic'],
    ['jp2', '\0\0\0\x0cjP  \r\n\x87\n'],
    ['jp2', '\xff\x4f\xff\x51'],
    ['ico', '\0\0\x01\0\x02\0'],
    ['bmp', `BM${'\0'.repeat(12)}\x28\0\0\0`],
    ['pnm', 'P6\n# a comment\n3 4\n255\n'],
    ['pnm', 'P1 2 2 0110'],
    ['svg', '<svg xmlns="http://www.w3.org/2000/svg">'],
    ['svg', `<!DOCTYPE svg PUBLIC "a" "b" [${'<!ENTITY a "b">'.repeat(80)}]><svg>`],
    ['svg', '<?xml version="1.0"?>\n<!-- a comment -->\n<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "x">\n<svg\n'],
    ['pdf', '%PDF-1.4'],
  ])('knows %s', (format, head) => {
    expect(sniffFormat(bytes(head))).toBe(format);
  });

  it('finds a PDF header within the first 1,024 bytes and not after', () => {
    expect(sniffFormat(bytes(`${' '.repeat(1019)}%PDF-1.7`))).toBe('pdf');
    expect(sniffFormat(bytes(`${' '.repeat(1020)}%PDF-1.7`))).toBeUndefined();
  });

  it.each(['1 0 obj\n<<', 'DF-1.4\r%\xe2\xe3\r12 0 obj <<', '%\xe2\xe3\xcf\xd3\n\n 7 0 obj', '%FDF junk\n1 65535 obj'])(
    'knows a PDF without a header by its first object: %j',
    (head) => {
      expect(sniffFormat(bytes(head))).toBe('pdf');
    },
  );

  it.each([
    ['not at the start of a line', 'see 1 0 obj'],
    ['in a longer word', '1 0 objects'],
    ['of too many digits', '12345678901 0 obj'],
    ['after the first 1,024 bytes', `${'\n'.repeat(1024)}1 0 obj`],
    ['in markup', '<html>\n1 0 obj'],
    ['in PostScript', '%!PS-Adobe\n1 0 obj'],
    ['in an archive', 'PK\x03\x04\n1 0 obj'],
  ])('takes no object %s for a PDF', (_, head) => {
    expect(sniffFormat(bytes(head))).toBeUndefined();
  });

  it('knows nothing of an empty or foreign file', () => {
    expect(sniffFormat(bytes(''))).toBeUndefined();
    expect(sniffFormat(bytes('PK\x03\x04'))).toBeUndefined();
  });
});

describe('describeUnknown', () => {
  it.each([
    ['an empty file', ''],
    ['a ZIP archive (which office documents are too)', 'PK\x03\x04'],
    ['a gzip archive', '\x1f\x8b\x08'],
    ['a BMP image', 'BM\x36\0'],
    ['a Windows program', 'MZ\x90'],
    ['an HTML page', '\n<!DOCTYPE html><html>'],
    ['an SVG image', '<?xml version="1.0"?><svg>'],
    ['an XML file', '<?xml version="1.0"?><a/>'],
    ['plain text', 'Hello,\r\n\tworld'],
    ['unknown binary data', '\x01\x02\x03'],
  ])('says %s', (description, head) => {
    expect(describeUnknown(bytes(head))).toBe(description);
  });
});

describe('unsupportedFormat', () => {
  it('says what was found, what is accepted, and in which file', () => {
    const accepts = { field: 'files', formats: ['pdf', 'jpeg'], maxFiles: 2 } as const;
    const error = unsupportedFormat(bytes('PK\x03\x04'), accepts, { name: 'a.docx', index: 1 });
    expect(error.status).toBe(415);
    expect(error.detail).toContain('a ZIP archive');
    expect(error.detail).toContain('accepted: PDF, JPEG');
    expect(error.errors).toEqual([expect.objectContaining({ file: 'a.docx', index: 1 })]);
  });

  it('distinguishes a PDF with a late header from a file that is no PDF', () => {
    const accepts = { field: 'file', formats: ['pdf'], maxFiles: 1 } as const;
    const late = bytes(`${'junk '.repeat(300)}%PDF-1.7`);
    expect(unsupportedFormat(late, accepts, { name: 'a.pdf', index: 0 })).toMatchObject({
      code: 'corrupt_pdf',
      errors: [{ file: 'a.pdf', index: 0 }],
    });
  });

  it('names a format that is known but not accepted here', () => {
    const accepts = { field: 'file', formats: ['pdf'], maxFiles: 1 } as const;
    expect(unsupportedFormat(bytes('GIF89a'), accepts, { name: 'a', index: 0 }).detail).toContain('a GIF file');
  });
});
