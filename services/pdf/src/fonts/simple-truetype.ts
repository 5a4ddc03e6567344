import { readCmap } from './cmap.js';
import type { CmapSubtable } from './cmap.js';
import { subsetCmap } from './cmap-writer.js';
import { FontBytes } from './font-bytes.js';
import { FontError } from './font-error.js';
import { NamedGlyphs } from './named-glyphs.js';
import { readPostNames } from './post-names.js';
import { subsetPostNames } from './post-writer.js';
import { readSfntTables } from './sfnt.js';
import { lookupsOf } from './simple-codes.js';
import type { CodeLookups, SimpleCode } from './simple-codes.js';
import type { TrueTypeSelection } from './truetype-subset.js';

const GLYPH_COUNT_AT = 4;
const POST_VERSION_2 = 0x2_0000;
/** Names that writers make up from a glyph's index. Some readers understand them. */
const INDEX_NAME = /^(?:g|gid|glyph|cid|index)[-_]?(\d+)$/i;

/**
 * Selects the glyphs that readers may show for character codes of a simple TrueType font (ISO 32000-2, 9.6.5.4), through
 * each subtable of `cmap` and through glyph names. Keeps the entries of `cmap` and `post` that lead to them. Throws a
 * `FontError` if the tables are not understood.
 */
export function selectSimpleGlyphs(bytes: Uint8Array, codes: readonly SimpleCode[]): TrueTypeSelection {
  const { tables } = readSfntTables(bytes);
  const table = tables.get('cmap');
  const subtables = table ? readCmap(table) : [];
  if (subtables.some(({ glyphs, format }) => !glyphs && format !== 14))
    throw new FontError('has a character map that is not understood');
  const post = tables.get('post');
  const names = (post && readPostNames(post)) ?? [];
  const named = new NamedGlyphs(names);
  const glyphs = new Set<number>();
  const cmapCodes = new Set<number>();
  for (const code of codes) {
    const lookups = lookupsOf(code);
    const found = [...mapped(subtables, lookups), ...named.find(lookups), ...indexed(code)];
    // Without a mapping, some readers use the code as the index.
    for (const glyph of found.length > 0 ? found : [code.code]) glyphs.add(glyph);
    for (const each of lookups.codes) cmapCodes.add(each);
  }
  return {
    glyphs,
    cmap: table && (subsetCmap(subtables, cmapCodes) ?? table),
    post: post && keptNames(post, names, { glyphs, count: glyphCountOf(tables.get('maxp')) }),
  };
}

function mapped(subtables: readonly CmapSubtable[], { codes }: CodeLookups): number[] {
  return subtables.flatMap(({ glyphs }) => [...codes].flatMap((code) => glyphs?.get(code) ?? []));
}

function indexed({ name }: SimpleCode): number[] {
  const index = name === undefined ? undefined : INDEX_NAME.exec(name)?.[1];
  return index === undefined ? [] : [Number(index)];
}

/** Tables with another number of glyphs than the font are kept, because readers treat them differently. */
function keptNames(
  post: Uint8Array,
  names: readonly (string | undefined)[],
  { glyphs, count }: { glyphs: ReadonlySet<number>; count: number },
): Uint8Array {
  const isKnown = new FontBytes(post).uint32() === POST_VERSION_2 && names.length === count;
  return isKnown ? subsetPostNames(post, names, glyphs) : post;
}

function glyphCountOf(maxp: Uint8Array | undefined): number {
  return maxp ? new FontBytes(maxp, GLYPH_COUNT_AT).uint16() : 0;
}
