import { FontBytes } from './font-bytes.js';
import { FontError, ifUnderstood } from './font-error.js';
import { spendFontWork } from './font-work.js';

/** Maximum number of subtables, and of codes of all subtables together. A few bytes can map all characters. */
const MAX_SUBTABLES = 64;
const MAX_CODES = 400_000;

/** A mapping of character codes to glyphs. */
export interface CmapSubtable {
  readonly platform: number;
  readonly encoding: number;
  readonly format: number;
  /** The glyphs by character code. Codes without a glyph are left out. Undefined if the subtable is not understood. */
  readonly glyphs: ReadonlyMap<number, number> | undefined;
}

/**
 * Reads the subtables of a table `cmap` (OpenType 1.9, "cmap") in formats 0, 2, 4, 6 and 12. Throws a `FontError` if the
 * table has no header.
 */
export function readCmap(table: Uint8Array): CmapSubtable[] {
  const reader = new FontBytes(table, 2);
  const count = Math.min(reader.uint16(), MAX_SUBTABLES);
  const subtables: CmapSubtable[] = [];
  const budget = { codesLeft: MAX_CODES };
  for (let index = 0; index < count && reader.at + 8 <= table.length; index++) {
    const [platform, encoding, offset] = [reader.uint16(), reader.uint16(), reader.uint32()];
    const format = ifUnderstood(() => new FontBytes(table, offset).uint16());
    if (format === undefined) continue;
    const read = FORMATS.get(format);
    const glyphs = read && ifUnderstood(() => read(new FontBytes(table.subarray(offset)), budget));
    subtables.push({ platform, encoding, format, glyphs });
  }
  return subtables;
}

/** The codes that may still be read. */
interface CodeBudget {
  codesLeft: number;
}

/** Collects glyphs by code. Glyph 0 stands for no glyph. The first glyph of a code counts. */
class Mapping {
  readonly glyphs = new Map<number, number>();
  readonly #budget: CodeBudget;

  constructor(budget: CodeBudget) {
    this.#budget = budget;
  }

  add(code: number, glyph: number): void {
    spendFontWork();
    if (--this.#budget.codesLeft < 0) throw new FontError('has too many character codes');
    if (glyph !== 0 && !this.glyphs.has(code)) this.glyphs.set(code, glyph);
  }
}

const FORMATS = new Map<number, (reader: FontBytes, budget: CodeBudget) => Map<number, number>>([
  [0, readFormat0],
  [2, readFormat2],
  [4, readFormat4],
  [6, readFormat6],
  [12, readFormat12],
]);

function readFormat0(reader: FontBytes, budget: CodeBudget): Map<number, number> {
  const mapping = new Mapping(budget);
  reader.at = 6;
  // Some writers cut off the unused end.
  for (let code = 0; code < 256 && reader.at < reader.length; code++) mapping.add(code, reader.uint8());
  return mapping.glyphs;
}

/** One-byte codes use the first subheader. The others are the first bytes of two-byte codes. */
function readFormat2(reader: FontBytes, budget: CodeBudget): Map<number, number> {
  const mapping = new Mapping(budget);
  const subheadersAt = 6 + 2 * 256;
  reader.at = 6;
  const keys = Array.from({ length: 256 }, () => reader.uint16());
  for (const [high, key] of keys.entries()) {
    reader.at = subheadersAt + key;
    const [firstCode, count, delta] = [reader.uint16(), reader.uint16(), reader.int16()];
    const offsetAt = reader.at;
    const rangeAt = offsetAt + reader.uint16();
    for (let index = 0; index < count; index++) {
      const code = firstCode + index;
      if (key === 0 && code !== high) continue;
      reader.at = rangeAt + 2 * index;
      const glyph = reader.uint16();
      mapping.add(key === 0 ? high : high * 256 + code, glyph === 0 ? 0 : (glyph + delta) & 0xffff);
    }
  }
  return mapping.glyphs;
}

function readFormat4(reader: FontBytes, budget: CodeBudget): Map<number, number> {
  const mapping = new Mapping(budget);
  reader.at = 6;
  const segments = reader.uint16() >> 1;
  reader.at = 14;
  const words = (): number[] => Array.from({ length: segments }, () => reader.uint16());
  const ends = words();
  reader.at += 2;
  const [starts, deltas] = [words(), words()];
  const rangesAt = reader.at;
  const ranges = words();
  for (const [segment, end] of ends.entries()) {
    const [start, delta, range] = [starts[segment] ?? 0, deltas[segment] ?? 0, ranges[segment] ?? 0];
    // The last segment of some fonts has this invalid range. FreeType ignores it.
    if (range === 0xffff) continue;
    for (let code = start; code <= end; code++) {
      reader.at = rangesAt + 2 * segment + range + 2 * (code - start);
      if (range !== 0 && reader.at + 2 > reader.length) break;
      const glyph = range === 0 ? code : reader.uint16();
      mapping.add(code, range !== 0 && glyph === 0 ? 0 : (glyph + delta) & 0xffff);
    }
  }
  return mapping.glyphs;
}

function readFormat6(reader: FontBytes, budget: CodeBudget): Map<number, number> {
  const mapping = new Mapping(budget);
  reader.at = 6;
  const [first, count] = [reader.uint16(), reader.uint16()];
  for (let index = 0; index < count && reader.at + 2 <= reader.length; index++)
    mapping.add(first + index, reader.uint16());
  return mapping.glyphs;
}

function readFormat12(reader: FontBytes, budget: CodeBudget): Map<number, number> {
  const mapping = new Mapping(budget);
  reader.at = 12;
  const groups = reader.uint32();
  for (let index = 0; index < groups; index++) {
    const [start, end, glyph] = [reader.uint32(), reader.uint32(), reader.uint32()];
    for (let code = start; code <= end; code++) mapping.add(code, glyph + code - start);
  }
  return mapping.glyphs;
}
