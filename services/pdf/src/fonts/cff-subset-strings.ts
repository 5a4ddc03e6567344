import type { CffDict } from './cff-dict.js';
import type { CffFont } from './cff-font.js';
import { CFF_STRINGS } from './cff-strings.js';

/** Operators of a DICT whose operands are SIDs (TN 5176, table 9): version to Weight, Copyright, PostScript and others. */
const SID_OPERATORS: ReadonlySet<number> = new Set([0, 1, 2, 3, 4, 0x0c00, 0x0c15, 0x0c16, 0x0c1e, 0x0c26]);

/** Takes the place of a string. It is not empty, because FreeType reads the string after an empty one in its place. */
const UNUSED = Uint8Array.of(0x2e);

/** The strings of a font. Those that nothing in a subset uses are replaced, so that the others keep their SIDs. */
export function keptStrings(
  font: CffFont,
  strings: readonly Uint8Array[],
  glyphs: ReadonlySet<number>,
): readonly Uint8Array[] {
  const sids = new Set<number>();
  const addDict = (dict: CffDict): void => {
    for (const [operator, operands] of dict) {
      if (SID_OPERATORS.has(operator)) for (const sid of operands) sids.add(sid);
    }
  };
  addDict(font.top);
  for (const { dict } of font.fontDicts) addDict(dict);
  if (!font.isCid) for (const glyph of glyphs) sids.add(font.charset[glyph] ?? 0);
  return strings.map((string, index) => (sids.has(CFF_STRINGS.length + index) ? string : UNUSED));
}
