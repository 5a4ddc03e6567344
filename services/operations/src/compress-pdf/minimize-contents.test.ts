import { deflateSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import type { PdfFile } from '@pdf-tools/pdf';
import { PdfDict, PdfRef, PdfStream, pageDict, readPageTree } from '@pdf-tools/pdf';
import { openBytes } from '@pdf-tools/harness/documents/pdf-folder';
import { textPdf, textStream } from '@pdf-tools/harness/documents/text-pdf';
import { produce } from '@pdf-tools/harness/documents/workshop';
import operation from './definition.js';

/** Lines whose coordinates have more digits than any output shows. */
const LINES = Array.from({ length: 300 }, (_item, at) => `${at}.123456789 ${at * 1.987654321} l`).join(' ');
const DRAWING = `0 0 m ${LINES} S`;
const SHARED = `q ${DRAWING} Q`;

function page(contents: string, more = ''): string {
  return `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents ${contents} ${more} >>`;
}

function documentOf(pages: readonly string[], objects: Readonly<Record<number, string>>): Buffer {
  const kids = pages.map((_page, at) => `${at + 3} 0 R`).join(' ');
  return textPdf({
    1: '<< /Type /Catalog /Pages 2 0 R >>',
    2: `<< /Type /Pages /Count ${pages.length} /Kids [${kids}] >>`,
    ...Object.fromEntries(pages.map((text, at) => [at + 3, text])),
    ...objects,
  });
}

async function compress(input: Buffer): Promise<{ file: PdfFile; contents: (number: number) => string[] }> {
  const { bytes } = await produce(operation, [['a.pdf', input]]);
  const file = openBytes(bytes);
  const { pages } = readPageTree(file);
  const contents = (number: number): string[] => {
    const entry = pages[number - 1];
    const value = entry ? file.resolve(pageDict(file, entry).get('Contents')) : null;
    return (Array.isArray(value) ? value : [value]).map((part) => textOf(file, file.resolve(part)));
  };
  return { file, contents };
}

function textOf(file: PdfFile, stream: unknown): string {
  return stream instanceof PdfStream ? file.decoded(stream).bytes.toString('latin1') : '';
}

describe('compress-pdf of content', () => {
  it('rounds coordinates and joins the parts of a page', async () => {
    const { contents } = await compress(
      documentOf([page('[20 0 R 21 0 R]')], { 20: textStream('q 2 w'), 21: textStream(`${DRAWING} Q`) }),
    );
    const [only, ...others] = contents(1);
    expect(others).toEqual([]);
    expect(only).toMatch(/^q\n2 w\n0 0 m\n\.123 0 l\n1\.123 1\.988 l\n/);
  });

  it('writes content that several pages share once', async () => {
    const { file, contents } = await compress(
      documentOf([page('20 0 R'), page('20 0 R')], { 20: textStream(DRAWING) }),
    );
    const refs = readPageTree(file).pages.map((entry) => pageDict(file, entry).get('Contents'));
    expect(refs[0]).toBeInstanceOf(PdfRef);
    expect(refs[0]).toEqual(refs[1]);
    expect(contents(2)[0]).toContain('.123 0 l');
  });

  it.each([
    ['keeps well deflated content that becomes hardly shorter', 6, '0.5 0 l'],
    ['rewrites weakly deflated content that becomes hardly shorter', 1, '.5 0 l'],
  ])('%s', async (_what, level, expected) => {
    const lines = Array.from({ length: 400 }, (_item, at) => `${(at * at) % 997}.25 ${(at * 31) % 789}.75 l`);
    const drawing = `0 0 m\n0.5 0 l\n${lines.join('\n')}\nS`;
    const deflated = deflateSync(drawing, { level }).toString('latin1');
    const { contents } = await compress(
      documentOf([page('20 0 R')], { 20: textStream(deflated, '/Filter /FlateDecode'), 30: `[${' '.repeat(5000)}]` }),
    );
    expect(contents(1)[0]?.split('\n')[1]).toBe(expected);
  });

  it('does not repeat a part that other pages have too', async () => {
    const { file, contents } = await compress(
      documentOf([page('[20 0 R 21 0 R]'), page('[20 0 R 22 0 R]')], {
        20: textStream(SHARED),
        21: textStream('0 0 m 1 1 l S'),
        22: textStream('0 0 m 2 2 l S'),
      }),
    );
    expect([contents(1)[0], contents(2)[0]]).toEqual([SHARED, SHARED]);
    const streams = [...file.numbers()].filter((num) => textOf(file, file.load(num)).includes('.123456789'));
    expect(streams).toHaveLength(1);
  });

  it('rewrites forms and keeps their dictionaries', async () => {
    const form = '/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Matrix [1 0 0 1 0 0]';
    const { file } = await compress(
      documentOf([page('20 0 R', '/Resources << /XObject << /X 21 0 R >> >>')], {
        20: textStream('/X Do'),
        21: textStream(DRAWING, form),
      }),
    );
    const forms = [...file.numbers()].map((num) => file.load(num)).filter((object) => isForm(object));
    expect(forms.map((object) => textOf(file, object).slice(0, 20))).toEqual(['0 0 m\n.123 0 l\n1.123']);
    expect(forms[0]?.dict.get('BBox')).toEqual([0, 0, 595, 842]);
  });

  it.each([
    ['it is not understood', textStream(`${DRAWING} 1 unknown`)],
    [
      'its data are damaged',
      textStream(deflateSync(Buffer.from(DRAWING)).subarray(0, -5).toString('latin1'), '/Filter /FlateDecode'),
    ],
  ])('keeps content if %s', async (_what, stream) => {
    const { contents } = await compress(documentOf([page('20 0 R')], { 20: stream, 30: '[' + ' '.repeat(5000) + ']' }));
    expect(contents(1)[0]).toContain('.123456789');
  });
});

function isForm(object: unknown): object is PdfStream {
  return object instanceof PdfStream && object.dict instanceof PdfDict && object.dict.has('BBox');
}
