import { usableProfile } from '../icc.js';
import { colorSpaceFor } from '../pdf-image.js';
import type { PdfImage } from '../pdf-image.js';
import type { Jpeg } from './parse-jpeg.js';

/** How the components of a JPEG are to be understood if its container says more than its markers. */
interface Options {
  /** Whether 255 is no ink in CMYK. By default, Adobe's marker says so. */
  readonly inverted?: boolean;
  readonly icc?: Uint8Array | undefined;
}

const INVERTED_CMYK = [1, 0, 1, 0, 1, 0, 1, 0];

/** Returns a JPEG as an image with DCTDecode (ISO 32000-2, 7.4.8). Undefined if that filter cannot decode it. */
export function jpegImage(jpeg: Jpeg, { inverted, icc = jpeg.icc }: Options = {}): PdfImage | undefined {
  const { width, height, components } = jpeg;
  if (!jpeg.dctDecode || jpeg.bitsPerComponent !== 8 || !isComponentCount(components)) return undefined;
  return {
    width,
    height,
    bitsPerComponent: 8,
    colorSpace: colorSpaceFor(components, usableProfile(icc, components)),
    filter: 'DCTDecode',
    ...(components === 4 && (inverted ?? jpeg.adobeTransform !== undefined) && { decode: INVERTED_CMYK }),
    ...(holdsUnmarkedRgb(jpeg) && { colorTransform: 0 }),
    data: jpeg.parts,
  };
}

function isComponentCount(count: number): count is 1 | 3 | 4 {
  return count === 1 || count === 3 || count === 4;
}

/** Decoders take three components for YCbCr unless Adobe's marker says RGB. Some encoders only name them R, G and B. */
function holdsUnmarkedRgb(jpeg: Jpeg): boolean {
  if (jpeg.adobeTransform !== undefined || jpeg.jfif) return false;
  return String.fromCharCode(...jpeg.componentIds) === 'RGB';
}
