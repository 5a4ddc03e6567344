import { unpackSamples } from '../bits.js';
import { corruptImage } from '../errors.js';
import type { RawImage } from '../raw-image.js';
import type { BmpHeader, Masks } from './header.js';
import { decodeRunLengths } from './run-lengths.js';

/** Decodes the pixels of a bitmap, which begin at the start of `data`. Throws `corrupt_image` if rows are missing. */
export function decodeBmpPixels(header: BmpHeader, data: Buffer): RawImage {
  if (header.bits <= 8) return fromPalette(header, indicesOf(header, data));
  return header.bits === 24 ? fromBytes(header, data) : fromMasks(header, data);
}

/** Bytes of a row, which are a multiple of four. */
export function bmpRowBytes(width: number, bits: number): number {
  return Math.ceil((width * bits) / 32) * 4;
}

function indicesOf({ width, height, bits, compression }: BmpHeader, data: Buffer): Uint8Array {
  if (compression !== 'none') return decodeRunLengths(data, { width, height, nibbles: compression === 'rle4' });
  const rowBytes = bmpRowBytes(width, bits);
  checkLength(data, rowBytes * height);
  const rowSamples = (rowBytes * 8) / bits;
  const padded = bits === 8 ? data : unpackSamples(data, { rowSamples, rows: height, bits });
  const indices = new Uint8Array(width * height);
  for (let row = 0; row < height; row += 1)
    indices.set(padded.subarray(row * rowSamples, row * rowSamples + width), row * width);
  return indices;
}

/** An index outside of the palette is black, as viewers show it. */
function fromPalette(header: BmpHeader, indices: Uint8Array): RawImage {
  const samples = new Uint8Array(3 * indices.length);
  for (const [pixel, index] of indices.entries()) {
    const at = 3 * targetOf(header, pixel);
    for (let channel = 0; channel < 3; channel += 1) samples[at + channel] = header.palette[3 * index + channel] ?? 0;
  }
  return { width: header.width, height: header.height, model: 'rgb', samples };
}

function fromBytes(header: BmpHeader, data: Buffer): RawImage {
  const { width, height } = header;
  const rowBytes = bmpRowBytes(width, 24);
  checkLength(data, rowBytes * height);
  const samples = new Uint8Array(3 * width * height);
  for (let pixel = 0; pixel < width * height; pixel += 1) {
    const from = Math.floor(pixel / width) * rowBytes + 3 * (pixel % width);
    const to = 3 * targetOf(header, pixel);
    samples[to] = data[from + 2] ?? 0;
    samples[to + 1] = data[from + 1] ?? 0;
    samples[to + 2] = data[from] ?? 0;
  }
  return { width, height, model: 'rgb', samples };
}

function fromMasks(header: BmpHeader, data: Buffer): RawImage {
  const { width, height, bits, masks } = header;
  const rowBytes = bmpRowBytes(width, bits);
  checkLength(data, rowBytes * height);
  const [samples, alpha] = [new Uint8Array(3 * width * height), new Uint8Array(width * height)];
  const read = channelReaders(masks);
  for (let pixel = 0; pixel < width * height; pixel += 1) {
    const at = Math.floor(pixel / width) * rowBytes + (bits / 8) * (pixel % width);
    const value = bits === 16 ? data.readUInt16LE(at) : data.readUInt32LE(at);
    const target = targetOf(header, pixel);
    for (let channel = 0; channel < 3; channel += 1) samples[3 * target + channel] = read[channel]?.(value) ?? 0;
    alpha[target] = read[3]?.(value) ?? 255;
  }
  // Writers that know no alpha leave it 0 everywhere.
  const hasAlpha = masks[3] !== 0 && alpha.some((value) => value !== 0);
  return { width, height, model: 'rgb', samples, alpha: hasAlpha ? alpha : undefined };
}

/** Functions that take a channel out of a pixel and scale it to 8 bits. */
function channelReaders(masks: Masks): ((value: number) => number)[] {
  return masks.map((mask) => {
    if (mask === 0) return () => 0;
    const shift = 31 - Math.clz32(mask & -mask);
    const most = mask >>> shift;
    return (value) => Math.round((((value & mask) >>> shift) * 255) / most);
  });
}

/** The position in the image, whose top row comes first, of a pixel by its position in the file. */
function targetOf({ width, height, topDown }: BmpHeader, pixel: number): number {
  if (topDown) return pixel;
  const row = Math.floor(pixel / width);
  return (height - 1 - row) * width + (pixel - row * width);
}

function checkLength(data: Buffer, needed: number): void {
  if (data.length < needed) throw corruptImage('is cut off: rows of its BMP data are missing');
}
