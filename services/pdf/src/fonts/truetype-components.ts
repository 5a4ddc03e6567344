import type { FontBytes } from './font-bytes.js';
import { FontError } from './font-error.js';

/** Flags of a component (OpenType 1.9, "glyf", composite glyph description). */
const [WORDS, XY_VALUES, SCALE, MORE, XY_SCALE, TWO_BY_TWO] = [0x1, 0x2, 0x8, 0x20, 0x40, 0x80] as const;
const [SCALED_OFFSET, UNSCALED_OFFSET] = [0x800, 0x1000] as const;
const MAX_COMPONENTS = 1000;
const F2DOT14 = 16_384;

/** A glyph as a part of another. A point becomes (a x + c y + dx, b x + d y + dy). */
export interface Component {
  readonly glyph: number;
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
  readonly dx: number;
  readonly dy: number;
}

/** Reads the components of a composite glyph. Throws a `FontError` if one of them is placed by matching points. */
export function readComponents(reader: FontBytes): Component[] {
  const components: Component[] = [];
  for (let flags: number = MORE; flags & MORE;) {
    flags = reader.uint16();
    if (components.length === MAX_COMPONENTS) throw new FontError('has a glyph of too many parts');
    components.push(readComponent(reader, flags));
  }
  return components;
}

function readComponent(reader: FontBytes, flags: number): Component {
  const glyph = reader.uint16();
  if (!(flags & XY_VALUES)) throw new FontError('places parts of a glyph by matching points');
  const argument = (): number => (flags & WORDS ? reader.int16() : reader.int8());
  const [x, y] = [argument(), argument()];
  const [a, b, c, d] = readTransform(reader, flags);
  const isScaled = (flags & SCALED_OFFSET) !== 0 && (flags & UNSCALED_OFFSET) === 0;
  const [dx, dy] = isScaled ? [x * Math.hypot(a, c), y * Math.hypot(d, b)] : [x, y];
  return { glyph, a, b, c, d, dx, dy };
}

function readTransform(reader: FontBytes, flags: number): [a: number, b: number, c: number, d: number] {
  const scale = (): number => reader.int16() / F2DOT14;
  if (flags & SCALE) {
    const both = scale();
    return [both, 0, 0, both];
  }
  if (flags & XY_SCALE) return [scale(), 0, 0, scale()];
  return flags & TWO_BY_TWO ? [scale(), scale(), scale(), scale()] : [1, 0, 0, 1];
}
