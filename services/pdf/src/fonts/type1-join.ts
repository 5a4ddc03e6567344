import { FontError } from './font-error.js';
import { sameOutline } from './outline.js';
import type { Type1Font } from './type1-font.js';
import { Type1Glyphs } from './type1-outlines.js';

/** Writers of subsets leave a single `return` of a subroutine that is not used. */
const STUB_BYTES = 1;

/**
 * Joins subsets of one Type 1 font. The result has the glyphs, codes and subroutines of all of them. Throws a `FontError`
 * if they may be subsets of different fonts: if they have different glyphs for a name or a code, or if their dictionaries
 * differ.
 */
export function joinType1Fonts([first, ...others]: readonly Type1Font[]): Type1Font {
  if (!first) throw new FontError('has no subsets');
  if (others.length === 0) return first;
  const fonts = [first, ...others];
  if (others.some((other) => dictionaryOf(other) !== dictionaryOf(first))) throw new FontError('is of another font');
  const joined: Type1Font = {
    ...first,
    fontBBox: [0, 1, 2, 3].map((at) =>
      (at < 2 ? Math.min : Math.max)(...fonts.map(({ fontBBox }) => fontBBox[at] ?? 0)),
    ),
    encoding: joinMaps(
      fonts.map(({ encoding }) => encoding),
      (one, other) => (one === other ? one : undefined),
    ),
    charStrings: joinMaps(
      fonts.map(({ charStrings }) => charStrings),
      equalBytes,
    ),
    subroutines: joinMaps(
      fonts.map(({ subroutines }) => subroutines),
      usedSubroutine,
    ),
  };
  for (const font of fonts)
    if (!hasSameGlyphs(font, joined)) throw new FontError('has glyphs that change when they are joined');
  return joined;
}

/** What all subsets of a font have in common, as text. */
function dictionaryOf({ fontMatrix, paintType, private: entries }: Type1Font): string {
  return JSON.stringify([fontMatrix, paintType, [...entries].sort(([one], [other]) => (one < other ? -1 : 1))]);
}

/** Throws a `FontError` if `choose` accepts neither of two values for a key. */
function joinMaps<Key, Value>(
  maps: readonly ReadonlyMap<Key, Value>[],
  choose: (one: Value, other: Value) => Value | undefined,
): Map<Key, Value> {
  const joined = new Map<Key, Value>();
  for (const [key, value] of maps.flatMap((map) => [...map])) {
    const known = joined.get(key);
    const chosen = known === undefined ? value : choose(known, value);
    if (chosen === undefined) throw new FontError('is of another font');
    joined.set(key, chosen);
  }
  return joined;
}

function equalBytes(one: Uint8Array, other: Uint8Array): Uint8Array | undefined {
  return Buffer.compare(one, other) === 0 ? one : undefined;
}

function usedSubroutine(one: Uint8Array, other: Uint8Array): Uint8Array | undefined {
  if (one.length <= STUB_BYTES) return other;
  return other.length <= STUB_BYTES ? one : equalBytes(one, other);
}

function hasSameGlyphs(font: Type1Font, joined: Type1Font): boolean {
  const [own, all] = [new Type1Glyphs(font), new Type1Glyphs(joined)];
  return [...font.charStrings.keys()].every((name) => {
    const [one, other] = [own.glyph(name), all.glyph(name)];
    return one !== undefined && other?.advance === one.advance && sameOutline(one.outline, other.outline);
  });
}
