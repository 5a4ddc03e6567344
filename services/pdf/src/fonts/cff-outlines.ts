import { CffOperator } from './cff-dict.js';
import { readCffFont } from './cff-font.js';
import type { CffFont, CffFontDict } from './cff-font.js';
import { PREDEFINED_ENCODINGS } from './cff-predefined.js';
import { glyphsBySid } from './cff-tables.js';
import { FontError, ifUnderstood } from './font-error.js';
import { OperationBudget } from './operation-budget.js';
import { OutlinePen } from './outline.js';
import type { GlyphOutlines, Outline } from './outline.js';
import { RelativePath } from './relative-path.js';
import { runType2 } from './type2-charstring.js';
import type { Type2Result } from './type2-charstring.js';

/** The matrix that maps units of the font to text space if the font has none (TN 5176, table 9). */
const DEFAULT_MATRIX: readonly number[] = [0.001, 0, 0, 0.001, 0, 0];

/** The glyphs of a CFF font by index, and by name or CID. */
export interface CffOutlines extends GlyphOutlines {
  readonly fontName: string;
  readonly isCid: boolean;
  /** The glyphs of character codes by the built-in encoding. Empty in a CID-keyed font. */
  readonly encoding: ReadonlyMap<number, number>;
  /** Returns the name of a glyph. Glyphs of CID-keyed fonts have none. */
  readonly glyphName: (glyph: number) => string | undefined;
  readonly glyphOfName: (name: string) => number | undefined;
  /** Returns the CID of a glyph of a CID-keyed font. */
  readonly cid: (glyph: number) => number | undefined;
  readonly glyphOfCid: (cid: number) => number | undefined;
  /** Returns the matrix from units of the font to text space. In a CID-keyed font it may depend on the glyph. */
  readonly fontMatrix: (glyph: number) => readonly number[];
}

interface Glyph {
  readonly outline: Outline;
  readonly advance: number;
}

/** Reads the glyphs of a bare CFF font. Throws a `FontError` if the font is not understood. */
export function readCffOutlines(bytes: Uint8Array): CffOutlines {
  const font = readCffFont(bytes);
  const glyphs = new CffGlyphs(font);
  const bySid = glyphsBySid(font.charset);
  const name = (glyph: number): string | undefined => font.string(font.charset[glyph] ?? Number.NaN);
  const byName = new Map(font.isCid ? [] : font.charset.map((_, glyph) => [name(glyph), glyph] as const).reverse());
  return {
    glyphCount: font.charStrings.length,
    fontName: font.name,
    isCid: font.isCid,
    encoding: font.encoding,
    outline: (glyph) => glyphs.glyph(glyph)?.outline,
    advance: (glyph) => glyphs.glyph(glyph)?.advance,
    glyphName: (glyph) => (font.isCid ? undefined : name(glyph)),
    glyphOfName: (wanted) => byName.get(wanted),
    cid: (glyph) => (font.isCid ? font.charset[glyph] : undefined),
    glyphOfCid: (cid) => (font.isCid ? bySid.get(cid) : undefined),
    fontMatrix: (glyph) => glyphs.matrix(glyph),
  };
}

class CffGlyphs {
  readonly #budget = new OperationBudget();
  #last: { readonly index: number; readonly glyph: Glyph | undefined } | undefined;

  constructor(readonly font: CffFont) {}

  /** Returns undefined if the glyph is not understood. The last glyph is kept for calls in a row. */
  glyph(index: number): Glyph | undefined {
    if (this.#last?.index !== index) this.#last = { index, glyph: ifUnderstood(() => this.#read(index)) };
    return this.#last.glyph;
  }

  /** The matrix of the font, after that of the Font DICT in a CID-keyed font (TN 5176, 18). */
  matrix(index: number): readonly number[] {
    const top = this.font.top.get(CffOperator.FontMatrix);
    const own = this.font.isCid ? this.#fontDict(index)?.dict.get(CffOperator.FontMatrix) : undefined;
    return top && own ? product(own, top) : (own ?? top ?? DEFAULT_MATRIX);
  }

  #read(index: number): Glyph {
    const fontDict = this.#fontDict(index);
    if (!fontDict) throw new FontError(`has no glyph ${index}`);
    this.#budget.startGlyph();
    const pen = new OutlinePen();
    const { width, accent } = this.#run(index, new RelativePath(pen));
    if (accent) {
      const parts = [this.#glyphOfCode(accent.base), this.#glyphOfCode(accent.accent)] as const;
      const isNested = [
        this.#run(parts[0], new RelativePath(pen)),
        this.#run(parts[1], new RelativePath(pen, accent.dx, accent.dy)),
      ].some((part) => part.accent);
      if (isNested) throw new FontError('has accented characters that are nested');
    }
    const { defaultWidth, nominalWidth } = fontDict.private;
    return { outline: pen.segments, advance: width === undefined ? defaultWidth : nominalWidth + width };
  }

  #run(index: number, path: RelativePath): Type2Result {
    const charString = this.font.charStrings[index];
    const fontDict = this.#fontDict(index);
    if (!charString || !fontDict) throw new FontError(`has no glyph ${index}`);
    path.pen.moveTo(path.x, path.y);
    const subroutines = { global: this.font.globalSubroutines, local: fontDict.private.subroutines };
    return runType2(charString, subroutines, { path, budget: this.#budget });
  }

  #fontDict(index: number): CffFontDict | undefined {
    return this.font.fontDicts[this.font.fdSelect?.[index] ?? 0];
  }

  #glyphOfCode(code: number): number {
    const sid = PREDEFINED_ENCODINGS[0]?.get(code);
    const glyph = this.font.isCid ? -1 : this.font.charset.indexOf(sid ?? -1);
    if (glyph < 0) throw new FontError('has an accented character without its parts');
    return glyph;
  }
}

function product(first: readonly number[], second: readonly number[]): number[] {
  const [a, b] = [(at: number): number => first[at] ?? 0, (at: number): number => second[at] ?? 0];
  return [0, 2, 4].flatMap((row) =>
    [0, 1].map((column) => a(row) * b(column) + a(row + 1) * b(column + 2) + (row === 4 ? b(column + 4) : 0)),
  );
}
