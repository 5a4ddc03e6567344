import { Fault } from '../fault.js';

/** Most pixels of one image or frame, taken from its header before anything is decoded. */
export const MAX_PIXELS = 100_000_000;

/** Most frames of one animation or multi-page TIFF. */
export const MAX_FRAMES = 1_000;

/** Most pixels of all frames of one file together. */
export const MAX_FILE_PIXELS = 1_000_000_000;

/** Most scans of a JPEG: each costs a pass over the whole picture, and cameras write about ten. */
export const MAX_JPEG_SCANS = 100;

/** Most bytes of an inflated ICC profile; large printer profiles have 3 MB. */
export const MAX_ICC_BYTES = 8 * 1024 * 1024;

/** Refuses pictures that are too large, with the limit in the message. Sides are in pixels. */
export function checkPixels(width: number, height: number): void {
  if (width < 1 || height < 1) throw new Fault('corrupt_image', 'has an image without any pixels');
  if (width * height <= MAX_PIXELS) return;
  throw new Fault(
    'too_many_pixels',
    `has ${width} x ${height} pixels, more than the limit of ${MAX_PIXELS / 1_000_000} megapixels`,
  );
}
