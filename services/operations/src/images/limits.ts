import { InputError } from '../input-error.js';

/** Maximum pixels of one image that is decoded. They are taken from its header before that. */
export const MAX_PIXELS = 100_000_000;

/**
 * Maximum pixels of an image whose data are carried over without being decoded, or decoded at one bit per pixel. A sheet
 * of A0 at 600 dpi has 560 million.
 */
export const MAX_CARRIED_PIXELS = 1_000_000_000;

/**
 * Maximum pixels of an image that its decoder holds as a whole: WebP, GIF, interlaced PNG, and JPEG that is decoded. They
 * need up to 9 bytes per pixel, AVIF needs 18, and a child process has 1 GiB.
 */
export const MAX_WHOLE_PIXELS = 80_000_000;
export const MAX_AVIF_PIXELS = 40_000_000;

/** Maximum pixels of a HEIC image. Its decoder needs up to 10 bytes per pixel. Phones write up to 48 megapixels. */
export const MAX_HEIC_PIXELS = 64_000_000;

/**
 * Maximum pixels of a row that libvips reads or writes. It holds several strips of 16 rows. At this limit they need up to 0.9 GB,
 * and a child process has 1 GiB.
 */
export const MAX_ROW_PIXELS = 1_000_000;

/** Maximum pixels of a JPEG 2000 that is decoded. Its decoder holds every sample in 4 bytes. */
export const MAX_JP2_PIXELS = 24_000_000;

/** Maximum pixels of a frame of an animated PNG, with a byte per sample. Drawing it needs up to 20 bytes per pixel. */
export const MAX_ANIMATION_PIXELS = 25_000_000;

/** Maximum frames of an animation or pages of a TIFF. */
export const MAX_FRAMES = 1_000;

/** Maximum pixels of all decoded images of one file. */
export const MAX_FILE_PIXELS = 1_000_000_000;

/** Maximum scans of a JPEG. Each costs a pass over the whole image, and cameras write about ten. */
export const MAX_JPEG_SCANS = 100;

/** Maximum bytes of an inflated ICC profile. Large profiles of printers have 3 MB. */
export const MAX_ICC_BYTES = 8 * 1024 * 1024;

/**
 * Throws `too_many_pixels` for an image above the limit, with the limit in the message. Each byte of a sample counts as
 * one pixel.
 */
export function checkPixels(width: number, height: number, limit = MAX_PIXELS, bytesPerSample = 1): void {
  if (width < 1 || height < 1) throw new InputError('corrupt_image', 'has an image without any pixels');
  if (width * height * bytesPerSample <= limit) return;
  const megapixels = `${Math.round(limit / bytesPerSample / 1_000_000)} megapixels`;
  const what = bytesPerSample > 1 ? ` for images of ${8 * bytesPerSample} bits per sample` : '';
  throw new InputError(
    'too_many_pixels',
    `has ${width} x ${height} pixels, more than the limit of ${megapixels}${what}`,
  );
}

/** Throws `too_many_pixels` for an image whose rows are longer than the limit. */
export function checkRowPixels(width: number): void {
  if (width <= MAX_ROW_PIXELS) return;
  throw new InputError('too_many_pixels', `has rows of ${width} pixels, more than the limit of ${MAX_ROW_PIXELS}`);
}
