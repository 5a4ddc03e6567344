import { divideByAlpha } from '../associated-alpha.js';
import { encodeRaw } from '../encode.js';
import type { BilevelCoding } from '../encode.js';
import { corruptImage, unsupportedImage } from '../errors.js';
import { usableProfile } from '../icc.js';
import { MAX_JP2_PIXELS, MAX_PIXELS, checkPixels } from '../limits.js';
import { colorSpaceFor } from '../pdf-image.js';
import type { ColorSpace, PdfImage, ReadImage } from '../pdf-image.js';
import { takeChannels } from '../raw-image.js';
import { sensibleDpi } from '../resolution.js';
import type { Dpi } from '../resolution.js';
import { alphaIn } from './alpha.js';
import type { Alpha } from './alpha.js';
import { findBox, readBoxes } from './boxes.js';
import type { Box } from './boxes.js';
import { readCodestream } from './codestream.js';
import type { Codestream } from './codestream.js';
import { decodeToRgba } from './openjpeg.js';
import { wrapCodestream } from './wrap-codestream.js';

const CODESTREAM_START = 0xff4f;
/** Enumerated colour spaces (ISO/IEC 15444-1, table I.10). */
const [SRGB, GRAY, SYCC, CMYK] = [16, 17, 18, 12];
const ENUMERATED_CHANNELS = new Map([
  [GRAY, 1],
  [SRGB, 3],
  [CMYK, 4],
]);
const [ENUMERATED, RESTRICTED_PROFILE] = [1, 2];
const BYTE_BITS = 8;
/** Up to four colours, and alpha. */
const MAX_COMPONENTS = 5;

/**
 * Returns the image of a JPEG 2000 file: its data, which JPXDecode decodes (ISO 32000-2, 7.4.9), or decoded samples of what
 * viewers show in different ways.
 */
export async function readJp2(file: Buffer, bilevel?: BilevelCoding): Promise<ReadImage> {
  const isBare = file.readUInt16BE(0) === CODESTREAM_START;
  const boxes = isBare ? [] : readBoxes(file);
  const codestream = readCodestream(isBare ? file : contiguous(boxes));
  checkPixels(codestream.width, codestream.height, MAX_PIXELS);
  const header = findBox(boxes, 'jp2h');
  const headers = header ? readBoxes(header) : [];
  const color = isBare ? deviceColor(codestream.components) : declaredColor(headers, codestream);
  const stored = isBare ? Buffer.concat(wrapCodestream(file, codestream)) : file;
  const facts = { orientation: 1, dpi: resolutionOf(headers) } as const;
  if (mustDecode(color, codestream)) return { image: await decode(stored, codestream, color, bilevel), ...facts };
  return { image: keep(stored, codestream, color), ...facts };
}

/**
 * poppler shows YCC without conversion, samples of fewer than 8 bits too dark, and no alpha. Alpha of deep samples stays in
 * the data, because the decoder here has 8 bits.
 */
function mustDecode(color: Color, { width, height, bits, subsampled }: Codestream): boolean {
  const { isYcc, alpha, channels } = color;
  if (subsampled && !isYcc) throw unsupportedImage('JPEG 2000', 'components of different sizes');
  if (isYcc || isAlphaMoved(color) || bits < BYTE_BITS) {
    // The decoder takes the fourth channel for alpha.
    if (channels === 4) throw unsupportedImage('JPEG 2000', 'CMYK colours of fewer than 8 bits or in YCC');
    if (bits <= BYTE_BITS) return true;
    throw unsupportedImage(
      'JPEG 2000',
      `${isYcc ? 'YCC colours' : 'premultiplied or reordered alpha'} of ${bits} bits per sample`,
    );
  }
  return alpha !== undefined && bits === BYTE_BITS && width * height <= MAX_JP2_PIXELS;
}

/** Whether alpha is not the last component as it is in the data. */
function isAlphaMoved({ alpha, mapped }: Color): boolean {
  return alpha !== undefined && (mapped || alpha !== 'last');
}

function keep(file: Buffer, { width, height, bits }: Codestream, { alpha, colorSpace }: Color): PdfImage {
  return {
    width,
    height,
    bitsPerComponent: bits,
    colorSpace,
    filter: 'JPXDecode',
    ...(alpha && { softMaskInData: 1 }),
    data: [file],
  };
}

async function decode(
  file: Buffer,
  { width, height }: Codestream,
  { alpha: kind, channels, colorSpace }: Color,
  bilevel: BilevelCoding | undefined,
): Promise<PdfImage> {
  const rgba = await decodeToRgba(file, { width, height });
  const alpha = kind && takeChannels(rgba, 4, { first: 3, count: 1 });
  const model = channels === 1 ? 'gray' : 'rgb';
  const samples = takeChannels(rgba, 4, { first: 0, count: channels === 1 ? 1 : 3 });
  if (alpha && kind === 'premultiplied') divideByAlpha(samples, alpha, channels === 1 ? 1 : 3);
  return encodeRaw({ width, height, model, samples, alpha }, { profiled: colorSpace, bilevel });
}

function contiguous(boxes: readonly Box[]): Buffer {
  const codestream = findBox(boxes, 'jp2c');
  if (!codestream) throw corruptImage('has no image in its JPEG 2000 data');
  return codestream;
}

interface Color {
  /** Undefined if the data declare it. */
  readonly colorSpace: ColorSpace | undefined;
  /** Colour channels without alpha. */
  readonly channels: 1 | 3 | 4;
  readonly isYcc: boolean;
  /** Whether a palette makes the colours. */
  readonly mapped: boolean;
  /** Where alpha is, and whether the colours are multiplied by it. */
  readonly alpha: Alpha | undefined;
}

function deviceColor(components: number): Color {
  const channels = checkChannels(components);
  return {
    colorSpace: colorSpaceFor(channels, undefined),
    channels,
    isYcc: false,
    mapped: false,
    alpha: undefined,
  };
}

/** The colour of the boxes. A palette is left to the viewer. */
function declaredColor(headers: readonly Box[], { components }: Codestream): Color {
  const alpha = alphaIn(findBox(headers, 'cdef'));
  const colr = findBox(headers, 'colr');
  const palette = findBox(headers, 'pclr');
  if (palette) return paletteColor(palette, components, alpha);
  const channels = checkChannels(components - (alpha ? 1 : 0));
  if (alpha && channels === 4) throw unsupportedImage('JPEG 2000', 'CMYK colours and alpha');
  const isEnumerated = colr?.[0] === ENUMERATED && colr.length >= 7;
  const space = isEnumerated ? colr.readUInt32BE(3) : undefined;
  const common = { channels, mapped: false, alpha, isYcc: space === SYCC } as const;
  if (space !== undefined) return { ...common, colorSpace: enumeratedSpace(space, channels) };
  const profile = colr?.[0] === RESTRICTED_PROFILE ? colr.subarray(3) : undefined;
  return { ...common, colorSpace: colr && colorSpaceFor(channels, usableProfile(profile, channels)) };
}

/** The colour of the body of a palette box (ISO/IEC 15444-1, I.5.3.4). Its columns are colours and alpha. */
function paletteColor(palette: Buffer, components: number, alpha: Alpha | undefined): Color {
  if (components > MAX_COMPONENTS) throw unsupportedImage('JPEG 2000', `${components} components`);
  const colors = palette.readUInt8(2) - (alpha ? 1 : 0);
  if (alpha && colors > 3) throw unsupportedImage('JPEG 2000', 'CMYK colours and alpha');
  return { colorSpace: undefined, channels: colors > 3 ? 4 : 3, isYcc: false, mapped: true, alpha };
}

function checkChannels(channels: number): 1 | 3 | 4 {
  if (channels === 1 || channels === 3 || channels === 4) return channels;
  throw unsupportedImage('JPEG 2000', `${channels} colour channels`);
}

/** The device space of an enumerated colour space. YCC is converted to RGB. */
function enumeratedSpace(space: number, channels: 1 | 3 | 4): ColorSpace {
  if (space !== SYCC && ENUMERATED_CHANNELS.get(space) !== channels)
    throw unsupportedImage('JPEG 2000', `the colour space ${space}`);
  return colorSpaceFor(channels, undefined);
}

/** The capture or display resolution in points per metre (ISO/IEC 15444-1, I.5.3.7). */
function resolutionOf(headers: readonly Box[]): Dpi | undefined {
  const res = findBox(headers, 'res ');
  const boxes = res ? readBoxes(res) : [];
  const body = findBox(boxes, 'resd') ?? findBox(boxes, 'resc');
  if (!body || body.length < 10) return undefined;
  const perInch = (at: number, exponent: number): number =>
    (body.readUInt16BE(at) / body.readUInt16BE(at + 2)) * 10 ** body.readInt8(exponent) * 0.0254;
  return sensibleDpi(perInch(4, 9), perInch(0, 8));
}
