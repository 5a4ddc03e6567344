import { describe, expect, it } from '@jest/globals';
import { produce } from '@pdf-tools/harness/documents/workshop';
import operation from './definition.js';

const PAGES = '<</Type/Pages/Kids[3 0 R]/Count 1>>';
const PAGE = '<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Resources<<>>/Contents 4 0 R>>';
const CONTENTS = '<</Length 4>>\nstream\n0 g\n\nendstream';

interface Parts {
  readonly pages?: string;
  readonly page?: string;
  readonly contents?: string;
  readonly more?: string;
  readonly head?: string;
  readonly start?: number;
}

/** A small PDF with a cross-reference table. Its parts can be replaced. */
function small({ pages = PAGES, page = PAGE, contents = CONTENTS, more, head = '', start }: Parts = {}): Buffer {
  const objects = ['<</Type/Catalog/Pages 2 0 R>>', pages, page, contents, ...(more === undefined ? [] : [more])];
  let file = `${head}%PDF-1.7\n`;
  const rows = objects.map((object, index) => {
    const row = `${String(file.length).padStart(10, '0')} 00000 n \n`;
    file += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return row;
  });
  const table = file.length;
  const size = objects.length + 1;
  file += `xref\n0 ${size}\n0000000000 65535 f \n${rows.join('')}trailer\n<</Size ${size}/Root 1 0 R>>\n`;
  return Buffer.from(`${file}startxref\n${start ?? table}\n%%EOF\n`);
}

const compress = (bytes: Buffer) => produce(operation, [['a.pdf', bytes]]);

describe('a file that does not get smaller', () => {
  it('is returned unchanged if it is well-formed', async () => {
    const { bytes, result } = await compress(small());
    expect(bytes).toEqual(small());
    expect(result.report).toMatchObject({ unchanged: true, reason: 'not smaller' });
  });

  it.each([
    ['its startxref is wrong', { start: 1 }],
    ['bytes precede its header', { head: '<html></html>\n' }],
    ['a kid of its page tree is missing', { pages: '<</Type/Pages/Kids[3 0 R 9 0 R]/Count 2>>' }],
    ['its page tree contains itself', { pages: '<</Type/Pages/Kids[3 0 R 2 0 R]/Count 2>>' }],
    ['its page tree has a parent', { pages: '<</Type/Pages/Kids[3 0 R]/Count 1/Parent 2 0 R>>' }],
    ['its page names another parent', { page: PAGE.replace('/Parent 2', '/Parent 4') }],
    ['the length of a stream is wrong', { contents: CONTENTS.replace('4', '9') }],
    ['the length of a stream is the stream', { contents: CONTENTS.replace('4', '4 0 R') }],
    ['its contents refer to themselves', { contents: '4 0 R' }],
  ])('is returned repaired if %s', async (_damage, parts) => {
    const { bytes, result } = await compress(small(parts));
    expect(result.report).toMatchObject({ unchanged: false, repaired: true });
    expect(result.pages).toBe(1);
    const again = await compress(bytes);
    expect(again.result.report).toMatchObject({ unchanged: true, reason: 'not smaller' });
    expect(again.result.report).not.toHaveProperty('repaired');
  });
});

describe('a file above the limits is refused', () => {
  const image = (size: number) =>
    `<</Subtype/Image/Width ${size}/Height ${size}/ColorSpace/DeviceGray/BitsPerComponent 8/Length 1>>\nstream\n0\nendstream`;
  const drawing = PAGE.replace('/Resources<<>>', '/Resources<</XObject<</I 5 0 R>>>>');

  it.each([
    ['a page side', { page: PAGE.replace('200 200', '200 2000000') }, 'too_many_pixels'],
    ['the pixels of an image', { page: drawing, more: image(100_000) }, 'too_many_pixels'],
    [
      'the filters of a stream',
      { contents: CONTENTS.replace('>>', `/Filter[${'/ASCIIHexDecode'.repeat(20)}]>>`) },
      'corrupt_pdf',
    ],
  ])('with %s', async (_what, parts, code) => {
    await expect(compress(small(parts))).rejects.toMatchObject({ code });
  });
});
