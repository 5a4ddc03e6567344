import { describe, expect, it } from '@jest/globals';
import { SeededRandom } from '@pdf-tools/harness/documents/random';
import { PdfDict, PdfName } from '../syntax/objects.js';
import type { PdfObject } from '../syntax/objects.js';
import { undoPredictor } from './predictor.js';

interface Layout {
  readonly colors: number;
  readonly bits: number;
  readonly columns: number;
}

const parmsOf = (predictor: number, { colors, bits, columns }: Layout): PdfDict =>
  PdfDict.of({ Predictor: predictor, Colors: colors, BitsPerComponent: bits, Columns: columns });

const rowBytes = ({ colors, bits, columns }: Layout): number => Math.ceil((colors * bits * columns) / 8);

const LAYOUTS: Layout[] = [1, 2, 4, 8, 16].flatMap((bits) =>
  [1, 3, 4].flatMap((colors) => [1, 7, 32].map((columns) => ({ colors, bits, columns }))),
);

/** PNG's filters, implemented directly from its clause 9.2. `typeOf` returns the type of each row. */
function filterPng(data: Buffer, layout: Layout, typeOf: (row: number) => number): Buffer {
  const width = rowBytes(layout);
  const pixel = Math.ceil((layout.colors * layout.bits) / 8);
  const at = (row: number, column: number): number => (row < 0 || column < 0 ? 0 : (data[row * width + column] ?? 0));
  const filtered: number[] = [];
  for (let row = 0; row * width < data.length; row += 1) {
    filtered.push(typeOf(row));
    for (let column = 0; column < width && row * width + column < data.length; column += 1) {
      const a = at(row, column - pixel);
      const b = at(row - 1, column);
      const c = at(row - 1, column - pixel);
      const predictions = [0, a, b, Math.floor((a + b) / 2), paeth(a, b, c)];
      filtered.push((at(row, column) - (predictions[typeOf(row)] ?? 0)) & 0xff);
    }
  }
  return Buffer.from(filtered);
}

function paeth(a: number, b: number, c: number): number {
  const p = a + b - c;
  const distances = [a, b, c].map((value) => Math.abs(p - value));
  return [a, b, c][distances.indexOf(Math.min(...distances))] ?? 0;
}

/** TIFF's differences, sample by sample. */
function filterTiff(data: Buffer, layout: Layout): Buffer {
  const filtered = Buffer.from(data);
  const bitAt = (bit: number): number => ((data[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1;
  const sampleAt = (bit: number): number => {
    let sample = 0;
    for (let next = bit; next < bit + layout.bits; next += 1) sample = sample * 2 + bitAt(next);
    return sample;
  };
  const step = layout.colors * layout.bits;
  for (let start = 0; start < data.length * 8; start += rowBytes(layout) * 8) {
    for (let bit = start + step; bit < start + step * layout.columns; bit += layout.bits) {
      const difference = sampleAt(bit) - sampleAt(bit - step);
      for (let offset = 0; offset < layout.bits; offset += 1) {
        const target = bit + offset;
        const mask = 0x80 >> (target & 7);
        const set = (difference >> (layout.bits - 1 - offset)) & 1;
        filtered[target >> 3] = ((filtered[target >> 3] ?? 0) & ~mask) | (set === 1 ? mask : 0);
      }
    }
  }
  return filtered;
}

/** Rows of noise. The padding bits of a row are 0, because TIFF's differences include them. */
function rowsOf(layout: Layout, rows: number): Buffer {
  const random = new SeededRandom(layout.bits * 100 + layout.colors);
  return withoutSpareBits(random.bytes(rowBytes(layout) * rows), layout);
}

/** Copies `data` without the padding bits of each row. */
function withoutSpareBits(data: Buffer, layout: Layout): Buffer {
  const spare = rowBytes(layout) * 8 - layout.bits * layout.colors * layout.columns;
  const copy = Buffer.from(data);
  for (let end = rowBytes(layout) - 1; end < copy.length; end += rowBytes(layout)) {
    copy[end] = ((copy[end] ?? 0) >> spare) << spare;
  }
  return copy;
}

describe('undoPredictor', () => {
  it.each([
    ['no parameters', undefined],
    ['none', PdfDict.of({ Columns: 3 })],
    ['1', PdfDict.of({ Predictor: 1, Columns: -3 })],
    ['0', PdfDict.of({ Predictor: 0 })],
    ['null', PdfDict.of({ Predictor: null })],
  ])('returns data unchanged for predictor %s', (_, parms) => {
    const data = Buffer.from([2, 1, 2, 3]);
    expect(undoPredictor(data, parms)).toEqual(Buffer.from([2, 1, 2, 3]));
  });

  it('undoes manually computed PNG rows', () => {
    const rows = [0, 1, 2, 3, 1, 1, 1, 1, 2, 1, 1, 1, 3, 1, 1, 1, 4, 1, 1, 1];
    const parms = PdfDict.of({ Predictor: 12, Columns: 3 });
    expect([...undoPredictor(Buffer.from(rows), parms)]).toEqual([1, 2, 3, 1, 2, 3, 2, 3, 4, 2, 3, 4, 3, 4, 5]);
  });

  it('uses one byte per row if the parameters omit the layout', () => {
    expect([...undoPredictor(Buffer.from([2, 7, 2, 1, 0, 9]), PdfDict.of({ Predictor: 15 }))]).toEqual([7, 8, 9]);
  });

  it.each(LAYOUTS)('gives back rows of every PNG filter: %j', (layout) => {
    const data = rowsOf(layout, 30);
    const random = new SeededRandom(layout.columns);
    const types = Array.from({ length: 30 }, () => random.below(5));
    const filtered = filterPng(data, layout, (row) => types[row] ?? 0);
    for (const predictor of [10, 11, 12, 13, 14, 15]) {
      expect(undoPredictor(Buffer.from(filtered), parmsOf(predictor, layout)).equals(data)).toBe(true);
    }
  });

  it.each([0, 1, 2, 3, 4])('undoes a first row and a truncated row with PNG filter %d', (type) => {
    const layout = { colors: 3, bits: 8, columns: 10 };
    const data = rowsOf(layout, 3);
    const filtered = filterPng(data, layout, () => type);
    for (let length = 0; length <= filtered.length; length += 1) {
      const bytes = undoPredictor(Buffer.from(filtered.subarray(0, length)), parmsOf(15, layout));
      expect(bytes).toHaveLength(length - Math.ceil(length / 31));
      expect(bytes.equals(data.subarray(0, bytes.length))).toBe(true);
    }
  });

  it('keeps a row with an unknown PNG filter', () => {
    const parms = PdfDict.of({ Predictor: 15, Columns: 2 });
    expect([...undoPredictor(Buffer.from([9, 1, 2, 2, 1, 1, 255, 5, 6]), parms)]).toEqual([1, 2, 2, 3, 5, 6]);
  });

  it.each(LAYOUTS)('gives back rows of TIFF differences: %j', (layout) => {
    const data = rowsOf(layout, 30);
    const undone = undoPredictor(filterTiff(data, layout), parmsOf(2, layout));
    expect(withoutSpareBits(undone, layout).equals(data)).toBe(true);
  });

  it.each([1, 4, 8, 16])('undoes the existing part of a TIFF row, %d bits', (bits) => {
    const layout = { colors: 3, bits, columns: 16 };
    const data = rowsOf(layout, 2);
    const filtered = filterTiff(data, layout);
    for (let length = 0; length <= filtered.length; length += 1) {
      const bytes = undoPredictor(Buffer.from(filtered.subarray(0, length)), parmsOf(2, layout));
      const whole = bits === 16 ? length & ~1 : length;
      expect(bytes).toHaveLength(length);
      expect(bytes.subarray(0, whole).equals(data.subarray(0, whole))).toBe(true);
    }
  });

  it('uses time and memory in proportion to the data, not to the parameters', () => {
    const parms = { Colors: 32, BitsPerComponent: 16, Columns: 2 ** 31 - 1 };
    const png = undoPredictor(Buffer.from([1, 5, 6]), PdfDict.of({ Predictor: 15, ...parms }));
    expect([...png]).toEqual([5, 6]);
    expect([...undoPredictor(Buffer.from([5, 6]), PdfDict.of({ Predictor: 2, ...parms }))]).toEqual([5, 6]);
  });

  it.each<[key: string, value: PdfObject]>([
    ['Predictor', -1],
    ['Predictor', 3],
    ['Predictor', 9],
    ['Predictor', 16],
    ['Predictor', 12.5],
    ['Predictor', new PdfName('Up')],
    ['Colors', 0],
    ['Colors', 33],
    ['Colors', 1e9],
    ['BitsPerComponent', 0],
    ['BitsPerComponent', 3],
    ['BitsPerComponent', 32],
    ['BitsPerComponent', 1.5],
    ['Columns', 0],
    ['Columns', -5],
    ['Columns', 2 ** 31],
    ['Columns', NaN],
    ['Columns', Infinity],
    ['Columns', true],
  ])('refuses a %s of %p', (key, value) => {
    const parms = PdfDict.of({ Predictor: 12, [key]: value });
    expect(() => undoPredictor(Buffer.alloc(8), parms)).toThrow(
      expect.objectContaining({ code: 'corrupt_pdf', message: `has a stream whose ${key} is invalid` }),
    );
  });
});
