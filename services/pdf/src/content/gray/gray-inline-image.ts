import { deflateSync } from 'node:zlib';
import type { DecodingBudget } from '../../filters/budget.js';
import { decode } from '../../filters/decode.js';
import { filtersOf } from '../../filters/stream-filters.js';
import { PdfDict, isInteger } from '../../syntax/objects.js';
import type { PdfObject } from '../../syntax/objects.js';
import { inlineEntry } from '../inline-image.js';
import { BitReader } from './bit-reader.js';
import { GRAY } from './color-space.js';
import type { GraySpace } from './color-space.js';

const MAX_PIXELS = 4_000_000;
const MAX_BITS = 16;

interface Layout {
  readonly width: number;
  readonly height: number;
  readonly bits: number;
}

/**
 * Converts an inline image (ISO 32000-2, 8.9.7) to 8 bits of gray per pixel. Returns `gray` if it has no colour, and
 * undefined if it cannot be converted.
 */
export function grayInlineImage(
  dict: PdfDict,
  data: Buffer,
  space: GraySpace | string,
  budget: DecodingBudget,
): Buffer | 'gray' | undefined {
  if (hasNoColor(dict) || space === GRAY) return 'gray';
  const layout = layoutOf(dict);
  if (typeof space === 'string' || !layout) return undefined;
  const named = PdfDict.of({
    Filter: inlineEntry(dict, 'Filter', 'F'),
    DecodeParms: inlineEntry(dict, 'DecodeParms', 'DP'),
  });
  const { bytes, left } = decode(data, filtersOf(named), budget);
  const limits = inlineEntry(dict, 'Decode', 'D');
  const decoding = Array.isArray(limits) && limits.every(isNumber) ? limits : space.decode(layout.bits);
  if (left.length > 0 || decoding.length < 2 * space.components) return undefined;
  const { width, height } = layout;
  const interpolate = inlineEntry(dict, 'Interpolate', 'I') === true ? ' /I true' : '';
  return Buffer.concat([
    Buffer.from(`\nBI /W ${width} /H ${height} /BPC 8 /CS /G${interpolate} /F /Fl ID `),
    deflateSync(pixels(bytes, layout, space, decoding)),
    Buffer.from('\nEI\n'),
  ]);
}

/** A stencil mask has the current colour. A missing space is at most gray. */
export function hasNoColor(dict: PdfDict): boolean {
  return inlineEntry(dict, 'ImageMask', 'IM') === true || inlineEntry(dict, 'ColorSpace', 'CS') === null;
}

function layoutOf(dict: PdfDict): Layout | undefined {
  const [width, height] = [inlineEntry(dict, 'Width', 'W'), inlineEntry(dict, 'Height', 'H')];
  const bits = inlineEntry(dict, 'BitsPerComponent', 'BPC');
  if (!isInteger(width) || !isInteger(height) || !isInteger(bits)) return undefined;
  const isPlausible = width > 0 && height > 0 && width * height <= MAX_PIXELS && bits > 0 && bits <= MAX_BITS;
  return isPlausible ? { width, height, bits } : undefined;
}

function isNumber(object: PdfObject): object is number {
  return typeof object === 'number';
}

/** Rows start at whole bytes (8.9.3). */
function pixels(bytes: Buffer, { width, height, bits }: Layout, space: GraySpace, decoding: readonly number[]): Buffer {
  const grays = Buffer.alloc(width * height);
  const reader = new BitReader(bytes);
  const most = 2 ** bits - 1;
  const color = new Array<number>(space.components).fill(0);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      for (let at = 0; at < color.length; at++) {
        const low = decoding[2 * at] ?? 0;
        color[at] = low + (reader.read(bits) * ((decoding[2 * at + 1] ?? 1) - low)) / most;
      }
      grays[row * width + column] = Math.round(255 * space.gray(color));
    }
    reader.align();
  }
  return grays;
}
