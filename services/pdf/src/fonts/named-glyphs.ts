import { unicodeOfName } from './glyph-names.js';
import type { CodeLookups } from './simple-codes.js';

/** Glyphs by their names, and by the Unicode values of their names. */
export class NamedGlyphs {
  readonly #byName = new Map<string, number[]>();
  readonly #byUnicode = new Map<number, number[]>();

  constructor(names: readonly (string | undefined)[]) {
    for (const [glyph, name] of names.entries()) {
      if (name === undefined || name === '.notdef') continue;
      addTo(this.#byName, name, glyph);
      const unicode = unicodeOfName(name);
      if (unicode !== undefined) addTo(this.#byUnicode, unicode, glyph);
    }
  }

  find({ names, unicodes }: CodeLookups): number[] {
    const byName = [...names].flatMap((name) => this.#byName.get(name) ?? []);
    return [...byName, ...[...unicodes].flatMap((unicode) => this.#byUnicode.get(unicode) ?? [])];
  }
}

function addTo<Key>(map: Map<Key, number[]>, key: Key, glyph: number): void {
  const known = map.get(key);
  if (known) known.push(glyph);
  else map.set(key, [glyph]);
}
