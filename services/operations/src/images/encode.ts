import { promisify } from 'node:util';
import { deflate } from 'node:zlib';
import { MAX_BILEVEL_SIDE, encodeCcittG4, encodeJbig2 } from '@pdf-tools/pdf';
import type { BilevelImage } from '@pdf-tools/pdf';
import { packSamples } from './bits.js';
import { sharp } from './codec.js';
import { MAX_ROW_PIXELS } from './limits.js';
import { findPalette } from './palette.js';
import type { FoundPalette } from './palette.js';
import { deviceSpace } from './pdf-image.js';
import type { ColorSpace, PdfImage } from './pdf-image.js';
import { flateFromPng } from './png/png-image.js';
import { parsePng } from './png/parse-png.js';
import { MODEL_CHANNELS } from './raw-image.js';
import type { RawImage } from './raw-image.js';

/** How images of black and white are encoded. */
export type BilevelCoding = 'jbig2' | 'ccitt';

interface EncodeOptions {
  /** The colour space of the file's profile. */
  readonly profiled?: ColorSpace | undefined;
  readonly bilevel?: BilevelCoding | undefined;
}

const deflateAsync = promisify(deflate);
/** Level 9 takes up to three times as long for less than a percent. */
export const DEFLATE_LEVEL = 8;
/** Level for indices, which are a byte per pixel. They get 3 % smaller than at level 8. */
const INDEX_LEVEL = 9;
/** JBIG2 data have 80 bytes of headers. */
const TINY_BYTES = 80;

/**
 * Encodes decoded samples without loss: few colours as a palette, two tones as one bit, all else with PNG predictors.
 * Alpha becomes a soft mask unless every pixel is opaque.
 */
export async function encodeRaw(raw: RawImage, { profiled, bilevel }: EncodeOptions = {}): Promise<PdfImage> {
  const image = await encodeColor(raw, profiled ?? deviceSpace(raw.model), bilevel);
  const softMask = raw.alpha && !isOpaque(raw.alpha) ? await encodeMask(raw, raw.alpha) : undefined;
  return softMask ? { ...image, softMask } : image;
}

async function encodeColor(raw: RawImage, colorSpace: ColorSpace, bilevel?: BilevelCoding): Promise<PdfImage> {
  const { samples, model } = raw;
  if (samples instanceof Uint16Array || (model !== 'rgb' && model !== 'gray')) return encodeRows(raw, colorSpace);
  const found = findPalette(samples, model === 'rgb' ? 3 : 1);
  if (!found) return encodeRows(raw, colorSpace);
  const isDevice = colorSpace.kind === 'DeviceRGB' || colorSpace.kind === 'DeviceGray';
  return isDevice && isBlackAndWhite(found.palette)
    ? encodeTones(raw, found, bilevel)
    : encodeFew(raw, found, colorSpace);
}

/** Encodes an image of few colours. Grays of RGB need one channel only if their colour space has a gray one. */
async function encodeFew(raw: RawImage, found: FoundPalette, colorSpace: ColorSpace): Promise<PdfImage> {
  const { palette, indices, isGray } = found;
  if (raw.model === 'gray') return encodeRows(raw, colorSpace);
  if (colorSpace.kind !== 'DeviceRGB' || !isGray)
    return encodeIndexed(raw, indices, { kind: 'Indexed', base: colorSpace, palette });
  const samples = indices.map((index) => palette[3 * index] ?? 0);
  return encodeRows({ ...raw, model: 'gray', samples }, deviceSpace('gray'));
}

/**
 * Encodes the samples with the PNG filter for each row that libpng finds best. libpng takes CMYK for RGB with alpha. Rows
 * that are too long for libvips get no filter.
 */
async function encodeRows(raw: RawImage, colorSpace: ColorSpace, adaptiveFiltering = true): Promise<PdfImage> {
  const { width, height, model, samples } = raw;
  const channels = MODEL_CHANNELS[model];
  const deep = samples instanceof Uint16Array;
  if (width > MAX_ROW_PIXELS)
    return flateImage({ width, height, bits: deep ? 16 : 8, rows: deep ? bigEndian(samples) : samples, colorSpace });
  const space = channels === 1 ? (deep ? 'grey16' : 'b-w') : deep ? 'rgb16' : 'srgb';
  const png = await sharp(samples, { raw: { width, height, channels } })
    .toColourspace(space)
    .png({ compressionLevel: adaptiveFiltering ? DEFLATE_LEVEL : INDEX_LEVEL, adaptiveFiltering, palette: false })
    .toBuffer();
  return flateFromPng(parsePng(png), colorSpace);
}

function bigEndian(samples: Uint16Array): Uint8Array {
  return Buffer.copyBytesFrom(samples).swap16();
}

/** Encodes indices into a palette in as few bits as it needs. Neighbouring indices have no relation, so no filter helps. */
async function encodeIndexed(
  { width, height }: RawImage,
  indices: Uint8Array,
  colorSpace: ColorSpace & { readonly kind: 'Indexed' },
): Promise<PdfImage> {
  const colors = colorSpace.palette.length / 3;
  if (colors > 16) return encodeRows({ width, height, model: 'gray', samples: indices }, colorSpace, false);
  const bits = colors <= 2 ? 1 : colors <= 4 ? 2 : 4;
  return flateImage({ width, height, bits, rows: packSamples(indices, width, bits), colorSpace });
}

interface Rows {
  readonly width: number;
  readonly height: number;
  readonly bits: number;
  readonly rows: Uint8Array;
  readonly colorSpace: ColorSpace;
}

/** Deflates packed rows without a predictor. Smaller blocks suit such rows better than those of the default. */
export async function flateImage({ width, height, bits, rows, colorSpace }: Rows): Promise<PdfImage> {
  const data = [await deflateAsync(rows, { level: 9, memLevel: 7 })];
  return { width, height, bitsPerComponent: bits, colorSpace, filter: 'FlateDecode', data };
}

interface BilevelOptions {
  readonly colorSpace?: ColorSpace;
  readonly bilevel?: BilevelCoding | undefined;
}

/**
 * Encodes an image of one bit per pixel as JBIG2 or CCITT Group 4, or with Flate if it is tiny or its sides are too long
 * for these. CCITT expands halftones, which then become Flate too.
 */
export async function encodeBilevel(image: BilevelImage, options: BilevelOptions = {}): Promise<PdfImage> {
  const { width, height, data } = image;
  const { colorSpace = deviceSpace('gray'), bilevel = 'jbig2' } = options;
  const facts = { width, height, bitsPerComponent: 1, colorSpace } as const;
  const isCodable = data.length >= TINY_BYTES && Math.max(width, height) <= MAX_BILEVEL_SIDE;
  if (isCodable && bilevel === 'jbig2') return { ...facts, filter: 'JBIG2Decode', data: [encodeJbig2(image)] };
  const rows = data.map((byte) => ~byte & 0xff);
  const flate = await flateImage({ width, height, bits: 1, rows, colorSpace });
  if (!isCodable) return flate;
  const ccitt = encodeCcittG4(image);
  return ccitt.length > byteCount(flate)
    ? flate
    : { ...facts, filter: 'CCITTFaxDecode', ccitt: { k: -1 }, data: [ccitt] };
}

function byteCount({ data }: PdfImage): number {
  return data.reduce((sum, { length }) => sum + length, 0);
}

function isBlackAndWhite(palette: Uint8Array): boolean {
  return (
    palette.length <= 6 &&
    palette.every((value, at) => (value === 0 || value === 255) && value === palette[at - (at % 3)])
  );
}

async function encodeTones(
  { width, height }: RawImage,
  { palette, indices }: FoundPalette,
  bilevel?: BilevelCoding,
): Promise<PdfImage> {
  const black = indices.map((index) => (palette[3 * index] === 0 ? 1 : 0));
  return encodeBilevel({ width, height, data: packSamples(black, width, 1) }, { bilevel });
}

/** The alpha channel as a soft mask (ISO 32000-2, 11.6.5.2). */
async function encodeMask({ width, height }: RawImage, alpha: Uint8Array | Uint16Array): Promise<PdfImage> {
  return encodeRows({ width, height, model: 'gray', samples: alpha }, deviceSpace('gray'));
}

export function isOpaque(alpha: Uint8Array | Uint16Array): boolean {
  const bytes = Buffer.from(alpha.buffer, alpha.byteOffset, alpha.byteLength);
  const opaque = Buffer.alloc(Math.min(bytes.length, 65_536), 0xff);
  for (let start = 0; start < bytes.length; start += opaque.length) {
    const end = Math.min(start + opaque.length, bytes.length);
    if (bytes.compare(opaque, 0, end - start, start, end) !== 0) return false;
  }
  return true;
}
