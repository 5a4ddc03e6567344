import { randomBytes } from 'node:crypto';
import { deflateSync, inflateSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import type { Filter } from '@pdf-tools/pdf';
import { PdfDict } from '@pdf-tools/pdf';
import { StreamPacker } from './packing.js';

const TEXT = Buffer.from('0 0 m 9 9 l S\n'.repeat(500));
const filter = (name: string, parms?: Readonly<Record<string, number>>): Filter => ({
  name,
  parms: parms && PdfDict.of(parms),
});
const hex = (data: Buffer): Buffer => Buffer.from(`${data.toString('hex')}>`);

describe('StreamPacker', () => {
  it.each([
    ['no filter', TEXT, []],
    ['weak Flate', deflateSync(TEXT, { level: 0 }), [filter('FlateDecode')]],
    ['ASCIIHex', hex(TEXT), [filter('ASCIIHexDecode')]],
    ['ASCIIHex around Flate', hex(deflateSync(TEXT)), [filter('ASCIIHexDecode'), filter('FlateDecode')]],
  ])('packs %s as Flate', async (_what, data, filters) => {
    const packed = await new StreamPacker().pack(data, filters);
    expect(packed?.filters).toEqual([filter('FlateDecode')]);
    expect(packed && inflateSync(packed.data).equals(TEXT)).toBe(true);
  });

  it.each([
    ['keeps small data that zlib deflated at its default level', { level: 6 }, undefined],
    ['packs small data that zlib deflated at its fastest level', { level: 1 }, [filter('FlateDecode')]],
  ])('%s', async (_what, options, filters) => {
    const words = Array.from({ length: 900 }, (_item, at) => `q ${'0 '.repeat(at % 7)}${(at * at) % 5} l`).join('\n');
    const data = deflateSync(words, options);
    expect(data.length).toBeGreaterThan(deflateSync(words, { level: 9 }).length);
    const packed = await new StreamPacker().pack(data, [filter('FlateDecode')]);
    expect(packed?.filters).toEqual(filters);
  });

  it('keeps the predictor and its rows', async () => {
    const parms = { Predictor: 12, Columns: 13, EarlyChange: 0 };
    const packed = await new StreamPacker().pack(hex(deflateSync(TEXT)), [
      filter('ASCIIHexDecode'),
      filter('FlateDecode', parms),
    ]);
    expect(packed?.filters).toEqual([filter('FlateDecode', { Predictor: 12, Columns: 13 })]);
    expect(packed && inflateSync(packed.data).equals(TEXT)).toBe(true);
  });

  it('removes lossless filters around an image filter', async () => {
    const jpeg = randomBytes(500);
    const packed = await new StreamPacker().pack(hex(jpeg), [filter('ASCIIHexDecode'), filter('DCTDecode')]);
    expect(packed).toEqual({ data: jpeg, filters: [filter('DCTDecode')] });
  });

  it.each([
    ['only a filter for images', TEXT, [filter('DCTDecode')]],
    ['damaged data', deflateSync(TEXT, { level: 0 }).subarray(0, -9), [filter('FlateDecode')]],
    ['data that get no smaller', deflateSync(TEXT, { level: 9 }), [filter('FlateDecode')]],
    ['a predictor before another filter', TEXT, [filter('FlateDecode', { Predictor: 12 }), filter('ASCIIHexDecode')]],
    ['more filters than the limit', TEXT, new Array<Filter>(11).fill(filter('ASCIIHexDecode'))],
  ])('does not change %s', async (_what, data, filters) => {
    expect(await new StreamPacker().pack(data, filters)).toBeUndefined();
  });

  it('packs large Flate data with bounded memory', async () => {
    const data = Buffer.concat([randomBytes(2 ** 20), Buffer.alloc(70 * 2 ** 20)]);
    const packed = await new StreamPacker().pack(deflateSync(data, { level: 1 }), [filter('FlateDecode')]);
    expect(packed && inflateSync(packed.data).equals(data)).toBe(true);
  });
});
