import { describe, expect, it } from '@jest/globals';
import { openBytes } from '@pdf-tools/harness/documents/pdf-folder';
import { textPdf, textStream } from '@pdf-tools/harness/documents/text-pdf';
import { produce } from '@pdf-tools/harness/documents/workshop';
import { PdfDict, PdfRef, PdfStream, isOfType, readPageTree } from '@pdf-tools/pdf';
import type { PdfFile, PdfObject } from '@pdf-tools/pdf';
import operation from './definition.js';

const XMP = textStream('<x:xmpmeta xmlns:x="adobe:ns:meta/"/>'.padEnd(400), '/Type /Metadata /Subtype /XML');
const CLAIM = textStream(
  '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">' +
    '<rdf:Description xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" pdfaid:part="2" pdfaid:conformance="B"/></rdf:RDF></x:xmpmeta>',
  '/Type /Metadata /Subtype /XML',
);
const IMAGE = '/Subtype /Image /Width 1 /Height 1 /BitsPerComponent 8 /ColorSpace /DeviceGray';

/** A page with a form whose resource has the name of an entry that is removed. */
function document(xmp = XMP): Buffer {
  return textPdf({
    1: '<< /Type /Catalog /Pages 2 0 R /Metadata 9 0 R /PieceInfo << /App 8 0 R >> >>',
    2: '<< /Type /Pages /Count 1 /Kids [3 0 R] >>',
    3: '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 99 99] /Contents 4 0 R /Thumb 7 0 R /Resources << /XObject 5 0 R >> >>',
    4: textStream('/Thumb Do'),
    5: '<< /Thumb 6 0 R >>',
    6: textStream('x', `${IMAGE} /Metadata 10 0 R`),
    7: textStream('x', IMAGE),
    8: textStream('private'.repeat(50)),
    9: xmp,
    10: XMP,
    11: `<< /Title (Secret) /Author (${'A'.repeat(300)}) >>`,
  }).subarray();
}

async function compress(bytes: Buffer, params: Readonly<Record<string, unknown>>) {
  const withInfo = Buffer.from(bytes.toString('latin1').replace('/Root 1 0 R', '/Root 1 0 R /Info 11 0 R'), 'latin1');
  const product = await produce(operation, [['a.pdf', withInfo]], { params });
  const file = openBytes(product.bytes);
  const [page] = readPageTree(file).pages;
  const dict = page?.num === undefined ? new PdfDict() : file.load(page.num);
  return { ...product, file, page: dict instanceof PdfDict ? dict : new PdfDict() };
}

function metadataStreams(file: PdfFile): number {
  return [...file.numbers()].filter((num) => isXmp(file.load(num))).length;
}

describe('compress-pdf with strip_metadata', () => {
  it('removes metadata, thumbnails and private data', async () => {
    const { file, page, result } = await compress(document(), { strip_metadata: true });
    expect([...file.catalog.keys()].sort()).toEqual(['Pages', 'Type']);
    expect(page.has('Thumb')).toBe(false);
    expect(file.trailer.has('Info')).toBe(false);
    expect(metadataStreams(file)).toBe(0);
    expect(result.report).toMatchObject({ stripped_entries: 5 });
  });

  it('keeps a resource that has the name of a removed entry', async () => {
    const { file, page } = await compress(document(), { strip_metadata: true });
    const resources = file.resolve(page.get('Resources'));
    const objects = resources instanceof PdfDict ? file.resolve(resources.get('XObject')) : null;
    expect(objects instanceof PdfDict && file.resolve(objects.get('Thumb'))).toBeInstanceOf(PdfStream);
  });

  it('keeps them without it', async () => {
    const { file, page } = await compress(document(), {});
    expect(file.catalog.has('Metadata') && file.catalog.has('PieceInfo')).toBe(true);
    expect(page.has('Thumb') && file.trailer.get('Info') instanceof PdfRef).toBe(true);
  });

  it('keeps the metadata that PDF/A requires, and says so', async () => {
    const { file, page, result } = await compress(document(CLAIM), { strip_metadata: true });
    expect(file.catalog.has('Metadata')).toBe(true);
    expect(page.has('Thumb') || file.catalog.has('PieceInfo')).toBe(false);
    expect(JSON.stringify(result.report)).toContain('Metadata and colour profiles are kept');
    expect(metadataStreams(file)).toBeGreaterThan(0);
  });
});

function isXmp(object: PdfObject): boolean {
  return object instanceof PdfStream && isOfType(object.dict, 'Metadata');
}
