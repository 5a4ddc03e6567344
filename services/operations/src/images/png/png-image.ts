import type { ColorSpace, PdfImage } from '../pdf-image.js';
import { samplesPerPixel } from './parse-png.js';
import type { Png } from './parse-png.js';

/**
 * The rows of a non-interlaced PNG without alpha as they are: FlateDecode with the PNG predictors (ISO 32000-2, 7.4.4.4)
 * reads the same bytes.
 */
export function flateFromPng(png: Png, colorSpace: ColorSpace): PdfImage {
  return {
    width: png.width,
    height: png.height,
    bitsPerComponent: png.bitDepth,
    colorSpace,
    filter: 'FlateDecode',
    predictor: { colors: samplesPerPixel(png.colorType), bitsPerComponent: png.bitDepth, columns: png.width },
    data: png.idat,
  };
}
