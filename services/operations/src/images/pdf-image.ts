import type { Orientation } from './exif.js';
import type { Dpi } from './resolution.js';

/** Colour spaces that pictures need (ISO 32000-2, 8.6). */
export type ColorSpace =
  | { readonly kind: 'DeviceGray' | 'DeviceRGB' | 'DeviceCMYK' }
  | { readonly kind: 'Indexed'; readonly base: ColorSpace; readonly palette: Uint8Array }
  | { readonly kind: 'ICCBased'; readonly components: 1 | 3 | 4; readonly profile: Uint8Array };

/** PNG predictors of a Flate stream (ISO 32000-2, table 8): what the rows hold before filtering. */
export interface PngPredictor {
  readonly colors: number;
  readonly bitsPerComponent: number;
  readonly columns: number;
}

/** A picture as an image XObject holds it (ISO 32000-2, table 87). `data` is the encoded stream in parts. */
export interface PdfImage {
  readonly width: number;
  readonly height: number;
  readonly bitsPerComponent: number;
  readonly colorSpace: ColorSpace;
  readonly filter: 'DCTDecode' | 'FlateDecode';
  readonly data: readonly Uint8Array[];
  readonly decode?: readonly number[];
  readonly predictor?: PngPredictor;
  /** DCTDecode's ColorTransform, where the JPEG itself does not say that it holds RGB. */
  readonly colorTransform?: 0;
  readonly softMask?: PdfImage;
}

/** One picture of a file: an animation or a multi-page TIFF has several. */
export interface ImageFrame {
  readonly image: PdfImage;
  readonly orientation: Orientation;
  /** Undefined where the file gives no sensible resolution. */
  readonly dpi: Dpi | undefined;
}

/** The device colour space, or the profile's where there is one, for 1, 3 or 4 components. */
export function colorSpaceFor(components: 1 | 3 | 4, profile: Uint8Array | undefined): ColorSpace {
  if (profile) return { kind: 'ICCBased', components, profile };
  return { kind: components === 1 ? 'DeviceGray' : components === 3 ? 'DeviceRGB' : 'DeviceCMYK' };
}
