import { invertBytes } from '../bits.js';
import { unsupportedImage, corruptImage } from '../errors.js';
import { usableProfile } from '../icc.js';
import { MAX_CARRIED_PIXELS, MAX_WHOLE_PIXELS, checkPixels } from '../limits.js';
import { colorSpaceFor } from '../pdf-image.js';
import type { PdfImage, ReadImage } from '../pdf-image.js';
import { jpegImage } from './jpeg-image.js';
import { parseJpeg } from './parse-jpeg.js';
import type { Jpeg } from './parse-jpeg.js';

/** Processes with arithmetic coding, which libjpeg decodes and most viewers of PDF do not. */
const ARITHMETIC_PROCESSES: readonly number[] = [9, 10];
const CMYK_COMPONENTS = 4;

/** Returns the image of a JPEG file: the bytes of the file if DCTDecode can decode them. */
export async function readJpeg(bytes: Buffer): Promise<ReadImage> {
  const jpeg = parseJpeg(bytes);
  checkPixels(jpeg.width, jpeg.height, MAX_CARRIED_PIXELS);
  const facts = { orientation: jpeg.exif?.orientation ?? 1, dpi: jpeg.dpi };
  const notes = jpeg.ended ? [] : [await checkRows(jpeg)];
  const image = jpegImage(jpeg);
  if (image) return { image, ...facts, notes };
  checkProcess(jpeg);
  if (jpeg.components === CMYK_COMPONENTS) return { image: await decodeCmyk(bytes, jpeg), ...facts, notes };
  const { decodeImage } = await import('../decode.js');
  const decoded = await decodeImage({ input: bytes, maxPixels: MAX_WHOLE_PIXELS });
  return { ...decoded, ...facts, notes };
}

/** Decodes CMYK without a conversion to RGB. Samples of Adobe's files are inverted. */
async function decodeCmyk(bytes: Buffer, { width, height, adobeTransform, icc }: Jpeg): Promise<PdfImage> {
  checkPixels(width, height, MAX_WHOLE_PIXELS);
  const { decodeSamples } = await import('../decode.js');
  const { encodeRaw } = await import('../encode.js');
  const samples = await decodeSamples(bytes, CMYK_COMPONENTS, { width, height });
  if (adobeTransform !== undefined) invertBytes(samples);
  const profiled = colorSpaceFor(CMYK_COMPONENTS, usableProfile(icc, CMYK_COMPONENTS));
  return encodeRaw({ width, height, model: 'cmyk', samples }, { profiled });
}

/** Throws `unsupported_format` for what no decoder here reads. */
function checkProcess({ process, bitsPerComponent, components }: Jpeg): void {
  if (bitsPerComponent !== 8) throw unsupportedImage('JPEG', `samples of ${bitsPerComponent} bits`);
  if (process > 2 && !ARITHMETIC_PROCESSES.includes(process)) {
    const kind = process === 3 || process === 11 ? 'lossless' : 'hierarchical or differential';
    throw unsupportedImage('JPEG', `${kind} compression`);
  }
  if (components === 2 || components > 4) throw unsupportedImage('JPEG', `${components} colour channels`);
}

/** Decodes an image whose file ends early. Throws `corrupt_image` if rows are missing, else returns a note. */
async function checkRows({ width, height, parts }: Jpeg): Promise<string> {
  const cutOff = 'is cut off: the end of its JPEG data is missing';
  if (width * height > MAX_WHOLE_PIXELS) throw corruptImage(cutOff);
  const { sharp } = await import('../codec.js');
  try {
    await sharp(Buffer.concat(parts), { failOn: 'warning', limitInputPixels: MAX_WHOLE_PIXELS }).stats();
  } catch (thrown) {
    throw corruptImage(cutOff, thrown);
  }
  return 'the end marker of its JPEG data was missing and has been added';
}
