import { describe, expect, it } from '@jest/globals';
import {
  DIFFICULT_IMAGES,
  randomImages,
  textPage,
  withWhitePadding,
} from '@pdf-tools/harness/documents/bilevel-images';
import type { BilevelImage } from './bilevel-image.js';
import { decodeCcitt } from './ccitt-decoder.js';
import type { DecodedCcitt } from './ccitt-decoder.js';
import { encodeCcittG4 } from './ccitt-g4.js';
import { findChanges, whiteRow } from './changing-elements.js';
import { BLACK_RUNS, WHITE_RUNS } from './run-codes.js';
import type { CodeWord } from './run-codes.js';

const END_OF_LINE = '000000000001';

/**
 * Encodes an image in one dimension, and for "group-3-2d" a row that is equal to the one above in two. Group 3 ends with
 * six end-of-line codes.
 */
function encodeFax(image: BilevelImage, coding: 'group-3' | 'group-3-2d' | 'modified-huffman'): Uint8Array {
  const bits: string[] = [];
  const tag = (isOneDimensional: boolean): string => (coding === 'group-3-2d' ? String(Number(isOneDimensional)) : '');
  let above: readonly number[] | undefined;
  for (let y = 0; y < image.height; y += 1) {
    const row = whiteRow(image.width);
    findChanges(image, y, row);
    const changes = [...row.subarray(0, row.indexOf(image.width))];
    const repeats = coding === 'group-3-2d' && above?.join() === changes.join();
    const words = repeats ? '1'.repeat(changes.length + 1) : rowOfRuns(changes, image.width);
    if (coding === 'modified-huffman') bits.push(words.padEnd(Math.ceil(words.length / 8) * 8, '0'));
    else bits.push(END_OF_LINE, tag(!repeats), words);
    above = changes;
  }
  if (coding !== 'modified-huffman') bits.push((END_OF_LINE + tag(true)).repeat(6));
  const text = bits.join('');
  return Uint8Array.from({ length: Math.ceil(text.length / 8) }, (_none, at) =>
    Number.parseInt(text.slice(8 * at, 8 * at + 8).padEnd(8, '0'), 2),
  );
}

function rowOfRuns(changes: readonly number[], width: number): string {
  let from = 0;
  return [...changes, width]
    .map((to, at) => {
      const { terminating, makeUp } = at % 2 === 0 ? WHITE_RUNS : BLACK_RUNS;
      let [run, words] = [to - from, ''];
      from = to;
      for (; run >= 2560; run -= 2560) words += digits(makeUp.at(-1));
      if (run >= 64) words += digits(makeUp[(run >> 6) - 1]);
      return words + digits(terminating[run & 63]);
    })
    .join('');
}

function digits(word: CodeWord | undefined): string {
  if (!word) throw new Error('no code word');
  return word.bits.toString(2).padStart(word.length, '0');
}

const CODINGS = [
  ['group-4', encodeCcittG4],
  ['group-3', (image: BilevelImage) => encodeFax(image, 'group-3')],
  ['group-3-2d', (image: BilevelImage) => encodeFax(image, 'group-3-2d')],
  ['modified-huffman', (image: BilevelImage) => encodeFax(image, 'modified-huffman')],
] as const;

describe.each(CODINGS)('decodeCcitt of %s', (coding, encode) => {
  const survives = (image: BilevelImage): boolean => {
    const decoded = decodeCcitt(encode(image), { ...image, coding });
    const isWhole = decoded.complete && decoded.damagedRows === 0 && decoded.rows === image.height;
    return isWhole && withWhitePadding(image).equals(decoded.data);
  };

  it.each(DIFFICULT_IMAGES)('keeps every pixel of %s', (_case, image) => {
    expect(survives(image)).toBe(true);
  });

  it('keeps every pixel of random images', () => {
    expect([...randomImages(300, 1)].filter((image) => !survives(image))).toEqual([]);
  });

  it('says that rows are missing from data that are cut off', () => {
    const image = textPage(400, 300);
    const bytes = encode(image);
    const decoded = decodeCcitt(bytes.subarray(0, bytes.length / 2), { ...image, coding });
    expect(decoded.complete).toBe(false);
    expect(decoded.rows).toBeLessThan(300);
  });

  it('says that rows are missing from data that end early', () => {
    const image = textPage(400, 300);
    const decoded = decodeCcitt(encode(image), { ...image, height: 310, coding });
    expect(decoded).toMatchObject({ rows: 300, damagedRows: 0, complete: coding !== 'modified-huffman' });
  });

  it('ends for any bytes', () => {
    const image = { width: 200, height: 100 };
    for (let seed = 1; seed <= 200; seed += 1) {
      const bytes = Uint8Array.from({ length: 300 }, (_none, at) => (at * seed * 7919 + (at >> 2) * seed) & 0xff);
      expect(decodeCcitt(bytes, { ...image, coding }).data).toHaveLength(2500);
    }
  });
});

it('decodeCcitt continues after a damaged row of Group 3', () => {
  const image = textPage(400, 300);
  const row = image.width / 8;
  const bytes = Buffer.from(encodeFax(image, 'group-3'));
  const decodeDamaged = (at: number): DecodedCcitt => {
    const damaged = Buffer.from(bytes);
    damaged[at] = (damaged[at] ?? 0) ^ 0x10;
    return decodeCcitt(damaged, { ...image, coding: 'group-3' });
  };
  const decoded = Array.from({ length: 200 }, (_none, at) => decodeDamaged(1000 + at));
  // One bit can also turn a code into another one, or damage an end-of-line code, which joins two rows.
  const damaged = decoded.filter(({ damagedRows, rows }) => damagedRows === 1 && rows === 300);
  expect(damaged.length).toBeGreaterThan(50);
  for (const { data } of damaged) {
    const different = Array.from({ length: 300 }, (_none, y) => y).filter(
      (y) =>
        !Buffer.from(data)
          .subarray(y * row, (y + 1) * row)
          .equals(image.data.subarray(y * row, (y + 1) * row)),
    );
    expect(different.length).toBeLessThanOrEqual(2);
  }
});
