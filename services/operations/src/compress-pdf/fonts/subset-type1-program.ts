import { convertType1, readType1Font, readType1Outlines, selectNamedGlyphs } from '@pdf-tools/pdf';
import type { PdfFile, Type1Font } from '@pdf-tools/pdf';
import { codesOfFonts } from './font-codes.js';
import { nameEntry } from './font-finder.js';
import type { Kept, ProgramSubset, ShownFont } from './subset-program.js';

const TYPE1_SUBTYPES: readonly (string | undefined)[] = ['Type1', 'MMType1'];

/** Converts the glyphs in use of a Type 1 font to CFF, because the encrypted parts of a Type 1 font do not deflate. */
export function subsetType1Program(file: PdfFile, bytes: Buffer, fonts: readonly ShownFont[]): ProgramSubset | Kept {
  return subsetType1Font(file, readType1Font(bytes), fonts);
}

/** Converts the glyphs in use of a Type 1 font that was read. */
export function subsetType1Font(file: PdfFile, source: Type1Font, fonts: readonly ShownFont[]): ProgramSubset | Kept {
  for (const { dict, programKey } of fonts) {
    if (programKey !== 'FontFile' || !TYPE1_SUBTYPES.includes(nameEntry(file, dict, 'Subtype')))
      return { reason: 'its font dictionary is of another type' };
  }
  const font = readType1Outlines(source);
  const glyphOfCode = (code: number): number | undefined => font.glyphOfName(font.encoding.get(code) ?? '');
  const glyphs = selectNamedGlyphs({ ...font, glyphOfCode }, codesOfFonts(file, fonts));
  const converted = convertType1(
    source,
    [...glyphs].map((glyph) => font.glyphName(glyph) ?? ''),
  );
  const hasNotdef = font.glyphOfName('.notdef') !== undefined;
  return {
    kind: 'Type 1',
    bytes: converted,
    glyphsBefore: font.glyphCount,
    glyphsAfter: glyphs.size + (hasNotdef && !glyphs.has(font.glyphOfName('.notdef') ?? -1) ? 1 : 0),
  };
}
