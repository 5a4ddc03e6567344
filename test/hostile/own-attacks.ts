import { crc32, deflateSync } from 'node:zlib';
import { png } from '@pdf-tools/harness/samples';
import type { Attack } from './corpus.js';

const MEBIBYTE = 2 ** 20;
const PAGE = '<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>';
const BASE: Readonly<Record<number, string>> = {
  1: '<</Type/Catalog/Pages 2 0 R>>',
  2: '<</Type/Pages/Kids[3 0 R]/Count 1>>',
  3: PAGE,
};

/** Builds a PDF of these objects with a cross-reference table. */
function pdfOf(objects: Readonly<Record<number, string>> = BASE): Buffer {
  let body = '%PDF-1.7\n';
  const rows: string[] = ['0000000000 65535 f '];
  for (const [number, text] of Object.entries(objects)) {
    rows[Number(number)] = `${String(body.length).padStart(10, '0')} 00000 n `;
    body += `${number} 0 obj\n${text}\nendobj\n`;
  }
  const table = Array.from(rows, (row: string | undefined) => row ?? '0000000000 00000 f ').join('\n');
  const trailer = `trailer\n<</Size ${rows.length}/Root 1 0 R>>\nstartxref\n${body.length}\n%%EOF\n`;
  return Buffer.from(`${body}xref\n0 ${rows.length}\n${table}\n${trailer}`, 'latin1');
}

function stream(dict: string, data: Buffer): string {
  return `<<${dict}/Length ${data.length}>>\nstream\n${data.toString('latin1')}\nendstream`;
}

/** Builds a JPEG of 8 x 8 pixels that repeats its only scan `scans` times. */
function jpegOfScans(scans: number): Buffer {
  const table = (kind: string) => `ffc40014${kind}0001${'00'.repeat(14)}00`;
  const scan = 'ffda0008010100003f0000';
  const hex = `ffd8ffdb004300${'01'.repeat(64)}ffc2000b080008000801011100${table('00')}${table('10')}${scan.repeat(scans)}ffd9`;
  return Buffer.from(hex, 'hex');
}

const EMPTY_ZIP = Buffer.from(`504b0506${'00'.repeat(18)}`, 'hex');
const zeros = (mebibytes: number): Buffer => deflateSync(Buffer.alloc(mebibytes * MEBIBYTE), { level: 9 });

/** Returns the suite's own attacks: one or two of every kind in security.md, for machines without the shared ones. */
export async function ownAttacks(): Promise<Attack[]> {
  const photo = await png(32, 32);
  const laughs = Object.fromEntries(
    Array.from({ length: 9 }, (_, i) => [10 + i, `<</Type/Pages/Kids[${`${i === 8 ? 3 : 11 + i} 0 R `.repeat(10)}]>>`]),
  );
  const pdf = (file: string, expected: string, why: string, bytes: Buffer): Attack => ({
    file,
    contentType: 'application/pdf',
    endpoint: 'pdf',
    expected,
    why,
    bytes,
  });
  const image = (file: string, expected: string, why: string, bytes: Buffer): Attack => ({
    file,
    contentType: 'image/png',
    endpoint: 'images',
    expected,
    why,
    bytes,
  });
  return [
    pdf('own_good.pdf', 'ACCEPT', 'control', pdfOf()),
    pdf('own_zip.pdf', 'ACCEPT_OR_REJECT', 'PDF and ZIP in one', Buffer.concat([pdfOf(), EMPTY_ZIP])),
    pdf('own_zip_first.pdf', 'REJECT_TYPE', 'ZIP named .pdf', Buffer.from('PK\x03\x04 no PDF')),
    pdf(
      'own_objstm.pdf',
      'LIMIT',
      'object stream of 300 MiB',
      pdfOf({ ...BASE, 4: stream('/Type/ObjStm/N 1/First 4/Filter/FlateDecode', zeros(300)) }),
    ),
    pdf(
      'own_layers.pdf',
      'LIMIT',
      'two layers of Flate',
      pdfOf({ ...BASE, 4: stream('/Filter[/FlateDecode/FlateDecode]', deflateSync(zeros(300))) }),
    ),
    pdf(
      'own_xref_rows.pdf',
      'REJECT_CORRUPT',
      '8 million rows of 0 bytes',
      pdfOf({ ...BASE, 4: stream('/Type/XRef/W[0 0 0]/Index[0 8000000]/Size 4', Buffer.alloc(1)) }),
    ),
    pdf(
      'own_laughs.pdf',
      'LIMIT',
      '10^9 pages in 9 nodes',
      pdfOf({ ...BASE, 2: '<</Type/Pages/Kids[10 0 R]>>', ...laughs }),
    ),
    pdf(
      'own_nesting.pdf',
      'REJECT_OR_REPAIR',
      '100,000 arrays in each other',
      pdfOf({ ...BASE, 4: '['.repeat(100_000) + ']'.repeat(100_000) }),
    ),
    pdf(
      'own_box.pdf',
      'LIMIT',
      'a page of 10^9 points',
      pdfOf({ ...BASE, 3: '<</Type/Page/Parent 2 0 R/MediaBox[0 0 1000000000 9]>>' }),
    ),
    image('own_good.png', 'ACCEPT', 'control', photo),
    image('own_named.gif', 'ACCEPT', 'a PNG by another name and type', photo),
    image('own_scans.jpg', 'LIMIT_OR_REJECT', 'JPEG of 101 scans', jpegOfScans(101)),
    image('own_pixels.png', 'LIMIT', 'a header of 60,000 x 60,000 pixels', withSize(photo, 60_000)),
    image('own_endless.png', 'LIMIT_OR_REJECT', 'a header of 2^31 - 1 pixels each way', withSize(photo, 2 ** 31 - 1)),
    image('own_cut.png', 'REJECT_CORRUPT', 'cut in the middle', photo.subarray(0, photo.length / 2)),
    image(
      'own_pdf_in.jpg',
      'REJECT_CORRUPT',
      'JPEG and PDF in one',
      Buffer.concat([Buffer.from('ffd8fffe1000', 'hex'), pdfOf()]),
    ),
    image(
      'own_svg.png',
      'SVG',
      'SVG that reads a file',
      Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>'),
    ),
    image('own_html.png', 'REJECT_TYPE', 'HTML named .png', Buffer.from('<!doctype html><script>alert(1)</script>')),
  ];
}

/** Returns the PNG with another size in its header. */
function withSize(bytes: Buffer, side: number): Buffer {
  const copy = Buffer.from(bytes);
  copy.writeUInt32BE(side, 16);
  copy.writeUInt32BE(side, 20);
  copy.writeUInt32BE(crc32(copy.subarray(12, 29)), 29);
  return copy;
}
