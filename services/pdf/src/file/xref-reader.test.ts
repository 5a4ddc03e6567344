import { deflateSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { ONE_PAGE, latin1, pdfText, row, streamText } from '@pdf-tools/harness/documents/pdf-text';
import { MAX_OBJECTS } from '../limits.js';
import { MemorySource } from './byte-source.js';
import { readXref } from './xref-reader.js';
import type { Xref } from './xref.js';

const read = (text: string | Buffer): Xref | undefined =>
  readXref(new MemorySource(Buffer.isBuffer(text) ? text : latin1(text)));
/** The entries in short form: an offset, `f` for free, or `container:index`. */
function entriesOf(text: string | Buffer): Record<string, number | string> | undefined {
  const xref = read(text);
  if (!xref) return undefined;
  return Object.fromEntries(
    [...xref.entries].map(([num, entry]) => {
      if (entry.kind === 'free') return [num, 'f'];
      return [num, entry.kind === 'offset' ? entry.offset : `${entry.container}:${entry.index}`];
    }),
  );
}

/** A section at the current end of the file, and its offset. */
function section(text: string, rows: string, trailer: string): { text: string; start: number } {
  return { text: `${text}xref\n${rows}trailer\n<<${trailer}>>\n`, start: text.length };
}
const ended = ({ text, start }: { text: string; start: number }): string => `${text}startxref\n${start}\n%%EOF\n`;
const HEADER = '%PDF-1.7\n';

describe('readXref', () => {
  it('reads a table', () => {
    const { bytes, offsets } = pdfText(ONE_PAGE);
    expect(entriesOf(bytes)).toEqual({ 0: 'f', 1: offsets[0], 2: offsets[1], 3: offsets[2] });
  });

  it.each([
    ['CR LF', '0000000000 65535 f\r\n0000000017 00000 n\r\n'],
    ['LF alone, which makes rows of 19 bytes', '0000000000 65535 f\n0000000017 00000 n\n'],
    ['two spaces and LF', '0000000000 65535 f  \n0000000017 00000 n  \n'],
    ['numbers without their zeros', '0 65535 f            \n17 0 n              \n'],
  ])('reads rows that end with %s', (_, rows) => {
    expect(entriesOf(ended(section(HEADER, `0 2\n${rows}`, '/Root 1 0 R')))).toEqual({ 0: 'f', 1: 17 });
  });

  it('reads subsections, including those that claim to begin at 1 but begin at 0', () => {
    const rows = `1 2\n${row(0, 'f', 65535)}${row(17)}7 1\n${row(30)}`;
    expect(entriesOf(ended(section(HEADER, rows, '/Root 1 0 R')))).toEqual({ 0: 'f', 1: 17, 7: 30 });
  });

  it('stops at the trailer if there are fewer rows than announced', () => {
    const rows = `0 3\n${row(0, 'f', 65535)}${row(17)}`;
    expect(entriesOf(ended(section(HEADER, rows, `/Root 1 0 R/Info (${'x'.repeat(99)})`)))).toEqual({ 0: 'f', 1: 17 });
  });

  it('uses the newest section for each object and for the trailer', () => {
    const oldest = section(HEADER, `0 3\n${row(0, 'f')}${row(11)}${row(12)}`, '/Root 1 0 R/Info 2 0 R');
    const middle = section(oldest.text, `1 2\n${row(21)}${row(22)}`, `/Root 3 0 R/Prev ${oldest.start}`);
    const newest = section(middle.text, `2 1\n${row(0, 'f', 1)}`, `/Prev ${middle.start}`);
    expect(entriesOf(ended(newest))).toEqual({ 0: 'f', 1: 21, 2: 'f' });
    expect(read(ended(newest))?.trailer.get('Root')).toEqual({ num: 3, gen: 0 });
    expect(read(ended(newest))?.trailer.get('Info')).toEqual({ num: 2, gen: 0 });
  });

  it('stops at a cycle of sections and at a /Prev of 0', () => {
    const first = section(
      HEADER,
      `1 1\n${row(11)}`,
      `/Root 1 0 R/Prev ${String(HEADER.length + 1000).padStart(4, '0')}`,
    );
    const padded = first.text.padEnd(HEADER.length + 1000);
    const second = section(padded, `2 1\n${row(12)}`, `/Prev ${first.start}`);
    expect(entriesOf(ended(second))).toEqual({ 1: 11, 2: 12 });
    expect(entriesOf(ended(section(HEADER, `1 1\n${row(11)}`, '/Root 1 0 R/Prev 0')))).toEqual({ 1: 11 });
  });

  it('reads a hybrid file in the order table, stream, previous section', () => {
    const before = section(HEADER, `1 4\n${row(11)}${row(12)}${row(13)}${row(14)}`, '/Root 1 0 R');
    const entries = Buffer.from([1, 21, 2, 9, 1, 23]);
    const stream = `9 0 obj\n${streamText('/Type/XRef/W[1 1 0]/Index[1 3]/Size 4', entries)}\nendobj\n`;
    const main = `/Prev ${before.start}/XRefStm ${before.text.length}`;
    const hybrid = section(before.text + stream, `1 1\n${row(31)}`, main);
    expect(entriesOf(ended(hybrid))).toEqual({ 1: 31, 2: '9:0', 3: 23, 4: 14 });
  });

  it('counts offsets from the header if other bytes precede it', () => {
    const { bytes, offsets } = pdfText(ONE_PAGE);
    const junk = latin1('HTTP/1.1 200 OK\r\n\r\n');
    const shifted = offsets.map((offset) => offset + junk.length);
    expect(entriesOf(Buffer.concat([junk, bytes]))).toMatchObject({ 1: shifted[0], 2: shifted[1], 3: shifted[2] });
    const { bytes: counted, offsets: places } = pdfText(ONE_PAGE, { before: 'HTTP/1.1 200 OK\r\n\r\n' });
    expect(entriesOf(counted)).toMatchObject({ 1: places[0], 2: places[1], 3: places[2] });
  });

  const { text: one } = section(HEADER, `1 1\n${row(11)}`, '/Root 1 0 R');
  it.each([
    ['no startxref', one],
    ['a startxref without a number', `${one}startxref\n%%EOF`],
    ['a startxref below 0', `${one}startxref -9\n%%EOF`],
    ['a startxref behind the file', `${one}startxref 99999\n%%EOF`],
    ['a startxref that points elsewhere', `${one}startxref 3\n%%EOF`],
    ['no trailer', ended({ text: `${HEADER}xref\n1 1\n${row(11)}`, start: HEADER.length })],
    [
      'a trailer that is no dictionary',
      ended({ text: `${HEADER}xref\n1 1\n${row(11)}trailer [1]`, start: HEADER.length }),
    ],
    ['no /Root', ended(section(HEADER, `1 1\n${row(11)}`, '/Size 2'))],
    ['a /Prev that leads nowhere', ended(section(HEADER, `1 1\n${row(11)}`, '/Root 1 0 R/Prev 77777'))],
    ['rows of rubbish', ended(section(HEADER, `1 1\n${'x'.repeat(20)}`, '/Root 1 0 R'))],
    ['more rows than bytes', ended(section(HEADER, `1 99999\n${row(11)}`, '/Root 1 0 R'))],
    ['rows below 0', ended(section(HEADER, `1 -1\n${row(11)}`, '/Root 1 0 R'))],
    ['nothing', ''],
  ])('returns undefined for %s', (_, text) => {
    expect(read(text)).toBeUndefined();
  });

  it('refuses more objects than the limit and skips numbers above the maximum', () => {
    const stream = (rows: number, index: string): string => {
      const entries = `/Type/XRef/W[1 1 0]/Filter/FlateDecode/Root 1 0 R/Index[${index}]`;
      const data = deflateSync(Buffer.alloc(rows * 2, 1));
      return ended({ text: `${HEADER}1 0 obj\n${streamText(entries, data)}\nendobj\n`, start: HEADER.length });
    };
    expect(entriesOf(stream(4, '1 1 8388607 3'))).toEqual({ 1: 1, 8388607: 1 });
    expect(() => read(stream(MAX_OBJECTS + 1, `1 ${MAX_OBJECTS + 1}`))).toThrow(
      expect.objectContaining({ code: 'upload_too_large' }),
    );
  });

  it('applies the decoding limit to all sections together', () => {
    const bomb = deflateSync(deflateSync(Buffer.alloc(60 * 2 ** 20)));
    const entries = '/Type/XRef/W[1 1 1]/Index[0 1]/Filter[/FlateDecode/FlateDecode]';
    let [text, prev] = [HEADER, 0];
    for (let nth = 0; nth < 6; nth++) {
      const start = text.length;
      text += `1 0 obj\n${streamText(`${entries}/Root 1 0 R/Prev ${prev}`, bomb)}\nendobj\n`;
      prev = start;
    }
    expect(() => read(ended({ text, start: prev }))).toThrow(expect.objectContaining({ code: 'upload_too_large' }));
  });
});
