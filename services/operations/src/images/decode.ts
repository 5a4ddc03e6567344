import { promisify } from 'node:util';
import { deflate } from 'node:zlib';
import type { Metadata, Sharp } from 'sharp';
import { InputError, isInputError } from '../input-error.js';
import { packBits } from './bits.js';
import { sharp } from './codec.js';
import { toOrientation } from './exif.js';
import { usableProfile } from './icc.js';
import { MAX_FILE_PIXELS, MAX_FRAMES, checkPixels } from './limits.js';
import { colorSpaceFor } from './pdf-image.js';
import type { ImageFrame, PdfImage } from './pdf-image.js';
import { flateFromPng } from './png-image.js';
import { parsePng } from './png.js';
import { sensibleDpi } from './resolution.js';
import type { TiffPages } from './tiff.js';

const deflateAsync = promisify(deflate);

/** Bytes of a sample, by libvips's name of its format; those left out have one. */
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

/** What to decode: bytes, or the path of a file, and whether each of its frames is an image of its own. */
export interface Encoded {
  readonly input: Buffer | string;
  readonly frames: boolean;
  /** Of a TIFF that is in memory. */
  readonly tiff?: TiffPages | undefined;
  /** Most pixels of one frame. */
  readonly maxPixels: number;
}

/** One frame, by its number within what sharp is given. */
interface Frame {
  readonly input: Buffer | string;
  readonly page: number;
  readonly maxPixels: number;
}

/**
 * Decodes any picture that sharp knows into lossless Flate images, one frame at a time. Alpha becomes a soft mask; an
 * ICC profile of the right kind is carried over, other colours are converted to sRGB. Throws a `InputError`:
 * `corrupt_image`, `too_many_pixels`, `too_many_pages`.
 */
export async function* decodeFrames(encoded: Encoded, signal: AbortSignal): AsyncGenerator<ImageFrame> {
  const first = await readMetadata(frameOf(encoded, 0));
  const count = encoded.frames ? (encoded.tiff?.count ?? first.pages ?? 1) : 1;
  if (count > MAX_FRAMES)
    throw new InputError('too_many_pages', `has ${count} frames, more than the limit of ${MAX_FRAMES}`);
  let pixels = 0;
  for (let page = 0; page < count; page += 1) {
    signal.throwIfAborted();
    const frame = frameOf(encoded, page);
    const metadata = page === 0 ? first : await readMetadata(frame);
    pixels += metadata.width * metadata.height;
    if (pixels > MAX_FILE_PIXELS) {
      throw new InputError(
        'too_many_pixels',
        `has frames of more than ${MAX_FILE_PIXELS / 1_000_000} megapixels together`,
      );
    }
    const decoded = await asCorrupt(() => decodeFrame(frame, metadata));
    yield { ...decoded, frameCount: count };
  }
}

function frameOf({ input, tiff, maxPixels }: Encoded, page: number): Frame {
  return tiff ? { input: tiff.only(page), page: 0, maxPixels } : { input, page, maxPixels };
}

async function readMetadata({ input, page, maxPixels }: Frame): Promise<Metadata> {
  const options = { page, limitInputPixels: false } as const;
  const metadata = await asCorrupt(() => sharp(input, options).metadata());
  checkPixels(metadata.width, metadata.height, maxPixels, SAMPLE_BYTES[metadata.depth] ?? 1);
  return metadata;
}

/** One frame, with the colours of its own profile where PDF can say so. */
async function decodeFrame(
  { input, page, maxPixels }: Frame,
  metadata: Metadata,
): Promise<Omit<ImageFrame, 'frameCount'>> {
  const gray = metadata.space === 'b-w' || metadata.space === 'grey16';
  const plain = gray || metadata.space === 'srgb' || metadata.space === 'rgb16' || metadata.space === 'rgb';
  const profile = plain ? usableProfile(metadata.icc, gray ? 1 : 3) : undefined;
  const open = (): Sharp =>
    sharp(input, {
      page,
      limitInputPixels: maxPixels,
      failOn: 'error',
      sequentialRead: true,
      ignoreIcc: profile !== undefined,
    });
  const color =
    gray && metadata.bitsPerSample === 1 ? await bilevel(open()) : await lossless(open(), metadata, gray, profile);
  const softMask = metadata.hasAlpha ? await readAlpha(open()) : undefined;
  return {
    image: { ...color, ...(softMask && { softMask }) },
    orientation: toOrientation(metadata.orientation),
    dpi: metadata.density === undefined ? undefined : sensibleDpi(metadata.density, metadata.density),
  };
}

/** Colour without alpha, by way of a PNG: libvips filters and deflates the rows as PDF's predictors want them. */
async function lossless(
  pipeline: Sharp,
  metadata: Metadata,
  gray: boolean,
  profile: Uint8Array | undefined,
): Promise<PdfImage> {
  const deep = metadata.depth === 'ushort';
  const space = gray ? (deep ? 'grey16' : 'b-w') : deep ? 'rgb16' : 'srgb';
  const png = await pipeline
    .removeAlpha()
    .toColourspace(space)
    .png({ compressionLevel: 9, adaptiveFiltering: true, palette: false })
    .toBuffer();
  return flateFromPng(parsePng(png), colorSpaceFor(gray ? 1 : 3, profile));
}

/** A picture of two tones at one bit a pixel. */
async function bilevel(pipeline: Sharp): Promise<PdfImage> {
  const { data, info } = await pipeline.removeAlpha().toColourspace('b-w').raw().toBuffer({ resolveWithObject: true });
  return {
    width: info.width,
    height: info.height,
    bitsPerComponent: 1,
    colorSpace: { kind: 'DeviceGray' },
    filter: 'FlateDecode',
    data: [await deflateAsync(packBits(data, info.width, info.height), { level: 9 })],
  };
}

/** The alpha channel at 8 bits as a soft mask (ISO 32000-2, 11.6.5.2); undefined where every pixel is opaque. */
async function readAlpha(pipeline: Sharp): Promise<PdfImage | undefined> {
  const { data, info } = await pipeline
    .extractChannel('alpha')
    .toColourspace('b-w')
    .raw()
    .toBuffer({ resolveWithObject: true });
  if (isOpaque(data)) return undefined;
  const png = await sharp(data, { raw: { width: info.width, height: info.height, channels: 1 } })
    .toColourspace('b-w')
    .png({ compressionLevel: 9, adaptiveFiltering: true, palette: false })
    .toBuffer();
  return flateFromPng(parsePng(png), { kind: 'DeviceGray' });
}

function isOpaque(alpha: Buffer): boolean {
  const opaque = Buffer.alloc(Math.min(alpha.length, 65_536), 0xff);
  for (let start = 0; start < alpha.length; start += opaque.length) {
    const end = Math.min(start + opaque.length, alpha.length);
    if (alpha.compare(opaque, 0, end - start, start, end) !== 0) return false;
  }
  return true;
}

/** libvips says in its own words what is wrong; clients get ours, the log gets both. */
async function asCorrupt<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    if (isInputError(thrown)) throw thrown;
    throw new InputError('corrupt_image', 'has image data that cannot be decoded', thrown);
  }
}
