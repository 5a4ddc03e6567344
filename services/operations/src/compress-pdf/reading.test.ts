import { deflateSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { PdfDict, PdfRef, PdfStream, PdfString, pageDict, readPageTree } from '@pdf-tools/pdf';
import type { PdfFile } from '@pdf-tools/pdf';
import { encrypt } from '@pdf-tools/harness/documents/documents';
import { openBytes } from '@pdf-tools/harness/documents/pdf-folder';
import { textPdf, textStream } from '@pdf-tools/harness/documents/text-pdf';
import { produce } from '@pdf-tools/harness/documents/workshop';
import operation from './definition.js';

const FONT = '/Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >>';
/** Padding that the result omits, so that it is smaller than the file. */
const PADDING = `\n%${'q'.repeat(2000)}`;

function textPage(content: number, more = ''): string {
  return `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << ${FONT} >> /Contents ${content} 0 R ${more} >>`;
}

function text(words: string): string {
  return textStream(`BT /F1 18 Tf 60 760 Td (${words}) Tj ET${PADDING}`);
}

const ONE_PAGE = {
  1: '<< /Type /Catalog /Pages 2 0 R >>',
  2: '<< /Type /Pages /Count 1 /Kids [3 0 R] >>',
  3: textPage(4),
  4: text('CURRENT TEXT'),
};

/** Appends an update to a document: objects, table rows by number, and trailer entries. */
function update(base: Buffer, rows: Readonly<Record<number, string>>, body = ''): Buffer {
  const previous = base.lastIndexOf('xref\n0');
  const table = Object.entries(rows).map(([num, row]) => `${num} 1\n${row} \n`);
  const trailer = `trailer\n<< /Size 20 /Root 1 0 R /Prev ${previous} >>\n`;
  const start = base.length + body.length;
  return Buffer.concat([
    base,
    Buffer.from(`${body}xref\n${table.join('')}${trailer}startxref\n${start}\n%%EOF\n`, 'latin1'),
  ]);
}

async function compress(bytes: Buffer, params: Readonly<Record<string, unknown>> = {}) {
  const { bytes: result, result: product } = await produce(operation, [['a.pdf', bytes]], { params });
  return { bytes: result, report: product.report, pages: product.pages, file: openBytes(result) };
}

function decoded(file: PdfFile, stream: unknown): string {
  if (!(stream instanceof PdfStream)) throw new Error('is no stream');
  return file.decoded(stream).bytes.toString('latin1');
}

function contentOf(file: PdfFile, page = 0): string {
  const entry = readPageTree(file).pages[page];
  return entry ? decoded(file, file.resolve(pageDict(file, entry).get('Contents'))) : '';
}

describe('compress-pdf follows the cross-reference', () => {
  it('uses the copy of an object that the table lists instead of a later one in the file', async () => {
    const base = textPdf(ONE_PAGE);
    const at = base.lastIndexOf('xref\n0');
    const stale = Buffer.from(`4 0 obj\n${text('STALE TEXT')}\nendobj\n`, 'latin1');
    const tail = base.toString('latin1', at).replace(/startxref\n\d+/, `startxref\n${at + stale.length}`);
    const { file } = await compress(Buffer.concat([base.subarray(0, at), stale, Buffer.from(tail, 'latin1')]));
    expect(contentOf(file)).toContain('CURRENT TEXT');
  });

  it('omits an annotation whose object was freed by an update', async () => {
    const base = textPdf({
      ...ONE_PAGE,
      3: textPage(4, '/Annots [5 0 R]'),
      5: '<< /Type /Annot /Subtype /Text /Rect [0 0 9 9] /Contents (SECRET NOTE) >>',
    });
    const { bytes, file } = await compress(update(base, { 0: '0000000005 65535 f', 5: '0000000000 00001 f' }));
    expect([...file.numbers()].map((num) => file.load(num)).filter((object) => hasKey(object, 'Rect'))).toEqual([]);
    expect(bytes.includes('SECRET')).toBe(false);
  });

  it.each([
    ['the word stream', 'live stream subscription'],
    ['the word endstream', 'endstream follows later'],
  ])('follows an indirect /Length past %s in unfiltered data', async (_what, words) => {
    const data = `${words}\n${'x'.repeat(3000)}`;
    const { file } = await compress(
      textPdf({ ...ONE_PAGE, 4: `<< /Length 5 0 R >>\nstream\n${data}\nendstream`, 5: String(data.length) }),
    );
    expect(contentOf(file)).toBe(data);
  });

  it('keeps a page that contains a number with two signs', async () => {
    const { pages, file } = await compress(
      textPdf({
        ...ONE_PAGE,
        2: '<< /Type /Pages /Count 2 /Kids [3 0 R 6 0 R] >>',
        6: textPage(7, '/BleedBox [0 --5 595 842]'),
        7: text('Page two'),
      }),
    );
    expect(pages).toBe(2);
    expect(contentOf(file, 1)).toContain('Page two');
    const entry = readPageTree(file).pages[1];
    expect(entry && pageDict(file, entry).get('BleedBox')).toEqual([0, -5, 595, 842]);
  });

  it('builds a new page tree if it is lost', async () => {
    const { pages, file } = await compress(textPdf({ ...ONE_PAGE, 2: 'null', 6: textPage(7), 7: text('Page two') }));
    expect(pages).toBe(2);
    expect([contentOf(file, 0), contentOf(file, 1)]).toEqual([
      expect.stringContaining('CURRENT TEXT'),
      expect.stringContaining('Page two'),
    ]);
    expect(readPageTree(file).nodes.size).toBe(1);
  });

  it('shortens a number that is too long for readers', async () => {
    const { bytes, file } = await compress(
      textPdf({ ...ONE_PAGE, 1: `<< /Type /Catalog /Pages 2 0 R /Pi 3.14${'1'.repeat(99_999)} >>` }),
    );
    expect(bytes.length).toBeLessThan(2_000);
    expect(file.catalogEntry('Pi')).toBeCloseTo(3.14111);
  });

  it('keeps names with lower-case escapes', async () => {
    const { file } = await compress(
      textPdf({
        ...ONE_PAGE,
        3: textPage(4).replace('/F1', '/F#c3#bc'),
        4: textStream(`BT /F#C3#BC 18 Tf (x) Tj ET${PADDING}`),
      }),
    );
    const [entry] = readPageTree(file).pages;
    const resources = entry ? file.resolve(pageDict(file, entry).get('Resources')) : null;
    const fonts = resources instanceof PdfDict ? file.resolve(resources.get('Font')) : null;
    expect(fonts instanceof PdfDict && [...fonts.keys()]).toEqual(['F\u00c3\u00bc']);
  });
});

describe('compress-pdf keeps', () => {
  it('document information, the first identifier and unknown entries of the trailer', async () => {
    const base = textPdf({ ...ONE_PAGE, 5: '<< /Title (My title) >>', 6: '[ (private) ]' });
    const input = Buffer.from(
      base.toString('latin1').replace('/Root', '/Info 5 0 R /ID [<0102> <0304>] /Private 6 0 R /Root'),
      'latin1',
    );
    const { file } = await compress(input);
    const info = file.resolve(file.trailer.get('Info'));
    expect(info instanceof PdfDict && info.get('Title')).toEqual(PdfString.latin1('My title'));
    const id = file.trailer.get('ID');
    const [first, second] = Array.isArray(id) ? id : [];
    expect(first).toEqual(new PdfString(Buffer.from([1, 2])));
    expect(second).not.toEqual(new PdfString(Buffer.from([3, 4])));
    expect(file.resolve(file.trailer.get('Private'))).toEqual([PdfString.latin1('private')]);
  });

  it('entries of the catalog', async () => {
    const { file } = await compress(
      textPdf({ ...ONE_PAGE, 1: '<< /Type /Catalog /Pages 2 0 R /Lang (de) /Unheard << /Of 5 0 R >> >>', 5: '42' }),
    );
    expect(file.catalogEntry('Lang')).toEqual(PdfString.latin1('de'));
    const unheard = file.catalogEntry('Unheard');
    expect(unheard instanceof PdfDict && file.resolve(unheard.get('Of'))).toBe(42);
  });

  it('damaged stream data byte for byte', async () => {
    const damaged = deflateSync(Buffer.from('0 0 m 9 9 l S\n'.repeat(500)), { level: 0 })
      .toString('latin1')
      .slice(0, -9);
    const { bytes } = await compress(
      textPdf({
        ...ONE_PAGE,
        1: '<< /Type /Catalog /Pages 2 0 R /X 5 0 R >>',
        5: textStream(damaged, '/Filter /FlateDecode'),
      }),
    );
    expect(bytes.includes(Buffer.from(damaged, 'latin1'))).toBe(true);
  });
});

describe('compress-pdf of PDF/A', () => {
  const claiming = (part: number): Buffer =>
    textPdf({
      ...ONE_PAGE,
      1: '<< /Type /Catalog /Pages 2 0 R /Metadata 5 0 R >>',
      5: textStream(
        `<rdf:Description xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" pdfaid:part="${part}" pdfaid:conformance="B"/>`,
        '/Type /Metadata /Subtype /XML',
      ),
    });

  it('keeps the file structure of part 1: version 1.4, a table, no object streams', async () => {
    const { bytes } = await compress(claiming(1));
    expect(bytes.toString('latin1', 0, 8)).toBe('%PDF-1.4');
    expect(bytes.toString('latin1')).not.toMatch(/ObjStm|XRef/);
  });

  it('writes object streams for part 2', async () => {
    expect((await compress(claiming(2))).bytes.includes('/ObjStm')).toBe(true);
  });
});

it('compress-pdf returns a file decrypted if it does not get smaller', async () => {
  const small = (await compress(textPdf(ONE_PAGE))).bytes;
  const { bytes, report } = await compress(await encrypt(small, 'secret'), { password: 'secret' });
  expect(openBytes(bytes).isEncrypted).toBe(false);
  expect(report).toMatchObject({ decrypted: true, unchanged: false });
});

it('compress-pdf reports the possible saving of a dry run and returns the input', async () => {
  const input = textPdf(ONE_PAGE);
  const { bytes, report } = await compress(input, { dry_run: true });
  expect(bytes.equals(input)).toBe(true);
  expect(report).toMatchObject({ unchanged: true, reason: 'dry run', streams: { repacked: 1 } });
  expect(Number(report.compressed_bytes)).toBeLessThan(input.length / 2);
});

it('compress-pdf does not report the file of a dry run as decrypted', async () => {
  const input = await encrypt(textPdf(ONE_PAGE), 'secret');
  const params = { password: 'secret', dry_run: true };
  const { bytes, result } = await produce(operation, [['a.pdf', input]], { params });
  expect(bytes.equals(input)).toBe(true);
  expect(result.report).not.toHaveProperty('decrypted');
});

it('compress-pdf writes equal streams once', async () => {
  const form = textStream('0 0 m 9 9 l S\n'.repeat(100), '/Type /XObject /Subtype /Form /BBox [0 0 9 9]');
  const { file } = await compress(
    textPdf({ ...ONE_PAGE, 1: '<< /Type /Catalog /Pages 2 0 R /A [5 0 R 6 0 R] >>', 5: form, 6: form }),
  );
  const both = file.catalogEntry('A');
  const [first, second] = Array.isArray(both) ? both : [];
  expect(first).toBeInstanceOf(PdfRef);
  expect(first).toEqual(second);
});

function hasKey(object: unknown, key: string): boolean {
  return object instanceof PdfDict && object.has(key);
}
