import { describe, expect, it } from '@jest/globals';
import { decodeCcittG4, decodeJbig2 } from '@pdf-tools/harness/documents/bilevel-decoders';
import {
  DIFFICULT_IMAGES,
  noise,
  paint,
  randomImages,
  textPage,
  withWhitePadding,
} from '@pdf-tools/harness/documents/bilevel-images';
import type { BilevelImage } from './bilevel-image.js';
import { encodeCcittG4 } from './ccitt-g4.js';
import { encodeJbig2 } from './jbig2.js';

const CODECS: readonly (readonly [
  name: string,
  encode: (image: BilevelImage) => Uint8Array,
  decode: (bytes: Uint8Array, image: BilevelImage) => Buffer,
])[] = [
  ['encodeJbig2', encodeJbig2, decodeJbig2],
  ['encodeCcittG4', encodeCcittG4, decodeCcittG4],
];

describe.each(CODECS)('%s', (_name, encode, decode) => {
  /** Whether pdf.js decodes the encoded image to the same pixels. */
  const survives = (image: BilevelImage): boolean => decode(encode(image), image).equals(withWhitePadding(image));

  it.each(DIFFICULT_IMAGES)('keeps every pixel of %s', (_case, image) => {
    expect(survives(image)).toBe(true);
  });

  it('keeps every pixel of a page of text and of a page of noise', () => {
    expect(survives(textPage(827, 1169))).toBe(true);
    // So large that every context comes up, among them the one that also codes whether a row is typical.
    expect(survives(noise(701, 700, { share: 0.5, seed: 1 }))).toBe(true);
  });

  it.each([1, 2, 3])('keeps every pixel of random images, seed %d', (seed) => {
    const damaged = [...randomImages(400, seed)].filter((image) => !survives(image));
    expect(damaged).toEqual([]);
  });

  it('ignores padding bits and bytes after the last row', () => {
    const image = noise(301, 200, { share: 0.1, seed: 1 });
    const clean = { ...image, data: withWhitePadding(image) };
    const longer = { ...image, data: Buffer.concat([image.data, Buffer.alloc(100, 0xaa)]) };
    expect(Buffer.from(encode(image)).equals(encode(clean))).toBe(true);
    expect(Buffer.from(encode(longer)).equals(encode(clean))).toBe(true);
  });

  it.each([
    [0, 1],
    [1, 0],
    [1.5, 1],
    [1, -1],
    [65_536, 1],
    [1, 65_536],
    [NaN, 1],
  ])('rejects an image of %d x %d pixels', (width, height) => {
    const error = 'Its sides must be integers from 1 to 65535.';
    expect(() => encode({ width, height, data: new Uint8Array(8) })).toThrow(error);
  });

  it('rejects an image whose data are too short', () => {
    const error = 'A bilevel image of 9 x 3 pixels has 5 bytes of data. Pass at least 6.';
    expect(() => encode({ width: 9, height: 3, data: new Uint8Array(5) })).toThrow(new RangeError(error));
  });
});

describe('encodeJbig2', () => {
  it('writes page information and a generic region without a file header', () => {
    const bytes = Buffer.from(encodeJbig2(paint(300, 2, () => true)));
    const size = '0000012c00000002';
    const data = bytes.subarray(67);
    expect(bytes.toString('hex', 0, 30)).toBe(
      `00000000 30 00 01 00000013 ${size} 00000000 00000000 01 0000`.replaceAll(' ', ''),
    );
    expect(bytes.toString('hex', 30, 41)).toBe(`00000001 27 00 01 ${hex32(26 + data.length)}`.replaceAll(' ', ''));
    expect(bytes.toString('hex', 41, 67)).toBe(`${size} 00000000 00000000 00 08 03fffdff02fefefe`.replaceAll(' ', ''));
    expect(data.toString('hex').slice(-4)).toBe('ffac');
  });

  it('takes next to nothing for rows that repeat the row above', () => {
    const row = noise(800, 1, { share: 0.5, seed: 1 }).data;
    const repeated = { width: 800, height: 500, data: Buffer.concat(Array<Uint8Array>(500).fill(row)) };
    const one = encodeJbig2({ width: 800, height: 1, data: row });
    expect(encodeJbig2(repeated).length).toBeLessThan(one.length + 16);
  });

  it('takes at most 0.7 times the bytes of CCITT Group 4 for text', () => {
    const page = textPage(1240, 1754);
    expect(encodeJbig2(page).length).toBeLessThan(0.7 * encodeCcittG4(page).length);
  });
});

describe('encodeCcittG4', () => {
  it.each([
    // V0 for each row, then the end-of-facsimile-block code (T.6, table 1).
    ['a white image', paint(8, 2, () => false), '11 000000000001 000000000001'],
    ['a black image', paint(8, 1, () => true), '001 00110101 000101 000000000001 000000000001'],
    [
      'a row that moves by a pixel',
      paint(16, 2, (x, y) => x - y === 8),
      '001 10011 010 1 011 001 010 1110 000000000001 000000000001',
    ],
    [
      'a row that passes',
      paint(16, 2, (x, y) => y === 0 && x === 8),
      '001 10011 010 1 0001 1 000000000001 000000000001',
    ],
  ])('writes the code words of %s', (_name, image, codes) => {
    const bits = codes.replaceAll(' ', '');
    const written = [...encodeCcittG4(image)].map((byte) => byte.toString(2).padStart(8, '0')).join('');
    expect(written).toBe(bits.padEnd(8 * Math.ceil(bits.length / 8), '0'));
  });
});

function hex32(value: number): string {
  return value.toString(16).padStart(8, '0');
}
