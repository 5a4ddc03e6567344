import { FontError, ifUnderstood } from './font-error.js';
import { OperationBudget } from './operation-budget.js';
import { OutlinePen } from './outline.js';
import type { GlyphOutlines, Outline } from './outline.js';
import { runType1 } from './type1-charstring.js';
import type { Type1Context, Type1Result, Type1Sink } from './type1-charstring.js';
import { STANDARD_ENCODING } from './type1-font.js';
import type { Type1Font } from './type1-font.js';

/** The glyphs of a Type 1 font by index, in the order of its charstrings, and by name. */
export interface Type1Outlines extends GlyphOutlines {
  readonly fontName: string;
  /** The glyph names of character codes by the built-in encoding, without .notdef. */
  readonly encoding: ReadonlyMap<number, string>;
  readonly fontMatrix: readonly number[];
  readonly glyphName: (glyph: number) => string | undefined;
  readonly glyphOfName: (name: string) => number | undefined;
}

/** Reads the glyphs of a Type 1 font. Throws a `FontError` if they are not understood. */
export function readType1Outlines(font: Type1Font): Type1Outlines {
  const names = [...font.charStrings.keys()];
  const indexes = new Map(names.map((name, glyph) => [name, glyph]));
  const glyphs = new Type1Glyphs(font);
  return {
    glyphCount: names.length,
    fontName: font.fontName,
    encoding: font.encoding,
    fontMatrix: font.fontMatrix,
    glyphName: (glyph) => names[glyph],
    glyphOfName: (name) => indexes.get(name),
    outline: (glyph) => glyphs.glyph(names[glyph])?.outline,
    advance: (glyph) => glyphs.glyph(names[glyph])?.advance,
  };
}

/** Runs the charstrings of a font by the names of their glyphs. */
export class Type1Glyphs {
  readonly #context: Type1Context;

  constructor(readonly font: Type1Font) {
    this.#context = { subroutines: font.subroutines, budget: new OperationBudget() };
  }

  /** Returns undefined if the glyph is not understood. */
  glyph(name: string | undefined): { readonly outline: Outline; readonly advance: number } | undefined {
    const sink = new OutlineSink();
    const advance = name === undefined ? undefined : ifUnderstood(() => this.draw(name, sink));
    return advance === undefined ? undefined : { outline: sink.segments, advance };
  }

  /**
   * Draws a glyph, with both parts of an accented character, and returns its width. Throws a `FontError` if the glyph is
   * not understood.
   */
  draw(name: string, sink: Type1Sink): number {
    this.#context.budget.startGlyph();
    const { width, accent } = runType1(this.#charString(name), this.#context, sink);
    if (!accent) return width;
    const parts = [this.#drawPart(accent.base, sink, { dx: 0, dy: 0 }), this.#drawPart(accent.accent, sink, accent)];
    if (parts.some((part) => part.accent)) throw new FontError('has accented characters that are nested');
    return width;
  }

  #drawPart(code: number, sink: Type1Sink, origin: { readonly dx: number; readonly dy: number }): Type1Result {
    sink.close();
    sink.replaceHints();
    return runType1(this.#charString(STANDARD_ENCODING.get(code) ?? ''), this.#context, sink, origin);
  }

  #charString(name: string): Uint8Array {
    const charString = this.font.charStrings.get(name);
    if (!charString) throw new FontError(`has no glyph "${name}"`);
    return charString;
  }
}

/** Collects an outline and ignores hints. */
class OutlineSink extends OutlinePen implements Type1Sink {
  stem(): void {
    // An outline has no hints.
  }

  replaceHints(): void {
    // An outline has no hints.
  }
}
