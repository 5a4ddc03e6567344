import { deflateSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { budgetOf } from '@pdf-tools/harness/documents/budget';
import { MAX_FILTERS } from '../limits.js';
import { PdfDict } from '../syntax/objects.js';
import { DecodingBudget } from './budget.js';
import { canonicalFilter, decode } from './decode.js';
import type { Filter } from './decode.js';

const filter = (name: string, parms?: PdfDict): Filter => ({ name, parms });
const hex = (data: Buffer): Buffer => Buffer.from(data.toString('hex'));

describe('canonicalFilter', () => {
  it.each([
    ['AHx', 'ASCIIHexDecode'],
    ['A85', 'ASCII85Decode'],
    ['LZW', 'LZWDecode'],
    ['Fl', 'FlateDecode'],
    ['RL', 'RunLengthDecode'],
    ['CCF', 'CCITTFaxDecode'],
    ['DCT', 'DCTDecode'],
    ['FlateDecode', 'FlateDecode'],
    ['JPXDecode', 'JPXDecode'],
    ['fl', 'fl'],
    ['constructor', 'constructor'],
  ])('of %s is %s', (name, canonical) => {
    expect(canonicalFilter(name)).toBe(canonical);
  });
});

describe('decode', () => {
  const data = Buffer.from('some data, some more data');

  it('returns the same data if there is no filter', () => {
    const budget = new DecodingBudget();
    expect(decode(data, [], budget)).toEqual({ bytes: data, left: [] });
    expect(decode(data, [], budget).bytes).toBe(data);
  });

  it('applies filters in order, each with its own parameters', () => {
    const predicted = Buffer.from([2, 1, 2, 2, 1, 1]);
    const parms = PdfDict.of({ Predictor: 12, Columns: 2 });
    const filters = [filter('ASCIIHexDecode', parms), filter('FlateDecode', parms)];
    const encoded = hex(deflateSync(predicted));
    expect(decode(encoded, filters, new DecodingBudget())).toEqual({ bytes: Buffer.from([1, 2, 2, 3]), left: [] });
  });

  it('decodes each filter that it claims to decode', () => {
    const encoded = [
      filter('ASCII85Decode'),
      filter('LZWDecode', PdfDict.of({ Predictor: 2, Columns: 9 })),
      filter('RunLengthDecode'),
    ];
    const texts = ['5sdq,~>', Buffer.from('800B6050220C0C8501', 'hex'), '\x00a\xfeb\x80'];
    const results = encoded.map((one, index) => {
      const text = texts[index] ?? '';
      return decode(typeof text === 'string' ? Buffer.from(text, 'latin1') : text, [one], new DecodingBudget()).bytes;
    });
    expect(results[0]?.toString()).toBe('ABCD');
    expect(results[1]?.subarray(0, 2)).toEqual(Buffer.from([0x2d, 0x5a]));
    expect(results[2]?.toString()).toBe('abbb');
  });

  it.each(['DCTDecode', 'CCITTFaxDecode', 'JBIG2Decode', 'JPXDecode', 'Crypt', 'Fl', 'NoSuchDecode'])(
    'stops before %s',
    (name) => {
      const left = [filter(name, PdfDict.of({ K: -1 })), filter('ASCIIHexDecode')];
      const decoded = decode(hex(data), [filter('ASCIIHexDecode'), ...left], new DecodingBudget());
      expect(decoded).toEqual({ bytes: data, left });
    },
  );

  it.each([
    ['absent', undefined, 254],
    ['1', PdfDict.of({ EarlyChange: 1 }), 254],
    ['0', PdfDict.of({ EarlyChange: 0 }), 255],
  ])('switches from 9 to 10 bits at the right code if EarlyChange is %s', (_, parms, expected) => {
    const bits = (97).toString(2).padStart(9, '0').repeat(264);
    const encoded = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)));
    const { bytes } = decode(encoded, [filter('LZWDecode', parms)], new DecodingBudget());
    expect(/^a*/.exec(bytes.toString('latin1'))?.[0]).toHaveLength(expected);
  });

  it('refuses more filters than the limit', () => {
    const filters = new Array<Filter>(MAX_FILTERS + 1).fill(filter('NoSuchDecode'));
    expect(() => decode(data, filters, new DecodingBudget())).toThrow(
      expect.objectContaining({ code: 'corrupt_pdf', message: 'has a stream with more than the limit of 10 filters' }),
    );
    expect(decode(data, filters.slice(1), new DecodingBudget()).left).toHaveLength(MAX_FILTERS);
  });

  it('charges the output of every filter', () => {
    const encoded = hex(deflateSync(data));
    const filters = [filter('ASCIIHexDecode'), filter('FlateDecode')];
    const total = encoded.length / 2 + data.length;
    const budget = budgetOf(total + 5);
    decode(encoded, filters, budget);
    expect(budget.limit).toBe(5);
    expect(() => decode(encoded, filters, budgetOf(total - 1))).toThrow(
      expect.objectContaining({ code: 'upload_too_large' }),
    );
  });

  it('refuses a nested decompression bomb', () => {
    const size = 2 ** 21;
    let bomb = Buffer.alloc(size);
    for (let level = 0; level < 3; level += 1) bomb = deflateSync(bomb);
    const budget = budgetOf(2.5 * size);
    const filters = new Array<Filter>(3).fill(filter('FlateDecode'));
    expect(decode(bomb, filters, budget).bytes).toHaveLength(size);
    expect(decode(bomb, filters, budget).bytes).toHaveLength(size);
    expect(() => decode(bomb, filters, budget)).toThrow(
      'has streams that together decode to more than the limit of 256 MiB',
    );
  });
});
