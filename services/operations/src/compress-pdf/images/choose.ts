import { encodeBilevel } from './encode-bilevel.js';
import { encodeFlate, encodePalette, indexedSpace, paletteBytes } from './encode-flate.js';
import { encodeCheckedJpeg, fitsJpeg } from './encode-jpeg.js';
import type { JpegTarget } from './encode-jpeg.js';
import { smallest } from './encoding.js';
import type { Encoding } from './encoding.js';
import { examine, fitsPalette, isSynthetic } from './content.js';
import type { Content } from './content.js';
import type { ImageParams } from './options.js';
import { packValues } from './samples.js';
import type { Samples } from './samples.js';
import { DEVICE_GRAY } from './sample-space.js';
import type { SampleSpace } from './sample-space.js';

/** Samples with the space that gives them a meaning. */
export interface Colored {
  readonly samples: Samples;
  readonly space: SampleSpace;
  /** Whether /Decode leaves samples as they are, so that the colour space may change. */
  readonly hasDefaultDecode: boolean;
  /** Whether `space` differs from that of the image, so that the encoding must name it. */
  readonly isConverted: boolean;
}

/** Samples with what was found in them. */
export interface Examined extends Colored {
  readonly content: Content;
}

/** A JPEG of a drawn image must be far smaller than a lossless encoding. */
const FAR_SMALLER = 0.6;
/** The similarity to the source, by content. */
const PHOTO = { mean: 0.75, low: 0.3 };
const SYNTHETIC = { mean: 0.96, low: 0.75 };
/** Share of equal neighbours from which colour edges are those of text or drawings, not noise. */
const DRAWN_SHARE = 0.1;
/** Masks show every ring of a JPEG as a halo. */
const MASK_QUALITY = 85;

/** JPEG quality for `image_quality`. With progressive scans and the tables used, 65 looks like the usual 75. */
function jpegQuality(imageQuality: number): number {
  const [knee, share] = [80, 0.867];
  if (imageQuality <= knee) return Math.max(1, Math.round(imageQuality * share));
  const rest = (100 - knee * share) / (100 - knee);
  return Math.round(knee * share + (imageQuality - knee) * rest);
}

export interface Context {
  readonly params: ImageParams;
  readonly isMask: boolean;
  /** Whether the image was encoded with loss before. */
  readonly isLossy: boolean;
}

/** Encodes samples with loss that is not visible. Undefined if no encoding is similar enough. */
export async function encodeByContent(colored: Colored, context: Context): Promise<Encoding | undefined> {
  const found = examined(colored);
  const isDrawn = isSynthetic(found.content);
  const canBeJpeg = hasJpegComponents(found);
  const jpeg = canBeJpeg ? await jpegOf(found, context, isDrawn ? SYNTHETIC : PHOTO) : undefined;
  if (canBeJpeg && !isDrawn && !isChoiceOpen(found, context)) return jpeg;
  const lossless = await encodeWithoutLoss(found, context);
  const share = context.isLossy || !isDrawn ? 1 : FAR_SMALLER;
  return jpeg && jpeg.data.length < lossless.data.length * share ? jpeg : lossless;
}

/** Whether a lossless encoding of an image that was not drawn may be smaller than a JPEG. */
function isChoiceOpen({ content, samples }: Examined, { params }: Context): boolean {
  return fitsPalette(content, samples.channels) || params.level === 'max';
}

/** The components of Lab are not alike, and readers differ in how they decode a JPEG of it. */
function hasJpegComponents({ samples, space }: Examined): boolean {
  return fitsJpeg(samples.channels) && space.family !== 'lab';
}

/**
 * Whether samples must stay in their space: that of a palette, that of a /Decode array, Lab and DeviceN. mutool shows samples
 * in Lab in other colours than a palette, and draws DeviceN with the separations of the page.
 */
function isFixedSpace({ space, hasDefaultDecode, isConverted }: Colored): boolean {
  const isPainted = space.family === 'lab' || (space.family === 'tint' && space.components > 1);
  return !hasDefaultDecode || space.family === 'indexed' || (isPainted && !isConverted);
}

/** Encodes samples without loss: as one bit, with a palette, or as they are. */
export async function encodeWithoutLoss(examinedSamples: Examined, { params, isMask }: Context): Promise<Encoding> {
  const { samples, space, content } = examinedSamples;
  const { colors } = content;
  const plain = async (): Promise<Encoding> => named(await encodeFlate(samples), examinedSamples);
  if (!colors || isFixedSpace(examinedSamples)) return plain();
  if (colors.length === 2 && (!isMask || isBlackAndWhite(colors))) {
    const bilevel = await encodeTwoColors(samples, colors, space, params);
    if (bilevel) return bilevel;
  }
  // A soft mask must be DeviceGray (11.6.5.2).
  if (isMask || !fitsPalette(content, samples.channels)) return plain();
  const palette = await encodePalette(samples, colors, space);
  return params.level === 'max' ? (smallest([palette, await plain()]) ?? palette) : palette;
}

/** Encodes an image of two colours with one bit per pixel. */
async function encodeTwoColors(
  { width, height, channels, data }: Samples,
  colors: readonly number[],
  space: SampleSpace,
  { bilevel }: ImageParams,
): Promise<Encoding | undefined> {
  const sorted = [...colors].sort((one, other) => one - other);
  const [low = 0, high = 0] = sorted;
  const values = new Uint8Array(width * height);
  const highBytes = paletteBytes([high], channels);
  const differing = paletteBytes([low], channels).findIndex((byte, channel) => byte !== highBytes[channel]);
  for (let at = 0, from = Math.max(0, differing); at < values.length; at++, from += channels)
    values[at] = data[from] === highBytes[Math.max(0, differing)] ? 1 : 0;
  const encoding = await encodeBilevel({ width, height, packed: packValues(values, width, height, 1) }, bilevel);
  const isPlain = space.isDevice && channels === 1 && isBlackAndWhite(colors);
  const colorSpace = isPlain ? DEVICE_GRAY.entry : indexedSpace(space, paletteBytes(sorted, channels));
  return encoding && { ...encoding, colorSpace };
}

function isBlackAndWhite(colors: readonly number[]): boolean {
  return colors.length === 2 && colors.includes(0) && colors.includes(255);
}

/** Examines samples. Equal components of DeviceRGB become DeviceGray. */
export function examined(colored: Colored): Examined {
  const content = examine(colored.samples);
  const { samples, space, hasDefaultDecode } = colored;
  const isGray = space.family === 'rgb' && space.isDevice && hasDefaultDecode && !content.hasColor;
  if (!isGray) return { ...colored, content };
  const { width, height, data } = samples;
  const values = new Uint8Array(width * height);
  for (let at = 0; at < values.length; at++) values[at] = data[3 * at + 1] ?? 0;
  const gray = { width, height, channels: 1, data: values };
  return { samples: gray, space: DEVICE_GRAY, hasDefaultDecode, isConverted: true, content: examine(gray) };
}

function named(encoding: Encoding, { isConverted, space }: Colored): Encoding {
  return isConverted && encoding.colorSpace === undefined ? { ...encoding, colorSpace: space.entry } : encoding;
}

async function jpegOf(
  found: Examined,
  { params, isMask }: Context,
  wanted: JpegTarget['wanted'],
): Promise<Encoding | undefined> {
  const { samples, space, content } = found;
  const quality = jpegQuality(params.image_quality);
  const isLuma = space.family === 'rgb' || space.family === 'gray';
  const jpeg = await encodeCheckedJpeg(samples, {
    quality: isMask ? Math.max(quality, MASK_QUALITY) : quality,
    keepsChroma: (content.hasColorEdges && content.flat > DRAWN_SHARE) || !isLuma,
    isThorough: params.level === 'max',
    wanted,
  });
  return jpeg && named(jpeg, found);
}
