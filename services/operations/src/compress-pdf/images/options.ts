import type { CompressParams } from '../params.js';

/** The parameters that images depend on. */
export interface ImageParams extends Pick<CompressParams, 'dpi' | 'image_quality' | 'color_mode'> {
  /** `lossless` keeps every sample. `max` tries all encodings. */
  readonly level?: string | undefined;
  /** The encoding of images with one bit per pixel. */
  readonly bilevel?: 'jbig2' | 'ccitt' | undefined;
}
