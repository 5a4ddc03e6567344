import { encodeRaw } from '../encode.js';
import type { BilevelCoding } from '../encode.js';
import { corruptImage } from '../errors.js';
import { MAX_PIXELS, checkPixels } from '../limits.js';
import type { ReadImage } from '../pdf-image.js';
import { readPng } from '../png/read-png.js';
import type { RawImage } from '../raw-image.js';
import { readBmpHeader } from './header.js';
import { bmpRowBytes, decodeBmpPixels } from './pixels.js';

const FILE_HEADER_BYTES = 14;
const PNG_SIGNATURE = '\x89PNG';
const ENTRY_BYTES = 16;

/** Decodes a BMP file. */
export async function readBmp(file: Buffer, bilevel?: BilevelCoding): Promise<ReadImage> {
  const bitmap = file.subarray(FILE_HEADER_BYTES);
  const header = readBmpHeader(bitmap);
  checkPixels(header.width, header.height, MAX_PIXELS);
  const start = Math.max(file.readUInt32LE(10), FILE_HEADER_BYTES + header.end);
  const raw = decodeBmpPixels(header, file.subarray(start));
  return { image: await encodeRaw(raw, { bilevel }), orientation: 1, dpi: header.dpi };
}

/** Decodes the largest image of an icon file, of those the one with the most colours. */
export async function readIco(file: Buffer, bilevel?: BilevelCoding): Promise<ReadImage> {
  const images = Array.from({ length: file.readUInt16LE(4) }, (_none, at) => imageAt(file, 6 + at * ENTRY_BYTES));
  const [largest] = images.sort((left, right) => right.pixels - left.pixels || right.bits - left.bits);
  if (!largest) throw corruptImage('has no image in its ICO data');
  const data = file.subarray(largest.start, largest.start + largest.length);
  if (data.length < largest.length) throw corruptImage('is cut off: the end of its ICO data is missing');
  if (data.toString('latin1', 0, 4) === PNG_SIGNATURE) return readPng(data, bilevel);
  return { image: await encodeRaw(decodeIcon(data), { bilevel }), orientation: 1, dpi: undefined };
}

interface IconImage {
  readonly pixels: number;
  readonly bits: number;
  readonly start: number;
  readonly length: number;
}

function imageAt(file: Buffer, at: number): IconImage {
  if (at + ENTRY_BYTES > file.length) throw corruptImage('is cut off: its ICO directory is incomplete');
  // A side of 256 is stored as 0.
  const [width, height] = [file.readUInt8(at) || 256, file.readUInt8(at + 1) || 256];
  return {
    pixels: width * height,
    bits: file.readUInt16LE(at + 6),
    start: file.readUInt32LE(at + 12),
    length: file.readUInt32LE(at + 8),
  };
}

/** A bitmap whose height counts the rows of a mask of transparent pixels after it, too. */
function decodeIcon(data: Buffer): RawImage {
  const doubled = readBmpHeader(data);
  const withAlpha = doubled.bits === 32 ? ([0xff_0000, 0xff00, 0xff, 0xff00_0000] as const) : doubled.masks;
  const header = { ...doubled, height: doubled.height >> 1, masks: withAlpha };
  checkPixels(header.width, header.height, MAX_PIXELS);
  const pixels = data.subarray(header.end);
  const raw = decodeBmpPixels(header, pixels);
  if (raw.alpha) return raw;
  const mask = pixels.subarray(bmpRowBytes(header.width, header.bits) * header.height);
  const rowBytes = bmpRowBytes(header.width, 1);
  if (mask.length < rowBytes * header.height) return raw;
  const alpha = new Uint8Array(header.width * header.height).map((_none, pixel) => {
    const [row, column] = [Math.floor(pixel / header.width), pixel % header.width];
    const byte = mask[(header.height - 1 - row) * rowBytes + (column >> 3)] ?? 0;
    return ((byte >> (7 - (column & 7))) & 1) === 1 ? 0 : 255;
  });
  return { ...raw, alpha };
}
