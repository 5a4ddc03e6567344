import { FontError } from './font-error.js';
import { spendFontWork } from './font-work.js';

/** Maximum number of operations of the charstrings of a font, and of one glyph. Ordinary glyphs have fewer than 1000. */
const MAX_FONT_OPERATIONS = 30_000_000;
const MAX_GLYPH_OPERATIONS = 200_000;

/** Limits the time that the charstrings of a font take. */
export class OperationBudget {
  #fontLeft = MAX_FONT_OPERATIONS;
  #glyphLeft = 0;

  startGlyph(): void {
    this.#glyphLeft = MAX_GLYPH_OPERATIONS;
  }

  /** Throws a `FontError` when the glyph or the font has used its operations. */
  spend(): void {
    spendFontWork();
    this.#fontLeft--;
    this.#glyphLeft--;
    if (this.#fontLeft < 0 || this.#glyphLeft < 0) throw new FontError('has charstrings with too many operations');
  }
}
