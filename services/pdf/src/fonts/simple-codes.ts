import { BASE_ENCODINGS } from './base-encodings.js';
import { equivalents, unicodeOfName } from './glyph-names.js';

/** The symbolic encoding (3, 0) of TrueType fonts has the codes in one of these ranges (ISO 32000-2, 9.6.5.4). */
const SYMBOL_BASES = [0, 0xf000, 0xf100, 0xf200];

/** A character code of a simple font, with the name that /Encoding gives it. */
export interface SimpleCode {
  readonly code: number;
  readonly name: string | undefined;
}

/** Everything that a reader may look up in a font program to find the glyph of a character code. */
export interface CodeLookups {
  readonly names: ReadonlySet<string>;
  readonly unicodes: ReadonlySet<number>;
  /** Codes of a table `cmap`. */
  readonly codes: ReadonlySet<number>;
}

/** The encodings that readers fall back to. */
const BASES = [BASE_ENCODINGS.StandardEncoding, BASE_ENCODINGS.WinAnsiEncoding, BASE_ENCODINGS.MacRomanEncoding];
const MAC_CODES = new Map([...BASE_ENCODINGS.MacRomanEncoding].map(([code, name]) => [name, code]));

/**
 * Returns what readers look up for a code. Readers differ in the encoding that they use for damaged or ambiguous fonts, so
 * this includes the names of all base encodings.
 */
export function lookupsOf({ code, name }: SimpleCode): CodeLookups {
  const encoded = BASES.flatMap((base) => base.get(code) ?? []);
  const names = new Set(name === undefined ? encoded : [name, ...encoded]);
  const unicodes = new Set<number>();
  const codes = new Set(SYMBOL_BASES.map((base) => base + code));
  for (const each of names) {
    const unicode = unicodeOfName(each);
    for (const equivalent of unicode === undefined ? [] : equivalents(unicode)) unicodes.add(equivalent);
    const mac = MAC_CODES.get(each);
    if (mac !== undefined) codes.add(mac);
  }
  for (const unicode of unicodes) codes.add(unicode);
  return { names, unicodes, codes };
}
