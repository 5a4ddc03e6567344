import { expect, it } from '@jest/globals';
import { PdfStream } from '@pdf-tools/pdf';
import { openBytes } from '@pdf-tools/harness/documents/pdf-folder';
import { pagesPdf } from '@pdf-tools/harness/documents/pages-pdf';
import { textStream } from '@pdf-tools/harness/documents/text-pdf';
import { produce } from '@pdf-tools/harness/documents/workshop';
import operation from './definition.js';

const PADDING = ' '.repeat(3000);
const CLAIM = '<x xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" pdfaid:part="2" pdfaid:conformance="B"/>';

async function compressedMetadata(packet: string): Promise<{ filter: unknown; text: string }> {
  const input = pagesPdf('XMP', 1, {
    catalog: '/Metadata 70 0 R',
    objects: { 70: textStream(packet, '/Type /Metadata /Subtype /XML') },
  });
  const { bytes } = await produce(operation, [['a.pdf', input]]);
  const file = openBytes(bytes);
  const metadata = file.catalogEntry('Metadata');
  if (!(metadata instanceof PdfStream)) throw new Error('The result has no metadata.');
  return { filter: file.resolve(metadata.dict.get('Filter')), text: file.decoded(metadata).bytes.toString('latin1') };
}

function packet(content: string, begin = ''): string {
  return `<?xpacket begin=""${begin}?>${content}${PADDING}<?xpacket end="w"?>`;
}

it('deflates metadata and removes the padding', async () => {
  const content = '<a>1</a>'.repeat(100);
  const { filter, text } = await compressedMetadata(packet(content));
  expect(filter).toMatchObject({ value: 'FlateDecode' });
  expect(text).toBe(`<?xpacket begin=""?>${content}\n<?xpacket end="w"?>`);
});

it('writes the metadata of a PDF/A file without padding and without a filter', async () => {
  const { filter, text } = await compressedMetadata(packet(CLAIM));
  expect(filter).toBeNull();
  expect(text).toBe(`<?xpacket begin=""?>${CLAIM}\n<?xpacket end="w"?>`);
});

it('keeps white space within the content', async () => {
  const content = `<a>${PADDING}</a>`;
  expect((await compressedMetadata(packet(content))).text).toContain(content);
});

it('keeps the size of a packet that declares it', async () => {
  const whole = packet('<a/>', ' bytes="3056"');
  expect((await compressedMetadata(whole)).text).toBe(whole);
});
