import { closeSync, openSync, readSync } from 'node:fs';
import { InputError, nameFile } from '../input-error.js';
import type { NumberedFile } from '../input-error.js';
import type { FormatName } from '../formats.js';
import type { InputFile } from '../operation.js';
import { countFrames } from './apng/animation.js';
import type { BilevelCoding } from './encode.js';
import { corruptImage } from './errors.js';
import { MAX_AVIF_PIXELS, MAX_WHOLE_PIXELS, checkPixels } from './limits.js';
import { readInput } from './input-buffer.js';
import { readJpeg } from './jpeg/read-jpeg.js';
import type { ImageFrame, ReadImage } from './pdf-image.js';
import { peekSize } from './peek.js';
import { readPng } from './png/read-png.js';

/** More than the headers of these formats take. */
const HEAD_BYTES = 1024;

/** How to read the images of a file. */
export interface ReadOptions {
  readonly signal: AbortSignal;
  /** JBIG2 by default. */
  readonly bilevel?: BilevelCoding;
}

/**
 * Reads the images of one file without loss: compressed data as they are if PDF can contain them, all else decoded. The
 * data of a frame are valid until the next file is read. Throws `AppError`s that name the file: `corrupt_image`,
 * `too_many_pixels`, `too_many_pages`, `unsupported_format`.
 */
export async function* readFrames(numbered: NumberedFile, options: ReadOptions): AsyncGenerator<ImageFrame> {
  try {
    yield* framesOf(numbered.file, options);
  } catch (thrown) {
    throw nameFile(isReadPastEnd(thrown) ? corruptImage('is cut off or damaged', thrown) : thrown, numbered);
  }
}

/** Whether a number was to be read after the end of a buffer. */
function isReadPastEnd(thrown: unknown): boolean {
  if (!(thrown instanceof RangeError) || !('code' in thrown)) return false;
  return thrown.code === 'ERR_OUT_OF_RANGE' || thrown.code === 'ERR_BUFFER_OUT_OF_BOUNDS';
}

/** A decoder is loaded only when a file needs it, so that a JPEG does not wait for it. */
async function* framesOf(file: InputFile, options: ReadOptions): AsyncGenerator<ImageFrame> {
  const { signal, bilevel } = options;
  const { format } = file;
  if (format === 'pdf') throw new InputError('unsupported_format', 'is a PDF, not an image');
  if (isWhole(format)) {
    yield only(await readWhole(format, readInput(file.path), bilevel));
    return;
  }
  switch (format) {
    case 'png': {
      const bytes = readInput(file.path);
      const frames = countFrames(bytes);
      if (frames === 1) yield only(await readPng(bytes, bilevel));
      else yield* (await import('./apng/read-apng.js')).readAnimatedPng(bytes, frames, options);
      break;
    }
    case 'webp':
    case 'gif': {
      checkCanvas(file, MAX_WHOLE_PIXELS);
      const { decodeFrames } = await import('./decode.js');
      const encoded = { input: file.path, maxPixels: MAX_WHOLE_PIXELS, mayHavePalette: true, bilevel };
      yield* decodeFrames(encoded, signal);
      break;
    }
    case 'tiff': {
      const { readTiff } = await import('./tiff/read-tiff.js');
      yield* readTiff(readInput(file.path), options);
      break;
    }
    case 'avif': {
      checkCanvas(file, MAX_AVIF_PIXELS);
      const { readAvif } = await import('./heic/read-avif.js');
      yield only(await readAvif(readInput(file.path)));
      break;
    }
  }
}

/** Formats of which the reader gets all bytes and returns one image. */
type WholeFormat = Exclude<FormatName, 'png' | 'webp' | 'gif' | 'tiff' | 'avif' | 'pdf'>;

function isWhole(format: FormatName): format is WholeFormat {
  return !['png', 'webp', 'gif', 'tiff', 'avif', 'pdf'].includes(format);
}

async function readWhole(format: WholeFormat, bytes: Buffer, bilevel?: BilevelCoding): Promise<ReadImage> {
  switch (format) {
    case 'jpeg':
      return readJpeg(bytes);
    case 'heic':
      return (await import('./heic/read-heic.js')).readHeic(bytes, bilevel);
    case 'jp2':
      return (await import('./jp2/read-jp2.js')).readJp2(bytes, bilevel);
    case 'bmp':
      return (await import('./bmp/read-bmp.js')).readBmp(bytes, bilevel);
    case 'ico':
      return (await import('./bmp/read-bmp.js')).readIco(bytes, bilevel);
    case 'pnm':
      return (await import('./pnm/read-pnm.js')).readPnm(bytes, bilevel);
    case 'svg':
      return (await import('./svg/read-svg.js')).readSvg(bytes, bilevel);
  }
}

function only(image: ReadImage): ImageFrame {
  return { ...image, frameCount: 1 };
}

/** libvips allocates the whole canvas of an animation before it says how large it is. */
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
