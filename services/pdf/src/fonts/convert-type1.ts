import { CffOperator } from './cff-dict.js';
import { readCffOutlines } from './cff-outlines.js';
import type { CffOutlines } from './cff-outlines.js';
import { chooseWidths } from './cff-widths.js';
import { writeCff } from './cff-writer.js';
import type { CffEntries } from './cff-writer.js';
import { FontError } from './font-error.js';
import { sameOutline, toFixed16 } from './outline.js';
import { privateEntries } from './type1-private.js';
import type { Type1Font } from './type1-font.js';
import { Type1Glyphs } from './type1-outlines.js';
import { Type2Encoder } from './type2-encoder.js';

const NOTDEF = '.notdef';
const DEFAULT_MATRIX = '0.001,0,0,0.001,0,0';
/** Maximum number of glyphs that a font can have besides .notdef. */
const MAX_GLYPHS = 65_534;

interface EncodedGlyph {
  readonly name: string;
  readonly width: number;
  readonly encoder: Type2Encoder;
}

/**
 * Converts a Type 1 font to a bare CFF font with the glyphs of these names and .notdef. Names that the font does
 * not have are ignored. Hints, the built-in encoding, the font matrix and the Private dictionary are kept. The parts of an
 * accented character become one glyph. The result has been read again, and its outlines, widths and codes are equal. Throws a
 * `FontError` for a font that cannot be converted.
 */
export function convertType1(font: Type1Font, glyphNames: Iterable<string>): Uint8Array {
  if (font.paintType !== 0) throw new FontError('has outlines that are stroked');
  const names = [...new Set(glyphNames)].filter((name) => name !== NOTDEF && font.charStrings.has(name));
  if (names.length > MAX_GLYPHS) throw new FontError('has too many glyphs');
  const cff = convert(font, names);
  checkConverted(font, names, cff);
  return cff;
}

function convert(font: Type1Font, names: readonly string[]): Uint8Array {
  const source = new Type1Glyphs(font);
  const encodeGlyph = (name: string): EncodedGlyph => {
    const encoder = new Type2Encoder();
    return { name, width: toFixed16(source.draw(name, encoder)), encoder };
  };
  const glyphs = names.map(encodeGlyph);
  const notdef = font.charStrings.has(NOTDEF)
    ? encodeGlyph(NOTDEF)
    : { name: NOTDEF, width: 0, encoder: new Type2Encoder() };
  const { defaultWidth, nominalWidth } = chooseWidths([notdef, ...glyphs].map(({ width }) => width));
  const charStringOf = ({ width, encoder }: EncodedGlyph): Uint8Array =>
    encoder.encode(width === defaultWidth ? undefined : width - nominalWidth);
  const widths: CffEntries = [
    [CffOperator.DefaultWidthX, [defaultWidth]],
    [CffOperator.NominalWidthX, [nominalWidth]],
  ];
  return writeCff({
    fontName: font.fontName,
    top: topEntries(font),
    private: [...privateEntries(font.private), ...widths.filter(([, [width]]) => width !== 0)],
    notdef: charStringOf(notdef),
    glyphs: glyphs.map((glyph) => ({ name: glyph.name, charString: charStringOf(glyph) })),
    encoding: font.encoding,
  });
}

function topEntries({ fontMatrix, fontBBox }: Type1Font): CffEntries {
  return [
    [CffOperator.FontBBox, fontBBox],
    ...(String(fontMatrix) === DEFAULT_MATRIX ? [] : ([[CffOperator.FontMatrix, fontMatrix]] as const)),
  ];
}

/** Reads the result. Throws a `FontError` if it differs from the source. */
function checkConverted(font: Type1Font, names: readonly string[], cff: Uint8Array): void {
  const converted = readCffOutlines(cff);
  const source = new Type1Glyphs(font);
  for (const name of font.charStrings.has(NOTDEF) ? [NOTDEF, ...names] : names) {
    if (!isSameGlyph(source, converted, name))
      throw new FontError(`has the glyph "${name}", which is not the same after its conversion`);
  }
  if (!hasSameCodes(font, names, converted))
    throw new FontError('has an encoding that is not the same after its conversion');
  if (String(converted.fontMatrix(0)) !== String(font.fontMatrix))
    throw new FontError('has a font matrix that is not the same after its conversion');
}

function isSameGlyph(source: Type1Glyphs, converted: CffOutlines, name: string): boolean {
  const expected = source.glyph(name);
  const glyph = converted.glyphOfName(name);
  if (!expected || glyph === undefined) return false;
  const outline = converted.outline(glyph);
  if (!outline || !sameOutline(outline, expected.outline)) return false;
  return converted.advance(glyph) === toFixed16(expected.advance);
}

function hasSameCodes(font: Type1Font, names: readonly string[], { encoding, glyphName }: CffOutlines): boolean {
  const kept = new Set(names);
  const expected = [...font.encoding].filter(([, name]) => kept.has(name));
  const isSame = ([code, name]: readonly [number, string]): boolean => glyphName(encoding.get(code) ?? -1) === name;
  return encoding.size === expected.length && expected.every(isSame);
}
