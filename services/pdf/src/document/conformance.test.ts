import { describe, expect, it } from '@jest/globals';
import { openBytes, writtenBytes } from '@pdf-tools/harness/documents/pdf-folder';
import { ONE_PAGE, pdfText, streamText } from '@pdf-tools/harness/documents/pdf-text';
import { Copier } from '../copying/copier.js';
import { dropClaims } from '../copying/drop-claims.js';
import { SameKeys } from '../copying/struct-parent-keys.js';
import { ObjectDeduplicator } from '../writing/object-deduplicator.js';
import { PdfWriter } from '../writing/pdf-writer.js';
import { claimsOf, readClaims, withoutClaims } from './conformance.js';
import { sourceNumber } from '../syntax/object-numbers.js';

const RDF = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"';
const PDFA = 'http://www.aiim.org/pdfa/ns/id/';

function packet(body: string): string {
  return `<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF ${RDF}>${body}</rdf:RDF></x:xmpmeta><?xpacket end="w"?>`;
}
const TITLE =
  '<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Gr\u00fc\u00dfe</dc:title></rdf:Description>';
const ELEMENTS = packet(
  `${TITLE}<rdf:Description rdf:about="" xmlns:pdfaid="${PDFA}"><pdfaid:part>1</pdfaid:part><pdfaid:conformance> B\n</pdfaid:conformance></rdf:Description>`,
);
const ATTRIBUTES = packet(
  `<rdf:Description rdf:about="" pdfaid:part='2' xmlns:pdfaid = "${PDFA}" pdfaid:conformance="u"/>${TITLE}`,
);
const PREFIX = packet(
  `<rdf:Description xmlns:a="${PDFA}"><a:part>4</a:part><a:rev>2020</a:rev></rdf:Description>${TITLE}`,
);
const SCHEMA = `<!-- <pdfaid:part>9</pdfaid:part> --><rdf:li><pdfaSchema:namespaceURI xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#">${PDFA}</pdfaSchema:namespaceURI></rdf:li>`;

const labels = (bytes: Buffer): string[] => claimsOf(bytes).map(({ label }) => label);
const bigEndian = (text: string): Buffer => Buffer.from(`\ufeff${text}`, 'utf16le').swap16();

describe('conformance claims', () => {
  it.each([
    ['elements', Buffer.from(ELEMENTS), 'PDF/A-1b'],
    ['attributes in any order', Buffer.from(ATTRIBUTES), 'PDF/A-2u'],
    ['another prefix', Buffer.from(PREFIX), 'PDF/A-4'],
    ['UTF-8 with a byte order mark', Buffer.from(`\ufeff${ELEMENTS}`), 'PDF/A-1b'],
    ['UTF-16, big-endian', bigEndian(ELEMENTS), 'PDF/A-1b'],
    ['UTF-16, little-endian', Buffer.from(`\ufeff${ATTRIBUTES}`, 'utf16le'), 'PDF/A-2u'],
    ['UTF-16 without a byte order mark', Buffer.from(PREFIX, 'utf16le'), 'PDF/A-4'],
  ])('are read and removed as %s', (_form, bytes, label) => {
    expect(labels(bytes)).toEqual([label]);
    const left = withoutClaims(bytes);
    expect(labels(left)).toEqual([]);
    const encoding = bytes.includes(0) ? 'utf16le' : 'utf8';
    const text = (bytes[0] === 0xfe ? Buffer.from(left).swap16() : left).toString(encoding);
    expect(text).toContain(TITLE);
    expect(text).toContain('<?xpacket end="w"?>');
    expect(text).not.toContain(':part');
    expect(bytes.length - left.length).toBeGreaterThan(20);
  });

  it('are read of every standard', () => {
    const claim = (namespace: string, property: string, value: string): string =>
      `<rdf:Description xmlns:n="${namespace}"><n:${property}>${value}</n:${property}></rdf:Description>`;
    const bytes = Buffer.from(
      packet(
        claim('http://www.aiim.org/pdfua/ns/id/', 'part', '1') +
          claim('http://www.npes.org/pdfx/ns/id/', 'GTS_PDFXVersion', 'PDF/X-4') +
          claim('http://ns.adobe.com/pdfx/1.3/', 'Company', 'kept') +
          claim('http://www.aiim.org/pdfe/ns/id/', 'ISO_PDFEVersion', 'PDF/E-1') +
          claim('http://www.npes.org/pdfvt/ns/id/', 'GTS_PDFVTVersion', 'PDF/VT-1'),
      ),
    );
    expect(labels(bytes)).toEqual(['PDF/UA-1', 'PDF/X-4', 'PDF/E-1', 'PDF/VT-1']);
    const left = withoutClaims(bytes);
    expect(labels(left)).toEqual([]);
    expect(left.toString()).toContain('<n:Company>kept</n:Company>');
  });

  it('are ignored in comments, schema descriptions and other namespaces', () => {
    const bytes = Buffer.from(packet(`${SCHEMA}<pdfaid:part xmlns:pdfaid="urn:other">3</pdfaid:part>`));
    expect(labels(bytes)).toEqual([]);
    expect(withoutClaims(bytes)).toBe(bytes);
  });

  it.each([
    '',
    '<',
    '<pdfaid:part',
    `<a xmlns:p="${PDFA}"><p:part>1`,
    '<!-- ',
    '</p:part>',
    '<a b="',
    '\0',
    '\xfe\xff\0',
  ])('are not found in the broken packet %j', (text) => {
    const bytes = Buffer.from(text, 'latin1');
    expect(labels(bytes)).toEqual([]);
    expect(withoutClaims(bytes)).toBe(bytes);
  });

  it('are found in linear time in a packet that only opens tags', () => {
    const seen = (count: number): number => claimsOf(Buffer.from(`<a b="${PDFA}" `.repeat(count))).length;
    expect(seen(100_000)).toBe(0);
  });

  it('are dropped from the metadata and the document information of a copy', () => {
    const bodies = [
      '<</Type/Catalog/Pages 2 0 R/Metadata 4 0 R>>',
      ...ONE_PAGE.slice(1),
      streamText('/Type/Metadata/Subtype/XML', Buffer.from(ELEMENTS)),
      '<</GTS_PDFXVersion(PDF/X-1a:2001)/GTS_PDFXConformance(PDF/X-1a:2001)/Title(kept)>>',
    ];
    const file = openBytes(pdfText(bodies, { trailer: '/Root 1 0 R/Info 5 0 R' }).bytes);
    expect(readClaims(file).map(({ label }) => label)).toEqual(['PDF/A-1b', 'PDF/X-1a:2001']);
    const copy = writtenBytes((path) => {
      const writer = new PdfWriter(path);
      const copier = new Copier(file, writer, new ObjectDeduplicator(), new SameKeys(), { keepsPageTree: true });
      dropClaims(file, copier);
      writer.end(copier.copy(sourceNumber(1)), copier.copy(sourceNumber(5)));
    });
    const result = openBytes(copy);
    expect(readClaims(result)).toEqual([]);
    expect(result.resolve(result.trailer.get('Info'))).toHaveProperty('size', 1);
  });
});
