import { FontError, isSameTrueType, readSfntTables, selectSimpleGlyphs, subsetTrueType } from '@pdf-tools/pdf';
import type { FontUse, PdfFile, SimpleCode, TrueTypeSelection } from '@pdf-tools/pdf';
import { glyphsOfCids, shownCids, simpleCodes } from './font-codes.js';
import type { FontUser } from './font-finder.js';

/** A font and the codes that the document shows with it, if any. */
export interface ShownFont extends FontUser {
  readonly use: FontUse | undefined;
}

/** A font program with fewer glyphs. */
export interface ProgramSubset {
  readonly kind: string;
  readonly bytes: Uint8Array;
  readonly glyphsBefore: number;
  readonly glyphsAfter: number;
}

/** Why a font program is kept. */
export interface Kept {
  readonly reason: string;
}

/** Makes a subset for all fonts that use a font program. Throws a `FontError` if the program is not understood. */
export function subsetProgram(file: PdfFile, bytes: Buffer, fonts: readonly ShownFont[]): ProgramSubset | Kept {
  const { tables } = readSfntTables(bytes);
  if (!tables.has('glyf')) throw new FontError('has a format that is not supported');
  return subsetTrueTypeProgram(file, bytes, fonts);
}

function subsetTrueTypeProgram(file: PdfFile, bytes: Buffer, fonts: readonly ShownFont[]): ProgramSubset | Kept {
  const codes = codesOf(file, fonts);
  const selection: TrueTypeSelection =
    codes.length > 0 || fonts.some(({ cidFont }) => !cidFont)
      ? selectSimpleGlyphs(bytes, codes)
      : { glyphs: new Set(), cmap: undefined, post: undefined };
  const glyphs = new Set(selection.glyphs);
  for (const { cidFont, use } of fonts) {
    if (!cidFont || !use) continue;
    const found = glyphsOfCids(file, cidFont, shownCids(use));
    if (!found) return { reason: 'its map from CIDs to glyphs is not understood' };
    for (const glyph of found) glyphs.add(glyph);
  }
  const subset = subsetTrueType(bytes, { ...selection, glyphs });
  if (!isSameTrueType(bytes, subset.bytes, { glyphs: subset.glyphs, selected: selection.glyphs, codes }))
    return { reason: 'its subset would show other glyphs' };
  return {
    kind: 'TrueType',
    bytes: subset.bytes,
    glyphsBefore: subset.glyphCount,
    glyphsAfter: subset.glyphs.size,
  };
}

/** The codes of all simple fonts, with their names. */
function codesOf(file: PdfFile, fonts: readonly ShownFont[]): SimpleCode[] {
  const codes = new Map<string, SimpleCode>();
  for (const { cidFont, dict, use } of fonts) {
    if (cidFont || !use) continue;
    for (const code of simpleCodes(file, dict, use)) codes.set(`${code.code} ${code.name ?? ''}`, code);
  }
  return [...codes.values()];
}
