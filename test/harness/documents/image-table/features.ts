import { deflateSync } from 'node:zlib';
import { textStream } from '../text-pdf.js';
import type { AddObject, TableSpace } from './spaces.js';
import { HEIGHT, WIDTH, packRows } from './values.js';

/** What an image dictionary has besides its samples. */
export interface TableFeature {
  readonly name: string;
  readonly fits: (space: TableSpace) => boolean;
  readonly entries: (image: Described, add: AddObject) => string;
  /** Whether it needs another stream, which an inline image cannot refer to. */
  readonly needsStream?: boolean;
  /** Whether every filter is combined with it. Others are combined with one filter of each kind. */
  readonly isCommon?: boolean;
}

interface Described {
  readonly space: TableSpace;
  readonly bits: number;
}

export const TABLE_FEATURES: readonly TableFeature[] = [
  { name: 'plain', fits: () => true, entries: () => '', isCommon: true },
  { name: 'decode-default', fits: () => true, entries: (image) => decode(image, 0, 1) },
  { name: 'decode-inverted', fits: () => true, entries: (image) => decode(image, 1, 0), isCommon: true },
  { name: 'decode-part', fits: ({ isStencil }) => !isStencil, entries: (image) => decode(image, 0.1, 0.7) },
  { ...stream('soft-mask'), entries: (_image, add) => `/SMask ${add(softMask(WIDTH, HEIGHT))}`, isCommon: true },
  { ...stream('soft-mask-small'), entries: (_image, add) => `/SMask ${add(softMask(61, 40))}` },
  {
    ...stream('matte'),
    entries: ({ space }, add) => `/SMask ${add(softMask(WIDTH, HEIGHT, `/Matte [${matte(space)}]`))}`,
    isCommon: true,
  },
  { ...stream('stencil-mask'), entries: (_image, add) => `/Mask ${add(stencil(''))}` },
  { ...stream('stencil-mask-inverted'), entries: (_image, add) => `/Mask ${add(stencil('/Decode [1 0]'))}` },
  {
    name: 'color-key',
    fits: ({ isStencil }) => !isStencil,
    entries: ({ space, bits }) => colorKey(space, bits),
    isCommon: true,
  },
];

function stream(name: string): Pick<TableFeature, 'name' | 'fits' | 'needsStream'> {
  return { name, fits: ({ isStencil }) => !isStencil, needsStream: true };
}

/** A /Decode array with two shares of the range of each component. */
function decode({ space, bits }: Described, low: number, high: number): string {
  const range = space.isIndexed
    ? [0, 2 ** bits - 1]
    : (space.range ?? Array.from({ length: 2 * space.components }, (_none, at) => at % 2));
  const ends = Array.from({ length: space.components }, (_none, component) => {
    const [from = 0, to = 1] = range.slice(2 * component);
    return [low, high].map((share) => rounded(from + share * (to - from), space.isIndexed === true));
  });
  return `/Decode [${ends.flat().join(' ')}]`;
}

function rounded(value: number, isIndex: boolean): number {
  return isIndex ? Math.round(value) : Math.round(value * 1000) / 1000;
}

/** The colour that the image was blended with, in the components of its space. */
function matte({ components, range, isIndexed }: TableSpace): string {
  if (isIndexed) return '0.2 0.2 0.2';
  return Array.from({ length: components }, (_none, at) => (range ? (range[2 * at] ?? 0) : 0.2)).join(' ');
}

/** A mask with slow waves. */
function softMask(width: number, height: number, more = ''): string {
  const rows = Buffer.alloc(width * height);
  for (let at = 0; at < rows.length; at++)
    rows[at] = 128 + Math.round(120 * Math.sin(((at % width) / width) * 7) * Math.cos((at / rows.length) * 5));
  const entries = `/Subtype /Image /Width ${width} /Height ${height} /ColorSpace /DeviceGray /BitsPerComponent 8`;
  return textStream(deflateSync(rows).toString('latin1'), `${entries} /Filter /FlateDecode ${more}`);
}

/** A mask of one bit that hides an ellipse. */
function stencil(more: string): string {
  const values = Uint16Array.from({ length: WIDTH * HEIGHT }, (_none, at) => {
    const [x, y] = [(at % WIDTH) / WIDTH - 0.5, Math.floor(at / WIDTH) / HEIGHT - 0.5];
    return x * x + y * y < 0.09 ? 1 : 0;
  });
  const rows = packRows({ width: WIDTH, height: HEIGHT, channels: 1, bits: 1, values });
  const entries = `/Subtype /Image /Width ${WIDTH} /Height ${HEIGHT} /ImageMask true /BitsPerComponent 1`;
  return textStream(deflateSync(rows).toString('latin1'), `${entries} /Filter /FlateDecode ${more}`);
}

/** The upper third of the values of each component is transparent. */
function colorKey({ components }: TableSpace, bits: number): string {
  const max = 2 ** bits - 1;
  const limits = Array.from({ length: components }, () => `${Math.ceil((2 * max) / 3)} ${max}`);
  return `/Mask [${limits.join(' ')}]`;
}
