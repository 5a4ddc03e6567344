import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { InputError, nameFile } from '../input-error.js';
import type { NumberedFile } from '../input-error.js';
import type { InputFile } from '../operation.js';
import { MAX_AVIF_PIXELS, MAX_WHOLE_PIXELS, checkPixels } from './limits.js';
import { readJpeg } from './jpeg/read-jpeg.js';
import type { ImageFrame, ReadImage } from './pdf-image.js';
import { peekSize } from './peek.js';
import { readPng } from './png/read-png.js';

/** More than the headers of these formats take. */
const HEAD_BYTES = 1024;

/**
 * Reads the images of one file without loss: JPEG and most PNG data as they are, all else decoded. Throws `AppError`s that
 * name the file: `corrupt_image`, `too_many_pixels`, `too_many_pages`, `unsupported_format`.
 */
export async function* readFrames(numbered: NumberedFile, signal: AbortSignal): AsyncGenerator<ImageFrame> {
  try {
    yield* framesOf(numbered.file, signal);
  } catch (thrown) {
    throw nameFile(thrown, numbered);
  }
}

/** A decoder is loaded only when a file needs it, so that a JPEG does not wait for it. */
async function* framesOf(file: InputFile, signal: AbortSignal): AsyncGenerator<ImageFrame> {
  switch (file.format) {
    case 'jpeg':
      yield only(await readJpeg(readFileSync(file.path)));
      break;
    case 'png':
      yield only(await readPng(readFileSync(file.path)));
      break;
    case 'webp':
    case 'gif': {
      checkCanvas(file, MAX_WHOLE_PIXELS);
      const { decodeFrames } = await import('./decode.js');
      yield* decodeFrames({ input: file.path, maxPixels: MAX_WHOLE_PIXELS, mayHavePalette: true }, signal);
      break;
    }
    case 'tiff': {
      const { readTiff } = await import('./tiff/read-tiff.js');
      yield* readTiff(readFileSync(file.path), signal);
      break;
    }
    case 'avif': {
      checkCanvas(file, MAX_AVIF_PIXELS);
      const { decodeImage } = await import('./decode.js');
      yield only(await decodeImage({ input: file.path, maxPixels: MAX_AVIF_PIXELS }));
      break;
    }
    case 'pdf':
      throw new InputError('unsupported_format', 'is a PDF, not an image');
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
