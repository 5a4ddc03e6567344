import { deflateSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { latin1, streamText } from '@pdf-tools/harness/documents/pdf-text';
import { DecodingBudget } from '../filters/budget.js';
import type { PdfDict } from '../syntax/objects.js';
import { MemorySource } from './byte-source.js';
import { readXrefStream } from './xref-stream.js';
import type { XrefEntry } from './xref.js';

/** Reads a stream that begins at offset 5. Returns its entries and its dictionary. */
function read(entries: string, rows: readonly number[], shift = 0): { dict: PdfDict | undefined; found: unknown[] } {
  const text = `%%%%\n9 0 obj\n${streamText(entries, Buffer.from(rows))}\nendobj\n`;
  const found: [number, XrefEntry][] = [];
  const dict = readXrefStream(new MemorySource(latin1(text)), 5, shift, new DecodingBudget(), (num, entry) => {
    found.push([num, entry]);
  });
  return { dict, found };
}
const at = (offset: number, gen = 0): XrefEntry => ({ kind: 'offset', offset, gen });

describe('readXrefStream', () => {
  it('reads the three types of entries and skips reserved ones', () => {
    const rows = [0, 0, 5, 255, 1, 1, 2, 3, 2, 0, 7, 4, 3, 1, 1, 1, 1, 0, 9, 0];
    const { dict, found } = read('/Type/XRef/W[1 2 1]/Size 5', rows);
    expect(dict?.get('Size')).toBe(5);
    expect(found).toEqual([
      [0, { kind: 'free' }],
      [1, at(258, 3)],
      [2, { kind: 'compressed', container: 7, index: 4 }],
      [4, at(9)],
    ]);
  });

  it('uses type 1 if the type field is empty, and 0 for other empty fields', () => {
    expect(read('/Type/XRef/W[0 2 0]/Size 2', [1, 0, 0, 9]).found).toEqual([
      [0, at(256)],
      [1, at(9)],
    ]);
    expect(read('/Type/XRef/W[1 0 0]/Size 2', [1, 2]).found).toEqual([
      [0, at(0)],
      [1, { kind: 'compressed', container: 0, index: 0 }],
    ]);
  });

  it('reads fields of eight bytes and skips a fourth field', () => {
    expect(read('/Type/XRef/W[1 8 1 2]/Size 1', [1, 0, 0, 0, 1, 0, 0, 0, 2, 3, 9, 9]).found).toEqual([
      [0, at(2 ** 32 + 2, 3)],
    ]);
  });

  it('refuses eight million rows before it reads the first', () => {
    const rows = deflateSync(Buffer.alloc(8_000_000 * 5));
    const text = Buffer.concat([
      latin1(`9 0 obj\n<</Type/XRef/W[1 3 1]/Size 8000000/Filter/FlateDecode/Length ${rows.length}>>\nstream\n`),
      rows,
      latin1('\nendstream\nendobj\n'),
    ]);
    let read = 0;
    const count = (): void => {
      read += 1;
    };
    expect(() => readXrefStream(new MemorySource(text), 0, 0, new DecodingBudget(), count)).toThrow(
      expect.objectContaining({ code: 'upload_too_large' }),
    );
    expect(read).toBe(0);
  });

  it('numbers entries by /Index and skips missing rows', () => {
    const index = '/Type/XRef/W[0 1 0]/Size 99/Index[3 2 20 1 30 50]';
    expect(read(index, [5, 6, 7, 8]).found).toEqual([
      [3, at(5)],
      [4, at(6)],
      [20, at(7)],
      [30, at(8)],
    ]);
    expect(read('/Type/XRef/W[0 1 0]/Size 3', [5, 6, 7, 8]).found).toHaveLength(3);
    expect(read('/Type/XRef/W[0 1 0]', [5, 6, 7, 8]).found).toHaveLength(4);
  });

  it('adds the number of bytes before the header to offsets', () => {
    expect(read('/Type/XRef/W[1 1 1]/Size 2', [1, 5, 0, 2, 5, 1], 100).found).toEqual([
      [0, at(105)],
      [1, { kind: 'compressed', container: 5, index: 1 }],
    ]);
  });

  it('takes time in proportion to /Index', () => {
    expect(read(`/Type/XRef/W[0 1 0]/Index[${'5 0 '.repeat(300_000)}6 1]`, [7]).found).toEqual([[6, at(7)]]);
  });

  it.each(['/Type/ObjStm/W[1 1 1]', '/W[1 1 1]', '/Type/XRef', '/Type/XRef/W[1 1]', '/Type/XRef/W[0 0 0]'])(
    'sees none in %s',
    (entries) => {
      expect(read(`${entries}/Size 1`, [1, 2, 3])).toEqual({ dict: undefined, found: [] });
    },
  );

  it('returns undefined for images and for objects that are not streams', () => {
    expect(read('/Type/XRef/W[1 1 1]/Filter/DCTDecode', [1, 2, 3]).dict).toBeUndefined();
    const source = new MemorySource(latin1('9 0 obj <</Type/XRef/W[1 1 1]>> endobj'));
    expect(readXrefStream(source, 0, 0, new DecodingBudget(), () => undefined)).toBeUndefined();
  });

  it.each(['[1 9 1]', '[1 -1 1]', '[1 1 1000000000]'])('refuses widths of %s', (widths) => {
    expect(() => read(`/Type/XRef/W${widths}`, [1, 2, 3])).toThrow(expect.objectContaining({ code: 'corrupt_pdf' }));
  });
});
