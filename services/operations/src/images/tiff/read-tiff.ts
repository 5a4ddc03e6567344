import { InputError } from '../../input-error.js';
import { encodeBilevel, encodeRaw, flateImage } from '../encode.js';
import type { BilevelCoding } from '../encode.js';
import { corruptImage, unsupportedImage } from '../errors.js';
import { invertBytes } from '../bits.js';
import { usableProfile } from '../icc.js';
import { MAX_CARRIED_PIXELS, MAX_FRAMES, checkPixels } from '../limits.js';
import { colorSpaceFor, deviceSpace } from '../pdf-image.js';
import type { ImageFrame, PdfImage } from '../pdf-image.js';
import { PixelBudget } from '../pixel-budget.js';
import { assemble } from './assemble.js';
import type { DecodeBlock } from './assemble.js';
import { colorModelOf, colorSpaceOf, paletteOf, toRawImage } from './color.js';
import { checkCompression, decompressBlock } from './decompress.js';
import { readDirectories } from './directory.js';
import type { TiffDirectory } from './directory.js';
import { isFax, readFax } from './fax.js';
import { jpegBlockDecoder, readJpegPage } from './jpeg.js';
import { readPage } from './page.js';
import type { TiffPage } from './page.js';
import { readSamples } from './samples.js';
import { COMPRESSION, PHOTOMETRIC, TAG } from './tags.js';
import { readYCbCr } from './ycbcr.js';

const [REDUCED_RESOLUTION, TRANSPARENCY_MASK] = [1, 4];

interface DecodedPage {
  readonly image: PdfImage;
  readonly notes: readonly string[];
  readonly hasOwnData?: boolean;
}

interface TiffOptions {
  readonly signal: AbortSignal;
  readonly bilevel?: BilevelCoding | undefined;
}

/**
 * Reads the pages of a TIFF without loss: CCITT and JPEG data as they are if possible, all else decoded. Reduced copies
 * of other pages and transparency masks are left out. Throws an `InputError`: `corrupt_image`, `unsupported_format`,
 * `too_many_pixels`, `too_many_pages`.
 */
export async function* readTiff(file: Buffer, options: TiffOptions): AsyncGenerator<ImageFrame> {
  const { pages, notes } = selectPages(readDirectories(file));
  if (pages.length > MAX_FRAMES) {
    throw new InputError('too_many_pages', `has more than the limit of ${MAX_FRAMES} pages`);
  }
  const budget = new PixelBudget();
  for (const [index, directory] of pages.entries()) {
    options.signal.throwIfAborted();
    const page = readPage(directory);
    const decoded = await readImage(page, budget, options);
    const { orientation, dpi } = page;
    const frameNotes = [...(index === 0 ? notes : []), ...decoded.notes];
    yield { ...decoded, orientation, dpi, notes: frameNotes, frameCount: pages.length };
  }
}

function selectPages(directories: readonly TiffDirectory[]): { pages: readonly TiffDirectory[]; notes: string[] } {
  const [first] = directories;
  const isReduced = (directory: TiffDirectory): boolean =>
    (directory.number(TAG.newSubfileType, 0) & REDUCED_RESOLUTION) !== 0;
  if (first?.has(TAG.dngVersion) || (first?.has(TAG.subIfds) && isReduced(first)))
    throw unsupportedImage('TIFF', 'the raw data of a camera');
  const isPage = (directory: TiffDirectory): boolean =>
    !isReduced(directory) && (directory.number(TAG.newSubfileType, 0) & TRANSPARENCY_MASK) === 0;
  const pages = directories.filter(isPage);
  if (pages.length === 0) return { pages: directories.slice(0, 1), notes: [] };
  const dropped = directories.length - pages.length;
  const note = `${dropped} reduced copies or masks of its images have no page`;
  return { pages, notes: dropped === 0 ? [] : [note] };
}

async function readImage(page: TiffPage, budget: PixelBudget, options: TiffOptions): Promise<DecodedPage> {
  if (isFax(page)) {
    checkPixels(page.width, page.height, MAX_CARRIED_PIXELS);
    return readFax(page, options.bilevel);
  }
  if (isJpeg(page)) {
    const image = readJpegPage(page);
    if (image) return { image, notes: [] };
  }
  return { image: await decodePage(page, budget, options), notes: [] };
}

function isJpeg({ compression }: TiffPage): boolean {
  return compression === COMPRESSION.jpeg || compression === COMPRESSION.oldJpeg;
}

async function decodePage(page: TiffPage, budget: PixelBudget, options: TiffOptions): Promise<PdfImage> {
  const { signal, bilevel } = options;
  checkSize(page);
  budget.spend(page.width, page.height);
  const decode = blockDecoder(page);
  if (page.photometric === PHOTOMETRIC.palette) return decodePalette(page, decode, signal);
  if (page.photometric === PHOTOMETRIC.yCbCr && !isJpeg(page))
    return encodeRaw(await readYCbCr(page, decode, signal), { bilevel });
  if (page.samples === 1 && page.bits < 8) return decodeGrays(page, decode, options);
  const model = page.photometric === PHOTOMETRIC.yCbCr ? 'rgb' : colorModelOf(page);
  const samples = await readSamples(page, decode, { signal, asStored: false });
  return encodeRaw(toRawImage(page, model, samples), { profiled: colorSpaceOf(page, model), bilevel });
}

/** One-bit images are bounded by their bytes. */
function checkSize({ width, height, samples, bits }: TiffPage): void {
  if (samples === 1 && bits === 1) checkPixels(width, height, MAX_CARRIED_PIXELS);
  else checkPixels(width, height, undefined, (bits > 8 ? 2 : 1) * Math.ceil(samples / 4));
}

function blockDecoder(page: TiffPage): DecodeBlock {
  if (isJpeg(page)) return jpegBlockDecoder(page);
  checkCompression(page);
  return async (index, size) => decompressBlock(page, index, size);
}

async function decodePalette(page: TiffPage, decode: DecodeBlock, signal: AbortSignal): Promise<PdfImage> {
  const { width, height, bits, samples } = page;
  if (bits > 8 || samples !== 1 || ![1, 2, 4, 8].includes(bits))
    throw unsupportedImage('TIFF', `a palette for ${samples} samples of ${bits} bits`);
  const profile = usableProfile(page.directory.bytes(TAG.iccProfile), 3);
  const colorSpace = { kind: 'Indexed', base: colorSpaceFor(3, profile), palette: paletteOf(page) } as const;
  return flateImage({ width, height, bits, rows: await assemble(page, 0, decode, signal), colorSpace });
}

/** Grays of less than a byte keep their depth. */
async function decodeGrays(page: TiffPage, decode: DecodeBlock, options: TiffOptions): Promise<PdfImage> {
  const { signal, bilevel } = options;
  const { width, height, bits } = page;
  if (colorModelOf(page) !== 'gray') throw corruptImage('has damaged TIFF data: colour channels are missing');
  const colorSpace = colorSpaceOf(page, 'gray') ?? deviceSpace('gray');
  if (bits !== 1 && bits !== 2 && bits !== 4) {
    const samples = await readSamples(page, decode, { signal, asStored: false });
    return encodeRaw(toRawImage(page, 'gray', samples), { profiled: colorSpace, bilevel });
  }
  const rows = Buffer.from(await assemble(page, 0, decode, signal));
  // JBIG2 has 1 for black, and PDF has the opposite for gray samples.
  if ((page.photometric === PHOTOMETRIC.whiteIsZero) !== (bits === 1)) invertBytes(rows);
  return bits === 1
    ? encodeBilevel({ width, height, data: rows }, { colorSpace, bilevel })
    : flateImage({ width, height, bits, rows, colorSpace });
}
