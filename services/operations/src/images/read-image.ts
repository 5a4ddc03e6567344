import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { InputError, nameFile } from '../input-error.js';
import type { InputFile } from '../operation.js';
import type { NumberedFile } from '../input-error.js';
import { usableProfile } from './icc.js';
import { parseJpeg } from './jpeg.js';
import type { Jpeg } from './jpeg.js';
import type { Encoded } from './decode.js';
import { MAX_AVIF_PIXELS, MAX_PIXELS, MAX_WHOLE_PIXELS, checkPixels } from './limits.js';
import { colorSpaceFor } from './pdf-image.js';
import type { ColorSpace, ImageFrame } from './pdf-image.js';
import { peekSize } from './peek.js';
import { flateFromPng } from './png-image.js';
import { PNG_COLOR, parsePng, verifyRows } from './png.js';
import type { Png } from './png.js';
import { TiffPages } from './tiff.js';

/** More than the headers of these formats take. */
const HEAD_BYTES = 1024;

/**
 * The pictures of one file, without loss: JPEG and most PNG data as they are, all else decoded. Throws `AppError`s that
 * name the file: `corrupt_image`, `too_many_pixels`, `too_many_pages`, `unsupported_format`.
 */
export async function* readFrames(numbered: NumberedFile, signal: AbortSignal): AsyncGenerator<ImageFrame> {
  try {
    yield* framesOf(numbered, signal);
  } catch (thrown) {
    throw nameFile(thrown, numbered);
  }
}

async function* framesOf({ file }: NumberedFile, signal: AbortSignal): AsyncGenerator<ImageFrame> {
  switch (file.format) {
    case 'jpeg':
      yield* readJpeg(readFileSync(file.path), signal);
      break;
    case 'png':
      yield* readPng(readFileSync(file.path), signal);
      break;
    case 'webp':
    case 'gif':
      checkCanvas(file, MAX_WHOLE_PIXELS);
      yield* decode({ input: file.path, frames: true, maxPixels: MAX_WHOLE_PIXELS }, signal);
      break;
    case 'tiff':
      yield* readTiff(file.path, signal);
      break;
    case 'avif':
      checkCanvas(file, MAX_AVIF_PIXELS);
      yield* decode({ input: file.path, frames: false, maxPixels: MAX_AVIF_PIXELS }, signal);
      break;
    case 'pdf':
      throw new InputError('unsupported_format', 'is a PDF, not an image');
  }
}

/** libvips lays the whole canvas of an animation out before it says how large that is, if it has the memory for it. */
function checkCanvas({ path, format }: InputFile, limit: number): void {
  const head = Buffer.alloc(HEAD_BYTES);
  const file = openSync(path, 'r');
  try {
    const size = peekSize(format, head.subarray(0, readSync(file, head)));
    if (size) checkPixels(...size, limit);
  } finally {
    closeSync(file);
  }
}

/** sharp is loaded only when something needs decoding: a JPEG does not wait for it. */
async function* decode(encoded: Encoded, signal: AbortSignal): AsyncGenerator<ImageFrame> {
  const { decodeFrames } = await import('./decode.js');
  yield* decodeFrames(encoded, signal);
}

/** A TIFF of one page stays in its file; one whose directories cannot be followed is left to the decoder. */
async function* readTiff(path: string, signal: AbortSignal): AsyncGenerator<ImageFrame> {
  const bytes = readFileSync(path);
  const tiff = TiffPages.read(bytes);
  const several = tiff && tiff.count > 1;
  yield* decode(
    { input: several ? bytes : path, frames: true, maxPixels: MAX_PIXELS, ...(several && { tiff }) },
    signal,
  );
}

async function* readJpeg(bytes: Buffer, signal: AbortSignal): AsyncGenerator<ImageFrame> {
  const jpeg = parseJpeg(bytes);
  checkPixels(jpeg.width, jpeg.height);
  const components = toComponents(jpeg.components);
  if (!jpeg.dctDecode || jpeg.bitsPerComponent !== 8 || components === undefined) {
    yield* decode({ input: bytes, frames: false, maxPixels: MAX_WHOLE_PIXELS }, signal);
    return;
  }
  const inverted = components === 4 && jpeg.adobeTransform !== undefined;
  yield {
    image: {
      width: jpeg.width,
      height: jpeg.height,
      bitsPerComponent: 8,
      colorSpace: colorSpaceFor(components, usableProfile(jpeg.icc, components)),
      filter: 'DCTDecode',
      ...(inverted && { decode: [1, 0, 1, 0, 1, 0, 1, 0] }),
      ...(holdsUnmarkedRgb(jpeg) && { colorTransform: 0 }),
      data: jpeg.parts,
    },
    orientation: jpeg.exif?.orientation ?? 1,
    frameCount: 1,
    dpi: jpeg.dpi,
  };
}

function toComponents(count: number): 1 | 3 | 4 | undefined {
  return count === 1 || count === 3 || count === 4 ? count : undefined;
}

/** Decoders take three components for YCbCr unless Adobe's marker says RGB; some encoders only name them R, G and B. */
function holdsUnmarkedRgb(jpeg: Jpeg): boolean {
  if (jpeg.adobeTransform !== undefined || jpeg.jfif) return false;
  return String.fromCharCode(...jpeg.componentIds) === 'RGB';
}

async function* readPng(bytes: Buffer, signal: AbortSignal): AsyncGenerator<ImageFrame> {
  const png = parsePng(bytes);
  const orientation = png.exif?.orientation ?? 1;
  const dpi = png.dpi ?? png.exif?.dpi;
  const colorSpace = passThroughSpace(png);
  if (colorSpace) {
    await verifyRows(png);
    yield { image: flateFromPng(png, colorSpace), orientation, frameCount: 1, dpi };
    return;
  }
  const maxPixels = png.interlaced ? MAX_WHOLE_PIXELS : MAX_PIXELS;
  for await (const { image } of decode({ input: bytes, frames: false, maxPixels }, signal))
    yield { image, orientation, frameCount: 1, dpi };
}

/** The colour space under which the rows can be carried over; undefined where alpha or interlacing forbids it. */
function passThroughSpace(png: Png): ColorSpace | undefined {
  if (png.interlaced || png.transparency) return undefined;
  switch (png.colorType) {
    case PNG_COLOR.gray:
      return colorSpaceFor(1, usableProfile(png.icc, 1));
    case PNG_COLOR.rgb:
      return colorSpaceFor(3, usableProfile(png.icc, 3));
    case PNG_COLOR.palette:
      return (
        png.palette && { kind: 'Indexed', base: colorSpaceFor(3, usableProfile(png.icc, 3)), palette: png.palette }
      );
    default:
      return undefined;
  }
}
