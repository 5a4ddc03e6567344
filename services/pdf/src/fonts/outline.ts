/** The segments of an outline. Each is followed by its points as x and y, and starts at the last point before it. */
export const Segment = { Move: 0, Line: 1, Quadratic: 2, Cubic: 3 } as const;

/**
 * A glyph's outline in units of the font as one flat list of segments and their points. Equal outlines have equal
 * lists. Contours are closed without a segment. Contours without a segment are left out.
 */
export type Outline = readonly number[];

/** The glyphs of a font program by their index. */
export interface GlyphOutlines {
  readonly glyphCount: number;
  /** Returns undefined if the glyph does not exist or is not understood. */
  readonly outline: (glyph: number) => Outline | undefined;
  /** Returns the advance width in units of the font, or undefined if it is not understood. */
  readonly advance: (glyph: number) => number | undefined;
}

/** Whether two outlines draw the same segments. */
export function sameOutline(one: Outline, other: Outline): boolean {
  return one.length === other.length && one.every((value, at) => value === other[at]);
}

/** Receives the path of a glyph. Coordinates are absolute, in units of the font. */
export interface Pen {
  /** Ends the contour, if one is open, and moves the current point. */
  moveTo(x: number, y: number): void;
  lineTo(x: number, y: number): void;
  curveTo(x1: number, y1: number, x2: number, y2: number, x: number, y: number): void;
  /** Ends the contour. The current point stays. */
  close(): void;
}

/** The precision of coordinates: the fraction of a fixed-point number of a charstring (TN 5177, 3.2). */
const FRACTION = 65_536;

/** Returns the nearest number that a charstring can represent. */
export function toFixed16(value: number): number {
  return Math.round(value * FRACTION) / FRACTION;
}

/** Collects a path of lines and cubic curves as an outline. */
export class OutlinePen implements Pen {
  readonly segments: number[] = [];
  #x = 0;
  #y = 0;
  #isOpen = false;

  moveTo(x: number, y: number): void {
    this.close();
    this.#setPoint(x, y);
  }

  lineTo(x: number, y: number): void {
    this.#open();
    this.#setPoint(x, y);
    this.segments.push(Segment.Line, this.#x, this.#y);
  }

  curveTo(x1: number, y1: number, x2: number, y2: number, x: number, y: number): void {
    this.#open();
    this.#setPoint(x, y);
    this.segments.push(Segment.Cubic, toFixed16(x1), toFixed16(y1), toFixed16(x2), toFixed16(y2), this.#x, this.#y);
  }

  close(): void {
    this.#isOpen = false;
  }

  #open(): void {
    if (!this.#isOpen) this.segments.push(Segment.Move, this.#x, this.#y);
    this.#isOpen = true;
  }

  #setPoint(x: number, y: number): void {
    this.#x = toFixed16(x);
    this.#y = toFixed16(y);
  }
}
