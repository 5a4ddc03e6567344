import type { ColorSpace, PdfImage } from '@pdf-tools/pdf';
import type { Orientation } from './exif.js';
import type { Dpi } from './resolution.js';

export type { ColorSpace, PdfImage, PngPredictor } from '@pdf-tools/pdf';

/** One picture of a file: an animation or a multi-page TIFF has several. */
export interface ImageFrame {
  readonly image: PdfImage;
  readonly orientation: Orientation;
  /** How many images the file has. */
  readonly frameCount: number;
  /** Undefined where the file gives no sensible resolution. */
  readonly dpi: Dpi | undefined;
}

/** The device colour space, or the profile's where there is one, for 1, 3 or 4 components. */
export function colorSpaceFor(components: 1 | 3 | 4, profile: Uint8Array | undefined): ColorSpace {
  if (profile) return { kind: 'ICCBased', components, profile };
  return { kind: components === 1 ? 'DeviceGray' : components === 3 ? 'DeviceRGB' : 'DeviceCMYK' };
}
