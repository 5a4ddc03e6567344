import { glyphList } from './glyph-list.js';

const UNI = /^uni([0-9A-Fa-f]{4})/;
const U = /^u([0-9A-Fa-f]{4,6})$/;

/** Returns the Unicode value of a glyph name (Adobe Glyph List Specification 1.7), or undefined if it has none. */
export function unicodeOfName(name: string): number | undefined {
  const known = glyphList().get(name);
  if (known !== undefined) return known;
  const hex = (UNI.exec(name) ?? U.exec(name))?.[1];
  if (hex !== undefined) return Number.parseInt(hex, 16);
  const dot = name.indexOf('.');
  return dot > 0 ? unicodeOfName(name.slice(0, dot)) : undefined;
}

/** Characters that readers draw with the same glyph if a font has only one of them. */
const TWINS: readonly (readonly [number, number])[] = [
  [0x20, 0xa0],
  [0x2d, 0xad],
  [0xb5, 0x3bc],
  [0x2126, 0x3a9],
  [0x2206, 0x394],
  [0xaf, 0x2c9],
  [0xb7, 0x2219],
  [0x2215, 0x2044],
  [0x2d, 0x2010],
  [0x2d, 0x2212],
];

/** Returns a Unicode value and those that readers may use in its place. */
export function equivalents(unicode: number): number[] {
  const others = TWINS.flatMap(([one, other]) => (one === unicode ? [other] : other === unicode ? [one] : []));
  return [unicode, ...others];
}
