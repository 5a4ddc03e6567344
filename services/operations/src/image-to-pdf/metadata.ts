import { z } from 'zod';
import { PdfDict, PdfName, TargetRef, textString } from '@pdf-tools/pdf';
import type { PdfWriter, TargetObjectNumber } from '@pdf-tools/pdf';

const MAX_CHARACTERS = 1_000;
/** Characters that XML 1.0 cannot contain, line breaks, and halves of surrogate pairs. */
const UNSUITABLE = /[\p{Cc}\p{Cs}\u2028\u2029\uFFFE\uFFFF]/u;

const text = z
  .string('must be text')
  .max(MAX_CHARACTERS, `must have at most ${MAX_CHARACTERS} characters`)
  .refine((value) => !UNSUITABLE.test(value), 'must be a single line without control characters')
  .default('');

export const metadataSchema = z.strictObject({
  title: text.meta({ description: 'Title of the document' }),
  author: text.meta({ description: 'Author of the document' }),
});

export type Metadata = z.output<typeof metadataSchema>;

export const NO_METADATA: Metadata = { title: '', author: '' };

/** Writes the document information and the same as XMP (ISO 32000-2, 14.3). Returns nothing if all entries are empty. */
export function writeMetadata(
  writer: PdfWriter,
  { title, author }: Metadata,
): { info?: TargetObjectNumber; metadata?: TargetRef } {
  if (title === '' && author === '') return {};
  const info = PdfDict.of({
    Title: title === '' ? undefined : textString(title),
    Author: author === '' ? undefined : textString(author),
  });
  const entries = { Type: new PdfName('Metadata'), Subtype: new PdfName('XML') };
  const packet = Buffer.from(xmpPacket({ title, author }));
  return { info: writer.put(info), metadata: new TargetRef(writer.putStream(PdfDict.of(entries), packet)) };
}

/** An XMP packet with properties of Dublin Core (ISO 16684-1, 7.3.2 and 8.3). */
function xmpPacket({ title, author }: Metadata): string {
  const properties = [
    title && `<dc:title><rdf:Alt><rdf:li xml:lang="x-default">${escape(title)}</rdf:li></rdf:Alt></dc:title>`,
    author && `<dc:creator><rdf:Seq><rdf:li>${escape(author)}</rdf:li></rdf:Seq></dc:creator>`,
  ];
  return [
    '<?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?>',
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">',
    '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">',
    ...properties.filter((property) => property !== ''),
    '</rdf:Description></rdf:RDF></x:xmpmeta>',
    '<?xpacket end="w"?>',
  ].join('\n');
}

function escape(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
