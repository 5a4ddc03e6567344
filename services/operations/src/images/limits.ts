import { InputError } from '../input-error.js';

/** Most pixels of one image or frame, taken from its header before anything is decoded. */
export const MAX_PIXELS = 100_000_000;

/**
 * Most pixels of an image that its decoder holds whole: WebP, GIF, interlaced PNG, and JPEG that is decoded. They need up
 * to 9 bytes a pixel, AVIF needs 18, and a child process has 1 GiB.
 */
export const MAX_WHOLE_PIXELS = 80_000_000;
export const MAX_AVIF_PIXELS = 40_000_000;

/** Most frames of one animation or multi-page TIFF. */
export const MAX_FRAMES = 1_000;

/** Most pixels of all frames of one file together. */
export const MAX_FILE_PIXELS = 1_000_000_000;

/** Most scans of a JPEG: each costs a pass over the whole picture, and cameras write about ten. */
export const MAX_JPEG_SCANS = 100;

/** Most bytes of an inflated ICC profile; large printer profiles have 3 MB. */
export const MAX_ICC_BYTES = 8 * 1024 * 1024;

/**
 * Refuses an image that is too large, with the limit in the message. Sides are in pixels; one whose samples take several
 * bytes counts as so many images.
 */
export function checkPixels(width: number, height: number, limit = MAX_PIXELS, bytesPerSample = 1): void {
  if (width < 1 || height < 1) throw new InputError('corrupt_image', 'has an image without any pixels');
  if (width * height * bytesPerSample <= limit) return;
  const megapixels = `${limit / bytesPerSample / 1_000_000} megapixels`;
  const what = bytesPerSample > 1 ? ` for images of ${8 * bytesPerSample} bits per sample` : '';
  throw new InputError(
    'too_many_pixels',
    `has ${width} x ${height} pixels, more than the limit of ${megapixels}${what}`,
  );
}
