import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';
import { readFont } from '@pdf-tools/harness/documents/font-reader';
import { SeededRandom } from '@pdf-tools/harness/documents/random';
import { FontError } from './font-error.js';
import { Segment, sameOutline } from './outline.js';
import { TRUETYPE_VERSION, readSfntTables, writeSfnt } from './sfnt.js';
import { readTrueTypeOutlines } from './truetype-outlines.js';

const dejavu = readFileSync(createRequire(import.meta.url).resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf'));

/** A triangle (0, 0), (100, 0), (0, 100) on the curve. */
const TRIANGLE = [...words(1, 0, 0, 100, 100, 2, 0), 1, 1, 1, ...words(0, 100, -100, 0, 0, 100)];
/** Two points off the curve, so that both points on it are in the middle. */
const LENS = [...words(1, 0, 0, 100, 100, 1, 0), 0, 0, ...words(0, 100, 0, 100)];

describe('readTrueTypeOutlines', () => {
  it('returns the outlines and advance widths that fontkit reads from Latin, Greek and Cyrillic of DejaVu Sans', () => {
    const glyphs = readTrueTypeOutlines(dejavu);
    const expected = readFont(dejavu);
    const differing = Array.from({ length: 1500 }, (_, glyph) => glyph).filter(
      (glyph) =>
        !startsOffCurve(expected.outline(glyph)) &&
        (!sameOutline(glyphs.outline(glyph) ?? [], expected.outline(glyph)) ||
          glyphs.advance(glyph) !== expected.advance(glyph)),
    );
    expect(glyphs.glyphCount).toBe(expected.glyphCount);
    expect(differing).toEqual([]);
  });

  it('starts a contour between two points that are off the curve', () => {
    const { outline } = readTrueTypeOutlines(font([LENS]));
    const [move, quadratic] = [Segment.Move, Segment.Quadratic];
    expect(outline(0)).toEqual([move, 50, 50, quadratic, 0, 0, 50, 50, quadratic, 100, 100, 50, 50]);
  });

  it.each([
    ['an offset', [...words(0x0003, 0, 10, -20)], [10, -20, 110, -20, 10, 80]],
    ['a scale', [...words(0x000a, 0), 1, 2, ...words(0x2000)], [1, 2, 51, 2, 1, 52]],
    ['two scales', [...words(0x0043, 0, 0, 0, 0x2000, 0x4000)], [0, 0, 50, 0, 0, 100]],
    ['a matrix', [...words(0x0083, 0, 0, 0, 0, 0x4000, -0x4000, 0)], [0, 0, 0, 100, -100, 0]],
    ['a scaled offset', [...words(0x080a, 0), 10, 20, ...words(0x2000)], [5, 10, 55, 10, 5, 60]],
  ])('places a component with %s', (_case, component, points) => {
    const { outline } = readTrueTypeOutlines(font([TRIANGLE, [...words(-1, 0, 0, 0, 0), ...component]]));
    const [x, y, ...lines] = points;
    const expected = lines.flatMap((value, at) => (at % 2 === 0 ? [Segment.Line, value] : [value]));
    expect(outline(1)).toEqual([Segment.Move, x, y, ...expected]);
  });

  it('does not understand a component that is placed by matching points', () => {
    const { outline } = readTrueTypeOutlines(font([TRIANGLE, words(-1, 0, 0, 0, 0, 0x0001, 0, 1, 1)]));
    expect(outline(0)).toBeDefined();
    expect(outline(1)).toBeUndefined();
  });

  it('does not understand a glyph that contains itself, and reads the others', () => {
    const { outline } = readTrueTypeOutlines(font([words(-1, 0, 0, 0, 0, 0x0003, 0, 0, 0), TRIANGLE]));
    expect(outline(0)).toBeUndefined();
    expect(outline(1)).toBeDefined();
  });

  it('does not understand a glyph whose data are cut off', () => {
    const bytes = font([TRIANGLE, TRIANGLE]);
    const { version, tables } = readSfntTables(bytes);
    const glyf = tables.get('glyf') ?? new Uint8Array();
    const cut = writeSfnt({ version, tables: new Map(tables).set('glyf', glyf.subarray(0, glyf.length - 6)) });
    expect(readTrueTypeOutlines(cut).outline(0)).toBeDefined();
    expect(readTrueTypeOutlines(cut).outline(1)).toBeUndefined();
  });

  it('reads a glyph to the end of the table if the next offset is smaller', () => {
    const { version, tables } = readSfntTables(font([TRIANGLE, TRIANGLE]));
    const loca = Uint8Array.from([0, 0, 0, 0, ...longs(TRIANGLE.length + 1), 0, 0, 0, 0]);
    const unsorted = writeSfnt({ version, tables: new Map(tables).set('loca', loca) });
    expect(readTrueTypeOutlines(unsorted).outline(1)).toEqual(readTrueTypeOutlines(unsorted).outline(0));
  });

  it('returns the glyphs that a composite glyph consists of', () => {
    const { components } = readTrueTypeOutlines(
      font([TRIANGLE, [...words(-1, 0, 0, 0, 0, 0x0022, 2), 1, 1, ...words(0x0002, 0), 1, 1]]),
    );
    expect([0, 1, 2].map(components)).toEqual([[], [2, 0], undefined]);
  });

  it('gives glyphs after the last metric its advance width', () => {
    const { advance, leftSideBearing } = readTrueTypeOutlines(font([TRIANGLE, TRIANGLE, TRIANGLE]));
    expect([0, 1, 2, 3].map(advance)).toEqual([500, 600, 600, undefined]);
    expect([0, 1, 2, 3].map(leftSideBearing)).toEqual([1, 2, 3, undefined]);
  });

  it.each(['maxp', 'head', 'loca', 'glyf'])('rejects a font without the table "%s"', (tag) => {
    const { version, tables } = readSfntTables(font([TRIANGLE]));
    const without = new Map(tables);
    without.delete(tag);
    expect(() => readTrueTypeOutlines(writeSfnt({ version, tables: without }))).toThrow(
      new FontError(`has no table "${tag}"`),
    );
  });

  it('throws only a FontError for damaged fonts', () => {
    const random = new SeededRandom(19);
    const original = font([TRIANGLE, LENS, [...words(-1, 0, 0, 0, 0, 0x0003, 0, 10, -20)]]);
    const errors = new Set<string>();
    for (let count = 0; count < 4000; count++) {
      const bytes = original.slice(0, original.length - (count % 3 === 0 ? random.below(original.length) : 0));
      for (let at = random.below(4); at >= 0; at--) bytes[random.below(bytes.length + 1)] = random.below(256);
      try {
        const { glyphCount, outline, advance } = readTrueTypeOutlines(bytes);
        for (let glyph = 0; glyph < Math.min(glyphCount, 5); glyph++) [outline, advance].forEach((read) => read(glyph));
      } catch (error) {
        errors.add((error as Error).name);
      }
    }
    expect([...errors]).toEqual(['FontError']);
  });
});

/** Whether a contour starts between two points. fontkit draws a wrong first curve of such contours (2 % of the glyphs). */
function startsOffCurve(outline: readonly number[]): boolean {
  return /(?:^|,)0,([^,]+,[^,]+),2,\1,/.test(outline.join(','));
}

/** Builds a TrueType font of these glyphs with 32-bit offsets and two metrics. */
function font(glyphs: readonly (readonly number[])[]): Uint8Array {
  const padded = glyphs.map((glyph) => (glyph.length % 2 === 0 ? glyph : [...glyph, 0]));
  let offset = 0;
  const offsets = [0, ...padded.map((glyph) => (offset += glyph.length))];
  const tables: readonly (readonly [string, readonly number[]])[] = [
    ['glyf', padded.flat()],
    ['head', words(...Array<number>(25).fill(0), 1, 0)],
    ['hhea', words(...Array<number>(17).fill(0), 2)],
    ['hmtx', words(500, 1, 600, 2, 3, 4)],
    ['loca', offsets.flatMap(longs)],
    ['maxp', words(1, 0, glyphs.length)],
  ];
  return writeSfnt({
    version: TRUETYPE_VERSION,
    tables: new Map(tables.map(([tag, data]) => [tag, Uint8Array.from(data)])),
  });
}

function words(...values: number[]): number[] {
  return values.flatMap((value) => [(value >> 8) & 0xff, value & 0xff]);
}

function longs(value: number): number[] {
  return words(value >>> 16, value & 0xffff);
}
