import type { CffFont } from './cff-font.js';
import { PREDEFINED_ENCODINGS } from './cff-predefined.js';
import { FontError } from './font-error.js';
import { OperationBudget } from './operation-budget.js';
import { OutlinePen } from './outline.js';
import { RelativePath } from './relative-path.js';
import { runType2 } from './type2-charstring.js';

/** What the glyphs of a subset use. */
export interface CffUsage {
  /** The selected glyphs, glyph 0 and the parts of accented characters. */
  readonly glyphs: ReadonlySet<number>;
  /** Indexes of global subroutines, and of local subroutines by Font DICT. */
  readonly global: ReadonlySet<number>;
  readonly local: readonly ReadonlySet<number>[];
}

/** Runs the charstrings of the selected glyphs. Throws a `FontError` if one of them is not understood. */
export function findUsed(font: CffFont, selected: ReadonlySet<number>): CffUsage {
  const glyphs = new Set<number>();
  const budget = new OperationBudget();
  const global = recorder(font.globalSubroutines);
  const locals = font.fontDicts.map((fontDict) => recorder(fontDict.private.subroutines));
  const left = [0, ...selected];
  for (let glyph = left.pop(); glyph !== undefined; glyph = left.pop()) {
    const charString = font.charStrings[glyph];
    if (!charString || glyphs.has(glyph)) continue;
    glyphs.add(glyph);
    const local = locals[font.fdSelect?.[glyph] ?? 0];
    if (!local) throw new FontError('has a glyph without its dictionary');
    budget.startGlyph();
    const subroutines = { global: global.items, local: local.items };
    const { accent } = runType2(charString, subroutines, { path: new RelativePath(new OutlinePen()), budget });
    if (accent) left.push(glyphOfCode(font, accent.base), glyphOfCode(font, accent.accent));
  }
  return { glyphs, global: global.used, local: locals.map(({ used }) => used) };
}

interface Recorder {
  readonly items: readonly Uint8Array[];
  readonly used: ReadonlySet<number>;
}

/** The same items, and the indexes of those that were read. */
function recorder(items: readonly Uint8Array[]): Recorder {
  const used = new Set<number>();
  const recording = new Proxy(items, {
    get(target, key) {
      const index = typeof key === 'string' ? Number(key) : Number.NaN;
      if (Number.isInteger(index)) used.add(index);
      return Reflect.get(target, key) as unknown;
    },
  });
  return { items: recording, used };
}

/** Parts of accented characters are given by their codes in StandardEncoding (TN 5177, appendix C). */
function glyphOfCode(font: CffFont, code: number): number {
  const glyph = font.isCid ? -1 : font.charset.indexOf(PREDEFINED_ENCODINGS[0]?.get(code) ?? -1);
  if (glyph < 0) throw new FontError('has an accented character without its parts');
  return glyph;
}
