import { isSameCff } from './cff-check.js';
import { subsetCff } from './cff-subset.js';
import type { CffSubset } from './cff-subset.js';
import { FontError } from './font-error.js';
import { readSfntTables, writeSfnt } from './sfnt.js';
import type { SimpleCode } from './simple-codes.js';
import { haveSameMaps } from './truetype-check.js';
import { subsetMetrics } from './truetype-metrics.js';

const CFF = 'CFF ';
/** Tables that readers of a PDF need besides the outlines (ISO 32000-2, 9.9.1). The others are left out of a subset. */
const KEPT_TABLES = ['head', 'hhea', 'maxp', 'OS/2'] as const;

/** What a subset of an OpenType font with CFF outlines keeps. */
interface OpenTypeSelection {
  readonly glyphs: ReadonlySet<number>;
  /** The tables `cmap` and `post` of the subset. Undefined leaves a table out. */
  readonly cmap: Uint8Array | undefined;
  readonly post: Uint8Array | undefined;
}

/** Returns the table `CFF ` of an OpenType font. Throws a `FontError` if the font has no such table. */
export function cffTableOf(bytes: Uint8Array): Uint8Array {
  const table = readSfntTables(bytes).tables.get(CFF);
  if (!table) throw new FontError('has a format that is not supported');
  return table;
}

/**
 * Empties all glyphs of an OpenType font with CFF outlines but the selected ones and their parts. Glyphs keep their
 * indexes, because readers may select them by index, CID or name. Throws a `FontError` if the font is not understood.
 */
export function subsetOpenTypeCff(bytes: Uint8Array, selection: OpenTypeSelection): CffSubset {
  const { version, tables } = readSfntTables(bytes);
  const subset = subsetCff(cffTableOf(bytes), selection.glyphs, { keepsIndexes: true });
  const kept = new Map<string, Uint8Array>([[CFF, subset.bytes]]);
  for (const tag of KEPT_TABLES) {
    const data = tables.get(tag);
    if (data) kept.set(tag, data);
  }
  const [hhea, hmtx] = [tables.get('hhea'), tables.get('hmtx')];
  if (hmtx) kept.set('hmtx', hhea ? subsetMetrics(hhea, hmtx, new Set(subset.glyphs.keys())) : hmtx);
  if (selection.cmap) kept.set('cmap', selection.cmap);
  if (selection.post) kept.set('post', selection.post);
  return { ...subset, bytes: writeSfnt({ version, tables: kept }) };
}

interface Compared {
  /** The indexes in the subset of its glyphs. */
  readonly glyphs: ReadonlyMap<number, number>;
  readonly codes: readonly SimpleCode[];
}

/** Whether a subset shows the same glyphs as its original. Throws a `FontError` if a font is not understood. */
export function isSameOpenTypeCff(original: Uint8Array, subset: Uint8Array, { glyphs, codes }: Compared): boolean {
  for (const [before, after] of glyphs) if (before !== after) return false;
  return (
    isSameCff(cffTableOf(original), cffTableOf(subset), glyphs) &&
    haveSameMetrics(original, subset, glyphs) &&
    (codes.length === 0 || haveSameMaps(original, subset, codes))
  );
}

function haveSameMetrics(original: Uint8Array, subset: Uint8Array, glyphs: ReadonlyMap<number, number>): boolean {
  const [one, other] = [readSfntTables(original).tables, readSfntTables(subset).tables];
  const [hhea, before, after] = [one.get('hhea'), one.get('hmtx'), other.get('hmtx')];
  if (!hhea || !before || !after) return before === after || !hhea;
  const kept = new Set(glyphs.keys());
  return Buffer.from(subsetMetrics(hhea, before, kept)).equals(subsetMetrics(hhea, after, kept));
}
