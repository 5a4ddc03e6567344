import { FontBytes } from './font-bytes.js';

const METRICS_COUNT_AT = 34;
const METRIC_BYTES = 4;
const BEARING_BYTES = 2;

/** Returns a table `hmtx` of the same layout with zeros for the glyphs that are not kept (OpenType 1.9, "hmtx"). */
export function subsetMetrics(hhea: Uint8Array, hmtx: Uint8Array, glyphs: ReadonlySet<number>): Uint8Array {
  const count = new FontBytes(hhea, METRICS_COUNT_AT).uint16();
  const subset = new Uint8Array(hmtx.length);
  const keep = (start: number, length: number): void => {
    subset.set(hmtx.subarray(start, start + length), Math.min(start, hmtx.length));
  };
  for (const glyph of glyphs) {
    if (glyph < count) keep(METRIC_BYTES * glyph, METRIC_BYTES);
    else {
      // These glyphs have the last advance width.
      keep(METRIC_BYTES * (count - 1), BEARING_BYTES);
      keep(METRIC_BYTES * count + BEARING_BYTES * (glyph - count), BEARING_BYTES);
    }
  }
  return subset;
}
