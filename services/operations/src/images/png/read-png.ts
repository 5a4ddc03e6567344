import type { BilevelCoding } from '../encode.js';
import { MAX_PIXELS, MAX_WHOLE_PIXELS } from '../limits.js';
import type { ColorSpace, PdfImage, ReadImage } from '../pdf-image.js';
import { PNG_COLOR, parsePng } from './parse-png.js';
import type { Png } from './parse-png.js';
import { pngColorSpace } from './png-color.js';
import { flateFromPng } from './png-image.js';
import { separateAlpha } from './separate-alpha.js';
import type { SeparatedPng } from './separate-alpha.js';
import { isUnfilteredPhoto } from './unfiltered-photo.js';
import { filteredRowBytes, verifyRows } from './verify-rows.js';
import { wrapAsPng } from './wrap-png.js';

/** Level of Deflate for photos and images with long rows, which get hardly smaller above it. */
const PHOTO_LEVEL = 6;
/** Longer rows are decoded. To separate their channels, each inflated part would be copied with the row's parts before. */
const MAX_SEPARATED_ROW_BYTES = 2 * 1024 * 1024;

/** Returns the image of a PNG file: its filtered rows unless they are interlaced. Those without alpha stay compressed. */
export async function readPng(bytes: Buffer, bilevel?: BilevelCoding): Promise<ReadImage> {
  const parsed = parsePng(bytes);
  const facts = { orientation: parsed.exif?.orientation ?? 1, dpi: parsed.dpi ?? parsed.exif?.dpi };
  if (parsed.interlaced) return { image: await decodePng(parsed, bilevel), ...facts, notes: parsed.notes };
  const colorSpace = carriedSpace(parsed);
  if (!colorSpace) return { ...(await readAlphaPng(parsed, bilevel)), ...facts };
  const png = await verifyRows(parsed);
  const softMask = png.transparency && (await decodeTransparency(png, bilevel));
  const image = { ...flateFromPng(png, colorSpace), ...(softMask && { softMask }) };
  return { image, ...facts, notes: png.notes, hasOwnData: true };
}

/** The colour space in which the rows can be carried over. Undefined for an alpha channel. */
function carriedSpace(png: Png): ColorSpace | undefined {
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

/** Reads a PNG with an alpha channel. Some encoders do not filter photos, which makes them twice as large. */
async function readAlphaPng(png: Png, bilevel?: BilevelCoding): Promise<Pick<ReadImage, 'image' | 'notes'>> {
  if (filteredRowBytes(png) > MAX_SEPARATED_ROW_BYTES || isUnfilteredPhoto(png))
    return { image: await decodePng(png, bilevel), notes: png.notes };
  const { color, alpha, mask } = await separateAlpha(png);
  const colorSpace = pngColorSpace(png, png.colorType === PNG_COLOR.grayAlpha ? 1 : 3);
  const softMask = alpha && (await maskImage({ alpha, mask }, bilevel));
  return { image: { ...flateFromPng(color, colorSpace), ...(softMask && { softMask }) }, notes: color.notes };
}

async function maskImage(
  { alpha, mask }: { readonly alpha: Png } & Pick<SeparatedPng, 'mask'>,
  bilevel: BilevelCoding | undefined,
): Promise<PdfImage> {
  if (!mask) return flateFromPng(alpha, { kind: 'DeviceGray' });
  const { encodeBilevel } = await import('../encode.js');
  return encodeBilevel(mask, { bilevel });
}

/** Decodes the rows of a PNG and filters them again. */
async function decodePng(png: Png, bilevel: BilevelCoding | undefined): Promise<PdfImage> {
  const { decodeImage } = await import('../decode.js');
  const { image } = await decodeImage({
    input: wrapAsPng(png, ...png.idat),
    maxPixels: png.interlaced ? MAX_WHOLE_PIXELS : MAX_PIXELS,
    mayHavePalette: png.interlaced,
    declared: (components) => pngColorSpace(png, components),
    bilevel,
    ...(!png.interlaced && { level: PHOTO_LEVEL }),
  });
  return image;
}

/** Returns the alpha that the tRNS chunk gives the pixels. */
async function decodeTransparency(png: Png, bilevel: BilevelCoding | undefined): Promise<PdfImage | undefined> {
  const { decodeAlpha } = await import('../decode.js');
  return decodeAlpha({ input: wrapAsPng(png, ...png.idat), maxPixels: MAX_PIXELS, bilevel });
}
