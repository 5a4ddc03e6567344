import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';
import { FontError } from './font-error.js';
import { readSfntTables, writeSfnt } from './sfnt.js';
import { joinTrueType } from './truetype-join.js';
import { readTrueTypeOutlines } from './truetype-outlines.js';
import { subsetTrueType } from './truetype-subset.js';

const dejavu = readFileSync(createRequire(import.meta.url).resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf'));
const [A, B] = [36, 37];

function subset(glyphs: readonly number[], change: (tables: Map<string, Uint8Array>) => void = () => undefined) {
  const { bytes } = subsetTrueType(dejavu, { glyphs: new Set(glyphs), cmap: undefined, post: undefined });
  const { version, tables } = readSfntTables(bytes);
  const changed = new Map([...tables].map(([tag, data]) => [tag, Uint8Array.from(data)] as const));
  change(changed);
  return { bytes: writeSfnt({ version, tables: changed }), shown: new Set(glyphs) };
}

/** Changes a byte of a table. */
function flip(tag: string, at: number) {
  return (tables: Map<string, Uint8Array>): void => {
    const data = tables.get(tag);
    if (data) data[at] = (data[at] ?? 0) ^ 1;
  };
}

describe('joinTrueType', () => {
  it('has the outlines and metrics of the glyphs of all subsets', () => {
    const [whole, joined] = [
      readTrueTypeOutlines(dejavu),
      readTrueTypeOutlines(joinTrueType([subset([A]), subset([B])])),
    ];
    for (const glyph of [A, B]) {
      expect(joined.outline(glyph)).toEqual(whole.outline(glyph));
      expect(joined.advance(glyph)).toBe(whole.advance(glyph));
      expect(joined.leftSideBearing(glyph)).toBe(whole.leftSideBearing(glyph));
    }
    expect(joined.outline(B + 1)).toEqual([]);
  });

  it.each([
    ['other flags', flip('head', 17)],
    ['other units', flip('head', 19)],
    ['another line height', flip('hhea', 5)],
    ['other instructions', flip('prep', 0)],
    ['another advance width of a glyph', flip('hmtx', 4 * A + 1)],
    ['another side bearing of a glyph', flip('hmtx', 4 * A + 3)],
  ])('refuses a font with %s', (_what, change) => {
    expect(() => joinTrueType([subset([A]), subset([A, B], change)])).toThrow(FontError);
  });

  it('refuses to draw a glyph that a document shows as empty', () => {
    const withSpace = { ...subset([A]), shown: new Set([A, B]) };
    expect(() => joinTrueType([withSpace, subset([B])])).toThrow(FontError);
  });
});
