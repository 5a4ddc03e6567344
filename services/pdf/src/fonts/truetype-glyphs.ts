import { FontBytes } from './font-bytes.js';
import { FontError, ifUnderstood } from './font-error.js';
import { spendFontWork } from './font-work.js';
import type { Outline } from './outline.js';
import { readComponents } from './truetype-components.js';
import type { Component } from './truetype-components.js';
import { contourSegments } from './truetype-contour.js';
import type { Contour } from './truetype-contour.js';

/** Maximum nesting of composite glyphs, parts of one glyph, and points of all glyphs that are read. */
const MAX_DEPTH = 8;
const MAX_PARTS = 1000;
const MAX_TOTAL_POINTS = 20_000_000;

/** Flags of a point of a simple glyph (OpenType 1.9, "glyf"). */
const [ON_CURVE, X_SHORT, Y_SHORT, REPEAT, X_SAME, Y_SAME] = [1, 2, 4, 8, 16, 32] as const;
/** Bytes of the header of a glyph: the number of contours and the bounding box. */
const HEADER_BYTES = 10;

export interface TrueTypeLayout {
  readonly glyphCount: number;
  /** Whether `loca` has 32-bit offsets. */
  readonly isLong: boolean;
}

/** Reads glyphs of the tables `glyf` and `loca`. */
export class TrueTypeGlyphs {
  #pointsLeft = MAX_TOTAL_POINTS;
  #partsLeft = 0;

  constructor(
    readonly glyf: Uint8Array,
    readonly loca: Uint8Array,
    readonly layout: TrueTypeLayout,
  ) {}

  /** Returns undefined if the glyph is not understood. */
  outline(glyph: number): Outline | undefined {
    this.#partsLeft = MAX_PARTS;
    return ifUnderstood(() => this.#contours(glyph, 0).flatMap(contourSegments));
  }

  /** Returns the glyphs that a composite glyph consists of, or undefined if the glyph is not understood. */
  components(glyph: number): readonly number[] | undefined {
    return ifUnderstood(() => {
      const reader = new FontBytes(this.#data(glyph));
      if (reader.length === 0 || reader.int16() >= 0) return [];
      reader.at = HEADER_BYTES;
      return readComponents(reader).map((component) => component.glyph);
    });
  }

  #contours(glyph: number, depth: number): Contour[] {
    if (depth > MAX_DEPTH || --this.#partsLeft < 0) throw new FontError('has glyphs that are nested too deeply');
    const data = this.#data(glyph);
    if (data.length === 0) return [];
    const reader = new FontBytes(data);
    const count = reader.int16();
    reader.at = HEADER_BYTES;
    if (count < 0) return readComponents(reader).flatMap((component) => this.#placed(component, depth + 1));
    return count === 0 ? [] : this.#simpleContours(reader, count);
  }

  #placed({ glyph, a, b, c, d, dx, dy }: Component, depth: number): Contour[] {
    const contours = this.#contours(glyph, depth);
    this.#count(contours.reduce((sum, contour) => sum + contour.length, 0));
    return contours.map((contour) =>
      contour.map(({ x, y, isOn }) => ({ x: a * x + c * y + dx, y: b * x + d * y + dy, isOn })),
    );
  }

  /** The data of a glyph. If `loca` is not sorted, they end with the table, as in FreeType. */
  #data(glyph: number): Uint8Array {
    const { glyphCount, isLong } = this.layout;
    if (!(glyph >= 0 && glyph < glyphCount)) throw new FontError(`has no glyph ${glyph}`);
    const reader = new FontBytes(this.loca, glyph * (isLong ? 4 : 2));
    const offset = (): number => (isLong ? reader.uint32() : 2 * reader.uint16());
    const start = offset();
    // The last offset may be absent.
    const end = reader.at < this.loca.length ? offset() : this.glyf.length;
    if (start === end) return new Uint8Array(0);
    if (start > this.glyf.length) throw new FontError(`has glyph ${glyph} outside of its table`);
    return this.glyf.subarray(start, end < start ? this.glyf.length : end);
  }

  #simpleContours(reader: FontBytes, count: number): Contour[] {
    const ends: number[] = [];
    for (let index = 0; index < count; index++) {
      const end = reader.uint16();
      if (end < (ends.at(-1) ?? 0)) throw new FontError('has contours that are not in order');
      ends.push(end);
    }
    const points = (ends.at(-1) ?? 0) + 1;
    this.#count(points);
    const instructionBytes = reader.uint16();
    reader.at += instructionBytes;
    const flags = readFlags(reader, points);
    const xs = readCoordinates(reader, flags, X_SHORT, X_SAME);
    const ys = readCoordinates(reader, flags, Y_SHORT, Y_SAME);
    const all = flags.map((flag, at) => ({ x: xs[at] ?? 0, y: ys[at] ?? 0, isOn: (flag & ON_CURVE) !== 0 }));
    return ends.map((end, index) => all.slice(index === 0 ? 0 : (ends[index - 1] ?? 0) + 1, end + 1));
  }

  #count(points: number): void {
    spendFontWork(points);
    this.#pointsLeft -= points;
    if (this.#pointsLeft < 0) throw new FontError('has too many points');
  }
}

function readFlags(reader: FontBytes, count: number): number[] {
  const flags: number[] = [];
  while (flags.length < count) {
    const flag = reader.uint8();
    const repeats = flag & REPEAT ? reader.uint8() : 0;
    for (let index = 0; index <= repeats && flags.length < count; index++) flags.push(flag);
  }
  return flags;
}

function readCoordinates(reader: FontBytes, flags: readonly number[], short: number, same: number): number[] {
  let value = 0;
  return flags.map((flag) => {
    if (flag & short) value += flag & same ? reader.uint8() : -reader.uint8();
    else if (!(flag & same)) value += reader.int16();
    return value;
  });
}
