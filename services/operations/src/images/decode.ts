import type { Metadata, Sharp } from 'sharp';
import { InputError, isInputError } from '../input-error.js';
import { invertBytes } from './bits.js';
import { sharp } from './codec.js';
import { DEFLATE_LEVEL, encodeRaw, isOpaque } from './encode.js';
import type { BilevelCoding } from './encode.js';
import { corruptImage } from './errors.js';
import { parseExif, toOrientation } from './exif.js';
import { usableProfile } from './icc.js';
import { MAX_FRAMES, checkPixels, checkRowPixels } from './limits.js';
import { colorSpaceFor } from './pdf-image.js';
import type { ColorSpace, ImageFrame, PdfImage, ReadImage } from './pdf-image.js';
import { PixelBudget } from './pixel-budget.js';
import { parsePng } from './png/parse-png.js';
import { flateFromPng } from './png/png-image.js';
import { takeChannels } from './raw-image.js';
import { sensibleDpi } from './resolution.js';
import type { Dpi } from './resolution.js';

/** Bytes of a sample, by libvips's name of its format. Others have one. */
const SAMPLE_BYTES: Readonly<Record<string, number>> = {
  ushort: 2,
  short: 2,
  uint: 4,
  int: 4,
  float: 4,
  complex: 8,
  double: 8,
  dpcomplex: 16,
};

const EXIF_PREFIX = 'Exif\0\0';
/** Maximum pixels of frames that are decoded in one pass. They take 4 bytes each. */
const BATCH_PIXELS = 16_000_000;

/** The bytes of an image or the path of its file. */
interface Encoded {
  readonly input: Buffer | string;
  /** Maximum pixels of one image. */
  readonly maxPixels: number;
  /** Whether to look for few colours, which formats with a palette have. */
  readonly mayHavePalette?: boolean;
  /** Returns the colour space of gray or RGB samples, if the decoder does not know it. */
  readonly declared?: (components: 1 | 3) => ColorSpace;
  readonly bilevel?: BilevelCoding | undefined;
  /** Level of Deflate, if it is not the usual one. */
  readonly level?: number;
}

interface Frame extends Encoded {
  readonly page: number | undefined;
  /** How many frames to read from that one on. */
  readonly pages?: number;
}

/**
 * Decodes all frames of an animation to lossless images. Alpha becomes a soft mask. An ICC profile for the
 * right number of channels is carried over, other colours are converted to sRGB. Throws an `InputError`: `corrupt_image`,
 * `too_many_pixels`, `too_many_pages`.
 */
export async function* decodeFrames(encoded: Encoded, signal: AbortSignal): AsyncGenerator<ImageFrame> {
  const first = await readMetadata({ ...encoded, page: 0 });
  const count = first.pages ?? 1;
  if (count > MAX_FRAMES)
    throw new InputError('too_many_pages', `has ${count} frames, more than the limit of ${MAX_FRAMES}`);
  const budget = new PixelBudget();
  const batch = Math.max(1, Math.floor(BATCH_PIXELS / (first.width * first.height)));
  for (let page = 0; page < count; page += batch) {
    signal.throwIfAborted();
    const pages = Math.min(batch, count - page);
    for (let frame = 0; frame < pages; frame += 1) budget.spend(first.width, first.height);
    const decoded =
      pages > 1 ? decodeBatch({ ...encoded, page, pages }, first) : [await decodeOne(encoded, page, first)];
    for await (const frame of decoded) yield { ...frame, frameCount: count };
  }
}

/** Decodes one frame of several, all of which have the size of the first. */
async function decodeOne(encoded: Encoded, page: number, first: Metadata): Promise<ReadImage> {
  const frame = { ...encoded, page };
  const metadata = page === 0 ? first : await readMetadata(frame);
  return asCorrupt(() => decodeFrame(frame, metadata));
}

/** Decodes several frames in one pass, because libvips begins each pass with the first frame of the file. */
async function* decodeBatch(frame: Frame, first: Metadata): AsyncGenerator<ReadImage> {
  const colors = colorsOf(frame, first);
  const { data, info } = await asCorrupt(() =>
    openImage(frame, BATCH_PIXELS, colors.hasProfile)
      .toColourspace(colors.gray ? 'b-w' : 'srgb')
      .raw()
      .toBuffer({ resolveWithObject: true }),
  );
  const { width, channels } = info;
  const height = info.height / (frame.pages ?? 1);
  const bytes = width * height * channels;
  const count = colors.gray ? 1 : 3;
  for (let start = 0; start < data.length; start += bytes) {
    const samples = data.subarray(start, start + bytes);
    const alpha = channels > count ? takeChannels(samples, channels, { first: count, count: 1 }) : undefined;
    const color = alpha ? takeChannels(samples, channels, { first: 0, count }) : samples;
    const raw = { width, height, model: colors.gray ? 'gray' : 'rgb', samples: color, alpha } as const;
    const image = await encodeRaw(raw, { profiled: colors.colorSpace, bilevel: frame.bilevel });
    yield { image, orientation: toOrientation(first.orientation), dpi: dpiOf(first) };
  }
}

/** Decodes the primary image of a file. Throws as `decodeFrames`. */
export async function decodeImage(encoded: Encoded): Promise<ReadImage> {
  const frame = { ...encoded, page: undefined };
  const metadata = await readMetadata(frame);
  return asCorrupt(() => decodeFrame(frame, metadata));
}

/** Decodes only the alpha channel of an image, as a soft mask. Undefined if every pixel is opaque. Throws as `decodeFrames`. */
export async function decodeAlpha(encoded: Encoded): Promise<PdfImage | undefined> {
  const frame = { ...encoded, page: undefined };
  const metadata = await readMetadata(frame);
  if (!metadata.hasAlpha) return undefined;
  return asCorrupt(() => readAlpha(openImage(frame, frame.maxPixels), colorsOf(frame, metadata)));
}

/** Decodes gray, RGB or CMYK samples of 8 bits of a JPEG. Throws `corrupt_image` for any damage, and if the size is another one. */
export async function decodeSamples(
  input: Buffer,
  channels: number,
  { width, height }: { readonly width: number; readonly height: number },
): Promise<Buffer> {
  return asCorrupt(async () => {
    const pipeline = sharp(input, { failOn: 'warning', limitInputPixels: width * height });
    // Without this, libvips converts CMYK to RGB first.
    if (channels === 4) pipeline.pipelineColourspace('cmyk');
    const { data, info } = await pipeline
      .toColourspace(channels === 1 ? 'b-w' : channels === 4 ? 'cmyk' : 'srgb')
      .raw()
      .toBuffer({ resolveWithObject: true });
    if (info.width !== width || info.height !== height || info.channels !== channels)
      throw corruptImage('has image data of another size or depth than its header says');
    // libvips takes CMYK of a JPEG to be inverted.
    if (channels === 4) invertBytes(data);
    return data;
  });
}

function openImage({ input, page, pages }: Frame, maxPixels: number | false, ignoreIcc = false): Sharp {
  const options = page === undefined ? {} : { page, ...(pages !== undefined && { pages }) };
  return sharp(input, { ...options, limitInputPixels: maxPixels, failOn: 'error', sequentialRead: true, ignoreIcc });
}

async function readMetadata(frame: Frame): Promise<Metadata> {
  const metadata = await asCorrupt(() => openImage(frame, false).metadata());
  checkPixels(metadata.width, metadata.height, frame.maxPixels, SAMPLE_BYTES[metadata.depth] ?? 1);
  checkRowPixels(metadata.width);
  return metadata;
}

async function decodeFrame(frame: Frame, metadata: Metadata): Promise<ReadImage> {
  const colors = colorsOf(frame, metadata);
  const open = (): Sharp => openImage(frame, frame.maxPixels, colors.hasProfile);
  const mayBeFew = frame.mayHavePalette === true && !colors.deep;
  const color = await (mayBeFew ? decodeFew(open(), colors) : decodeColors(open(), colors));
  const softMask = metadata.hasAlpha ? await readAlpha(open(), colors) : undefined;
  return {
    image: { ...color, ...(softMask && { softMask }) },
    orientation: toOrientation(metadata.orientation),
    dpi: dpiOf(metadata),
  };
}

/** libvips does not read the resolution in EXIF of WebP and AVIF. */
function dpiOf({ density, exif }: Metadata): Dpi | undefined {
  if (density !== undefined) return sensibleDpi(density, density);
  if (!exif) return undefined;
  const start = exif.toString('latin1', 0, EXIF_PREFIX.length) === EXIF_PREFIX ? EXIF_PREFIX.length : 0;
  return parseExif(exif.subarray(start)).dpi;
}

function colorsOf(frame: Frame, { space, depth, icc }: Metadata): Colors {
  const gray = space === 'b-w' || space === 'grey16';
  const components = gray ? 1 : 3;
  const isPlain = gray || space === 'srgb' || space === 'rgb16' || space === 'rgb';
  const profile = isPlain ? usableProfile(icc, components) : undefined;
  const colorSpace = frame.declared?.(components) ?? colorSpaceFor(components, profile);
  return {
    gray,
    deep: depth === 'ushort',
    colorSpace,
    hasProfile: profile !== undefined,
    bilevel: frame.bilevel,
    level: frame.level ?? DEFLATE_LEVEL,
  };
}

interface Colors {
  readonly gray: boolean;
  readonly deep: boolean;
  readonly colorSpace: ColorSpace;
  /** Whether the file has a profile that is kept, so that colours must not be converted. */
  readonly hasProfile: boolean;
  readonly bilevel: BilevelCoding | undefined;
  readonly level: number;
}

/** Colour without alpha as PNG rows. libvips filters and deflates them without holding the image as a whole. */
async function decodeColors(pipeline: Sharp, { gray, deep, colorSpace, level }: Colors): Promise<PdfImage> {
  const space = gray ? (deep ? 'grey16' : 'b-w') : deep ? 'rgb16' : 'srgb';
  const png = await pipeline
    .removeAlpha()
    .toColourspace(space)
    .png({ compressionLevel: level, adaptiveFiltering: true, palette: false })
    .toBuffer();
  return flateFromPng(parsePng(png), colorSpace);
}

/** Colour without alpha of an image that may have few colours. */
async function decodeFew(pipeline: Sharp, { gray, colorSpace, bilevel }: Colors): Promise<PdfImage> {
  const { data, info } = await pipeline
    .removeAlpha()
    .toColourspace(gray ? 'b-w' : 'srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { width, height } = info;
  return encodeRaw({ width, height, model: gray ? 'gray' : 'rgb', samples: data }, { profiled: colorSpace, bilevel });
}

/** The alpha channel as a soft mask (ISO 32000-2, 11.6.5.2). Undefined if every pixel is opaque. */
async function readAlpha(pipeline: Sharp, { deep, bilevel }: Colors): Promise<PdfImage | undefined> {
  const { data, info } = await pipeline
    .extractChannel('alpha')
    .toColourspace(deep ? 'grey16' : 'b-w')
    .raw({ depth: deep ? 'ushort' : 'uchar' })
    .toBuffer({ resolveWithObject: true });
  if (isOpaque(data)) return undefined;
  const samples = deep ? new Uint16Array(data.buffer, data.byteOffset, data.length / 2) : data;
  return encodeRaw({ width: info.width, height: info.height, model: 'gray', samples }, { bilevel });
}

/** Replaces an error of libvips by one for the client. The log gets both. */
async function asCorrupt<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    if (isInputError(thrown)) throw thrown;
    throw corruptImage('has image data that cannot be decoded', thrown);
  }
}
