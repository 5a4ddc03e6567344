import { corruptImage, unsupportedImage } from '../errors.js';
import { jpegImage } from '../jpeg/jpeg-image.js';
import { parseJpeg } from '../jpeg/parse-jpeg.js';
import type { PdfImage } from '../pdf-image.js';
import type { DecodeBlock } from './assemble.js';
import { joinStrips } from './jpeg-strips.js';
import { oldJpegStream } from './old-jpeg.js';
import { blockBytes } from './page.js';
import type { TiffPage } from './page.js';
import { COMPRESSION, PHOTOMETRIC, TAG } from './tags.js';

/** Adobe's marker with the colour transform 0, which means that three components are RGB. */
const ADOBE_RGB = Buffer.from('\xff\xee\0\x0eAdobe\0\x64\0\0\0\0\0', 'latin1');
const [SOI, EOI] = [Buffer.of(0xff, 0xd8), Buffer.of(0xff, 0xd9)];

/** Returns a page of JPEG data as one image with DCTDecode, or undefined if its strips or tiles have to be decoded. */
export function readJpegPage(page: TiffPage): PdfImage | undefined {
  const stream = wholeStream(page);
  if (!stream) return undefined;
  const jpeg = parseJpeg(stream);
  if (jpeg.width !== page.width || jpeg.height !== page.height) return undefined;
  const image = jpegImage(jpeg, { inverted: false, icc: page.directory.bytes(TAG.iccProfile) });
  return image && page.photometric === PHOTOMETRIC.whiteIsZero ? { ...image, decode: [1, 0] } : image;
}

function wholeStream(page: TiffPage): Buffer | undefined {
  if (page.compression === COMPRESSION.oldJpeg) return oldJpegStream(page);
  const { across, down } = page.blocks;
  if (across !== 1 || page.planar) return undefined;
  const streams = Array.from({ length: down }, (_none, index) => blockStream(page, index));
  return streams.length === 1 ? streams[0] : joinStrips(page, streams);
}

/** The JPEG stream of a block with the tables that all blocks share (TIFF technical note 2). */
function blockStream(page: TiffPage, index: number): Buffer {
  const block = blockBytes(page, index);
  if (!block.subarray(0, 2).equals(SOI)) throw corruptImage('has damaged TIFF data: a strip or tile is no JPEG');
  const tables = page.directory.bytes(TAG.jpegTables) ?? Buffer.concat([SOI, EOI]);
  const marker = page.photometric === PHOTOMETRIC.rgb && page.samples === 3 ? [ADOBE_RGB] : [];
  return Buffer.concat([SOI, ...marker, tables.subarray(2, tables.lastIndexOf(EOI)), block.subarray(2)]);
}

/** Decodes blocks of JPEG data to bytes. Colours of YCbCr become RGB. */
export function jpegBlockDecoder(page: TiffPage): DecodeBlock {
  if (page.compression === COMPRESSION.oldJpeg) throw unsupportedImage('TIFF', 'old-style JPEG compression');
  if (page.bits !== 8) throw unsupportedImage('TIFF', `JPEG compression of samples of ${page.bits} bits`);
  return async (index, { rowBytes, rows }) => {
    const stream = blockStream(page, index);
    const jpeg = parseJpeg(stream);
    if (!jpeg.dctDecode) throw unsupportedImage('TIFF', 'lossless or arithmetic JPEG compression');
    const width = rowBytes / jpeg.components;
    if (jpeg.width !== width || jpeg.height < rows)
      throw corruptImage('has damaged TIFF data: a strip or tile has another size');
    const { decodeSamples } = await import('../decode.js');
    return decodeSamples(stream, jpeg.components, { width, height: jpeg.height });
  };
}
