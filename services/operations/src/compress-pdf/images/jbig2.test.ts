import { describe, expect, it } from '@jest/globals';
import { textStream } from '@pdf-tools/harness/documents/text-pdf';
import { SIDE, compressImage, rowsOf } from '@pdf-tools/harness/documents/square-image';
import { encodeCcittG4, encodeJbig2 } from '@pdf-tools/pdf';
import operation from '../definition.js';

const [PAGE_INFORMATION, GENERIC_REGION, TEXT_REGION] = [48, 38, 6];
const IMAGE = '/ColorSpace /DeviceGray /BitsPerComponent 1 /Filter /JBIG2Decode';

const CLAIM =
  '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">' +
  '<rdf:Description xmlns:pdfx="http://ns.adobe.com/pdfx/1.3/" pdfx:GTS_PDFXVersion="PDF/X-1a:2003"/>' +
  '</rdf:RDF></x:xmpmeta>';

const uint32 = (value: number): number[] => [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];

/** A segment of page 1 (T.88, 7.2). */
function segment(number: number, type: number, data: readonly number[]): number[] {
  return [...uint32(number), type, 0, 1, ...uint32(data.length), ...data];
}

/** Strokes that JBIG2 codes in fewer bytes than Flate, and Flate in fewer than CCITT. */
const image = { width: SIDE, height: SIDE, data: Buffer.alloc((SIDE / 8) * SIDE) };
const noise = Array.from({ length: 1000 }, (_none, at) => Math.sin(at * at) > 0.8);
for (let at = 0; at < image.data.length; at++) {
  const [x, y] = [at % (SIDE / 8), Math.floor(at / (SIDE / 8))];
  image.data[at] = noise[Math.floor(y / 7) * (SIDE / 8) + x] ? 0x3c >> (y % 3) : 0;
}

const page = segment(0, PAGE_INFORMATION, [...uint32(SIDE), ...uint32(SIDE), ...uint32(0), ...uint32(0), 0, 0, 0]);
const place = (x = 0): number[] => [...uint32(SIDE), ...uint32(SIDE), ...uint32(x), ...uint32(0), 0];
const mmr = (x = 0): number[] => segment(1, GENERIC_REGION, [...place(x), 1, ...encodeCcittG4(image)]);

describe('images in JBIG2', () => {
  it('encodes them again if that is smaller', async () => {
    const result = await compressImage(operation, IMAGE, Buffer.from([...page, ...mmr(), 10]));
    expect(result.outcome).toMatchObject({ action: 'recompressed', encoding: 'jbig2' });
    expect(result.file.encoded(result.image).equals(encodeJbig2(image))).toBe(true);
  });

  it('reads the segments that images share', async () => {
    const entries = `${IMAGE} /DecodeParms << /JBIG2Globals 6 0 R >>`;
    const objects = { 6: textStream(Buffer.from(page).toString('latin1')) };
    const { file, image: written } = await compressImage(operation, entries, Buffer.from(mmr()), { objects });
    expect(file.encoded(written).equals(encodeJbig2(image))).toBe(true);
    expect(written.dict.has('DecodeParms')).toBe(false);
  });

  it('replaces them with bilevel=ccitt even if the file grows', async () => {
    const jbig2 = encodeJbig2(image);
    const {
      file,
      image: written,
      outcome,
    } = await compressImage(operation, IMAGE, jbig2, {
      params: { bilevel: 'ccitt' },
    });
    expect(outcome).toMatchObject({ action: 'recompressed', encoding: 'flate' });
    expect(file.encoded(written).length).toBeGreaterThan(jbig2.length);
    expect(rowsOf(file, written).equals(image.data.map((byte) => byte ^ 0xff))).toBe(true);
  });

  it('replaces them in a file that claims PDF/X-1a', async () => {
    const { outcome } = await compressImage(operation, IMAGE, Buffer.from([...page, ...mmr()]), {
      objects: {
        1: '<< /Type /Catalog /Pages 2 0 R /Metadata 7 0 R >>',
        7: textStream(CLAIM, '/Type /Metadata /Subtype /XML'),
      },
    });
    expect(outcome).toMatchObject({ encoding: 'flate' });
  });

  it.each([
    ['of another size', [...page, ...mmr()], '/Width 199 /Height 200'],
    ['with a region beyond the page', [...page, ...mmr(1)], ''],
    ['with transposed text', [...page, ...segment(1, TEXT_REGION, [...place(), 0, 0x40, ...uint32(0)])], ''],
  ])('keeps a page %s, which readers do not draw alike', async (_what, data, size) => {
    const { outcome } = await compressImage(operation, `${IMAGE} ${size}`, Buffer.from(data));
    expect(outcome).toMatchObject({ action: 'kept', reason: 'JBIG2 segments' });
  });

  it('keeps a truncated page', async () => {
    const { outcome } = await compressImage(operation, IMAGE, Buffer.from([...page, ...mmr().slice(0, -9)]));
    expect(outcome).toMatchObject({ action: 'kept', reason: 'cannot be decoded' });
  });
});
