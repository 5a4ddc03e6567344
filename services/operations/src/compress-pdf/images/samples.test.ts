import { inflateSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { DecodingBudget, PdfDict, decode } from '@pdf-tools/pdf';
import { examine, isSynthetic } from './content.js';
import { encodeFlate } from './encode-flate.js';
import { readJpxHeader } from './jpx-header.js';
import { filterRows } from './png-filter.js';
import { packValues, toBytes } from './samples.js';
import { similarity } from './ssim.js';

const size = { width: 40, height: 32 };
const noise = (count: number): Uint8Array =>
  Uint8Array.from({ length: count }, (_none, at) => (at * at * 31 + at) >> 3);

describe('samples', () => {
  it.each([1, 2, 4])('packs and unpacks %i bits', (bits) => {
    const values = Uint8Array.from({ length: 39 * 5 }, (_none, at) => (at * 7) % 2 ** bits);
    const packed = packValues(values, 39, 5, bits);
    expect(toBytes(packed, { width: 39, height: 5, channels: 1, bits }, false)).toEqual(values);
  });

  it('scales the highest value to 255', () => {
    expect([...toBytes(Uint8Array.of(0x1b), { width: 4, height: 1, channels: 1, bits: 2 }, true)]).toEqual([
      0, 85, 170, 255,
    ]);
  });
});

describe('predictors', () => {
  it.each([1, 3, 4])('are undone by PNG decoding of %i components', (channels) => {
    const data = noise(size.width * size.height * channels);
    const parms = PdfDict.of({ Predictor: 15, Colors: channels, BitsPerComponent: 8, Columns: size.width });
    const rows = Buffer.from(filterRows({ ...size, channels, data }));
    const { bytes } = decode(deflated(rows), [{ name: 'FlateDecode', parms }], new DecodingBudget());
    expect(new Uint8Array(bytes)).toEqual(data);
  });

  it('are left out when they do not pay', async () => {
    const data = Uint8Array.from({ length: size.width * size.height }, (_none, at) => [9, 200, 9, 77][at % 4] ?? 0);
    const encoding = await encodeFlate({ ...size, channels: 1, data });
    expect(encoding.parms).toBeUndefined();
    expect(new Uint8Array(inflateSync(encoding.data))).toEqual(data);
  });
});

/** A zlib stream of one stored block. */
function deflated(data: Buffer): Buffer {
  const head = Buffer.from([
    0x78,
    1,
    1,
    data.length & 255,
    data.length >> 8,
    ~data.length & 255,
    (~data.length >> 8) & 255,
  ]);
  return Buffer.concat([head, data]);
}

describe('examine', () => {
  it('distinguishes drawings from photos', () => {
    const drawn = Uint8Array.from({ length: 40 * 32 }, (_none, at) => (at % 40 < 20 ? 30 : 200));
    expect(isSynthetic(examine({ ...size, channels: 1, data: drawn }))).toBe(true);
    expect(isSynthetic(examine({ ...size, channels: 1, data: noise(40 * 32) }))).toBe(false);
  });

  it('finds colours and their edges', () => {
    const gray = noise(40 * 32).subarray();
    const data = Uint8Array.from({ length: 3 * gray.length }, (_none, at) => gray[Math.floor(at / 3)] ?? 0);
    expect(examine({ ...size, channels: 3, data }).hasColor).toBe(false);
    const red = data.map((value, at) => (at % 3 === 0 && at % 24 < 3 ? 255 : at % 24 < 3 ? 0 : value));
    expect(examine({ ...size, channels: 3, data: red })).toMatchObject({ hasColor: true, hasColorEdges: true });
  });

  it('examines only a part of the rows of a noisy colour image', () => {
    const tall = { width: 40, height: 1280, channels: 3 };
    const data = noise(3 * tall.width * tall.height);
    let reads = 0;
    const counted = new Proxy(data, {
      get: (target, key) => {
        reads++;
        return Reflect.get(target, key) as unknown;
      },
    });
    expect(isSynthetic(examine({ ...tall, data: counted }))).toBe(false);
    expect(reads).toBeLessThan(data.length / 4);
  });

  it('finds colour in rows that an estimate leaves out', () => {
    const tall = { width: 40, height: 1280, channels: 3 };
    const gray = noise(tall.width * tall.height);
    const data = Uint8Array.from({ length: 3 * gray.length }, (_none, at) => gray[Math.floor(at / 3)] ?? 0);
    data.set([255, 0, 0], 3 * (tall.width * 635 + 7));
    expect(examine({ ...tall, data }).hasColor).toBe(true);
  });
});

describe('similarity', () => {
  const data = noise(40 * 32);
  const image = { ...size, channels: 1, data };

  it('is 1 for equal images and less for others', () => {
    expect(similarity(image, image)).toEqual({ mean: 1, low: 1, changed: 1 });
    const blurred = { ...image, data: data.map((value, at) => (value + (data[at + 1] ?? value)) >> 1) };
    expect(similarity(image, blurred).mean).toBeLessThan(0.9);
  });

  it('finds a small damaged part', () => {
    const damaged = { ...image, data: data.map((value, at) => (at % 40 < 8 && at < 320 ? 128 : value)) };
    const { mean, low } = similarity(image, damaged);
    expect(low).toBeLessThan(0.2);
    expect(mean).toBeGreaterThan(0.9);
  });
});

describe('readJpxHeader', () => {
  const box = (type: string, body: Buffer): Buffer => {
    const head = Buffer.alloc(8);
    head.writeUInt32BE(8 + body.length, 0);
    head.write(type, 4, 'latin1');
    return Buffer.concat([head, body]);
  };
  const codestream = Buffer.concat([
    Buffer.from('ff4fff510029', 'hex'),
    Buffer.from('0000' + '00000040' + '00000030' + '00000000'.repeat(6), 'hex'),
    Buffer.from('0001' + '070101', 'hex'),
  ]);

  it('reads size, bits and colour space', () => {
    const boxes = box('jp2h', box('colr', Buffer.from('01000000000011', 'hex')));
    const file = Buffer.concat([box('jP  ', Buffer.alloc(4)), boxes, box('jp2c', codestream)]);
    expect(readJpxHeader(file)).toEqual({ width: 64, height: 48, bits: [8], colorSpace: 17, isMapped: false });
  });

  it.each([
    ['cdef', '0001000000010000', true],
    ['cdef', '0001000000000001', false],
    ['pclr', '00', true],
  ])('judges whether %s %s changes the meaning of components', (type, body, isMapped) => {
    const boxes = box('jp2h', box(type, Buffer.from(body, 'hex')));
    const file = Buffer.concat([box('jP  ', Buffer.alloc(4)), boxes, box('jp2c', codestream)]);
    expect(readJpxHeader(file).isMapped).toBe(isMapped);
  });

  it('refuses data that are cut off', () => {
    expect(() => readJpxHeader(codestream.subarray(0, 30))).toThrow('out of range');
  });
});
