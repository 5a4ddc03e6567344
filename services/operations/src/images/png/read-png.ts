import type { BilevelCoding } from '../encode.js';
import { MAX_PIXELS, MAX_WHOLE_PIXELS } from '../limits.js';
import type { ColorSpace, PdfImage, ReadImage } from '../pdf-image.js';
import { PNG_COLOR, parsePng } from './parse-png.js';
import type { Png } from './parse-png.js';
import { pngColorSpace } from './png-color.js';
import { flateFromPng } from './png-image.js';
import { verifyRows } from './verify-rows.js';
import { wrapAsPng } from './wrap-png.js';

/** Returns the image of a PNG file: its compressed rows if they have neither alpha nor interlacing, else decoded. */
export async function readPng(bytes: Buffer, bilevel?: BilevelCoding): Promise<ReadImage> {
  const parsed = parsePng(bytes);
  const facts = { orientation: parsed.exif?.orientation ?? 1, dpi: parsed.dpi ?? parsed.exif?.dpi };
  const colorSpace = carriedSpace(parsed);
  if (!colorSpace) return { image: await decodePng(parsed, bilevel), ...facts, notes: parsed.notes };
  const png = await verifyRows(parsed);
  const softMask = png.transparency && (await decodePng(png, bilevel)).softMask;
  const image = { ...flateFromPng(png, colorSpace), ...(softMask && { softMask }) };
  return { image, ...facts, notes: png.notes, hasOwnData: true };
}

/** The colour space in which the rows can be carried over. Undefined for interlaced rows and for an alpha channel. */
function carriedSpace(png: Png): ColorSpace | undefined {
  if (png.interlaced) return undefined;
  switch (png.colorType) {
    case PNG_COLOR.gray:
      return pngColorSpace(png, 1);
    case PNG_COLOR.rgb:
      return pngColorSpace(png, 3);
    case PNG_COLOR.palette:
      return png.palette && { kind: 'Indexed', base: pngColorSpace(png, 3), palette: png.palette };
    default:
      return undefined;
  }
}

/** Decodes the rows of a PNG. The decoder gets only the chunks that they need, so that damage to others has no effect. */
async function decodePng(png: Png, bilevel: BilevelCoding | undefined): Promise<PdfImage> {
  const { decodeImage } = await import('../decode.js');
  const { image } = await decodeImage({
    input: wrapAsPng(png, ...png.idat),
    maxPixels: png.interlaced ? MAX_WHOLE_PIXELS : MAX_PIXELS,
    mayHavePalette: png.interlaced || png.colorType === PNG_COLOR.palette,
    declared: (components) => pngColorSpace(png, components),
    bilevel,
  });
  return image;
}
