import { toFixed16 } from './outline.js';
import type { Type1Sink } from './type1-charstring.js';
import { Type2Hints, areSameStems, withStem } from './type2-hints.js';
import type { StemSet } from './type2-hints.js';
import { encodeType2Number } from './type2-numbers.js';
import type { Distances } from './type2-operators.js';
import { encodeSegments } from './type2-path-encoder.js';

const [VMOVETO, ENDCHAR, RMOVETO, HMOVETO] = [4, 14, 21, 22] as const;

/** A part of a path: a move, segments, or stems that replace those before. */
type Part =
  | { readonly kind: 'move'; readonly dx: number; readonly dy: number }
  | { readonly kind: 'segments'; readonly segments: Distances[] }
  | { readonly kind: 'stems'; readonly stems: StemSet };

/** Collects a glyph and encodes it as a Type 2 charstring without subroutines. */
export class Type2Encoder implements Type1Sink {
  readonly #parts: Part[] = [];
  #stems: StemSet = new Map();
  #usedStems: StemSet = new Map();
  #x = 0;
  #y = 0;
  /** The point that the encoded path has reached. */
  #encodedX = 0;
  #encodedY = 0;
  #isOpen = false;

  moveTo(x: number, y: number): void {
    this.close();
    this.#x = toFixed16(x);
    this.#y = toFixed16(y);
  }

  lineTo(x: number, y: number): void {
    this.#startSegment();
    this.#push([this.#distanceX(x), this.#distanceY(y)]);
  }

  curveTo(x1: number, y1: number, x2: number, y2: number, x: number, y: number): void {
    this.#startSegment();
    const start = [this.#distanceX(x1), this.#distanceY(y1)] as const;
    const middle = [this.#distanceX(x2), this.#distanceY(y2)] as const;
    this.#push([...start, ...middle, this.#distanceX(x), this.#distanceY(y)]);
  }

  close(): void {
    this.#isOpen = false;
  }

  stem(isHorizontal: boolean, edge: number, width: number): void {
    const stem = { isHorizontal, edge: toFixed16(edge), width: toFixed16(width) };
    this.#stems = withStem(this.#stems, stem);
  }

  replaceHints(): void {
    this.#stems = new Map();
  }

  /** Returns the charstring. `width` is the difference to nominalWidthX, or undefined for defaultWidthX. */
  encode(width: number | undefined): Uint8Array {
    const hints = new Type2Hints(this.#parts.flatMap((part) => (part.kind === 'stems' ? [part.stems] : [])));
    const bytes = [...(width === undefined ? [] : encodeType2Number(width)), ...hints.declaration()];
    let isFirstMask = true;
    for (const part of this.#parts) {
      if (part.kind === 'move') bytes.push(...encodeMove(part.dx, part.dy));
      else if (part.kind === 'segments') bytes.push(...encodeSegments(part.segments));
      else {
        if (!isFirstMask) bytes.push(...hints.mask(part.stems));
        isFirstMask = false;
      }
    }
    return Uint8Array.from([...bytes, ENDCHAR]);
  }

  /** Adds the stems that changed and the move to a new contour. */
  #startSegment(): void {
    if (!areSameStems(this.#stems, this.#usedStems)) {
      this.#parts.push({ kind: 'stems', stems: this.#stems });
      this.#usedStems = this.#stems;
    }
    if (!this.#isOpen) this.#parts.push({ kind: 'move', dx: this.#distanceX(this.#x), dy: this.#distanceY(this.#y) });
    this.#isOpen = true;
  }

  #push(segment: Distances): void {
    this.#x = this.#encodedX;
    this.#y = this.#encodedY;
    const last = this.#parts.at(-1);
    if (last?.kind === 'segments') last.segments.push(segment);
    else this.#parts.push({ kind: 'segments', segments: [segment] });
  }

  #distanceX(x: number): number {
    const start = this.#encodedX;
    this.#encodedX = toFixed16(x);
    return this.#encodedX - start;
  }

  #distanceY(y: number): number {
    const start = this.#encodedY;
    this.#encodedY = toFixed16(y);
    return this.#encodedY - start;
  }
}

function encodeMove(dx: number, dy: number): number[] {
  if (dy === 0) return [...encodeType2Number(dx), HMOVETO];
  if (dx === 0) return [...encodeType2Number(dy), VMOVETO];
  return [...encodeType2Number(dx), ...encodeType2Number(dy), RMOVETO];
}
