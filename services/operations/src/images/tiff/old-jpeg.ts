import { corruptImage, unsupportedImage } from '../errors.js';
import { parseJpeg } from '../jpeg/parse-jpeg.js';
import { blockBytes } from './page.js';
import type { TiffPage } from './page.js';
import { TAG } from './tags.js';

const [SOF0, DHT, DQT, DRI, SOS] = [0xc0, 0xc4, 0xdb, 0xdd, 0xda];
const [SOI, EOI] = [Buffer.of(0xff, 0xd8), Buffer.of(0xff, 0xd9)];
const QUANTIZATION_BYTES = 64;
const HUFFMAN_LENGTHS = 16;

/**
 * Returns the JPEG stream of a page with old-style JPEG compression (TIFF 6.0, section 22): the stream that the file
 * contains, or one made of its tables and the data of its strips. Throws `unsupported_format` for other layouts.
 */
export function oldJpegStream(page: TiffPage): Buffer {
  return containedStream(page) ?? streamOfTables(page);
}

function containedStream({ directory, width, height }: TiffPage): Buffer | undefined {
  const start = directory.number(TAG.oldJpegStream, 0);
  if (start === 0) return undefined;
  const length = directory.number(TAG.oldJpegStreamLength, directory.file.length - start);
  const stream = directory.file.subarray(start, start + length);
  if (!stream.subarray(0, 2).equals(SOI)) return undefined;
  const jpeg = parseJpeg(stream);
  if (!jpeg.ended) throw corruptImage('is cut off: the end of its JPEG data is missing');
  if (jpeg.width !== width || jpeg.height !== height) throw unsupported();
  return stream;
}

function streamOfTables(page: TiffPage): Buffer {
  const { directory, samples, blocks, planar } = page;
  const tables = [TAG.oldJpegQuantization, TAG.oldJpegDcTables, TAG.oldJpegAcTables].map((tag) =>
    directory.numbers(tag),
  );
  const [quantization, dc, ac] = tables;
  const isComplete = tables.every((offsets) => offsets !== undefined && offsets.length >= samples);
  if (!quantization || !dc || !ac || !isComplete) throw unsupported();
  if (planar || blocks.across !== 1 || blocks.down !== 1 || (samples !== 1 && samples !== 3) || page.bits !== 8)
    throw unsupported();
  const components = Array.from({ length: samples }, (_none, index) => index);
  return Buffer.concat([
    SOI,
    ...components.map((id) => quantizationTable(page, quantization[id] ?? 0, id)),
    frameHeader(page, components),
    ...components.flatMap((id) => [huffmanTable(page, dc[id] ?? 0, id), huffmanTable(page, ac[id] ?? 0, 0x10 | id)]),
    restartInterval(directory.number(TAG.oldJpegRestartInterval, 0)),
    segment(SOS, [samples, ...components.flatMap((id) => [id + 1, (id << 4) | id]), 0, 63, 0]),
    withoutEnd(blockBytes(page, 0)),
    EOI,
  ]);
}

function quantizationTable(page: TiffPage, at: number, id: number): Buffer {
  return segment(DQT, [id, ...tableBytes(page, at, QUANTIZATION_BYTES)]);
}

/** A table has the number of codes of each length, then the values of all codes. */
function huffmanTable(page: TiffPage, at: number, id: number): Buffer {
  const lengths = tableBytes(page, at, HUFFMAN_LENGTHS);
  const count = lengths.reduce((sum, codes) => sum + codes, 0);
  return segment(DHT, [id, ...lengths, ...tableBytes(page, at + HUFFMAN_LENGTHS, count)]);
}

function tableBytes({ directory }: TiffPage, at: number, length: number): Buffer {
  const bytes = directory.file.subarray(at, at + length);
  if (bytes.length < length) throw corruptImage('is cut off: its TIFF data refer to bytes after its end');
  return bytes;
}

/** Only the first component has more samples than the others. */
function frameHeader({ directory, width, height, samples }: TiffPage, components: readonly number[]): Buffer {
  const [across = 2, down = 2] = directory.numbers(TAG.yCbCrSubsampling) ?? [];
  const sampling = samples === 1 ? 0x11 : (across << 4) | down;
  const size = [height >> 8, height & 0xff, width >> 8, width & 0xff];
  const entries = components.flatMap((id) => [id + 1, id === 0 ? sampling : 0x11, id]);
  return segment(SOF0, [8, ...size, samples, ...entries]);
}

function restartInterval(interval: number): Buffer {
  return interval === 0 ? Buffer.alloc(0) : segment(DRI, [interval >> 8, interval & 0xff]);
}

function segment(code: number, body: readonly number[]): Buffer {
  const length = body.length + 2;
  return Buffer.of(0xff, code, length >> 8, length & 0xff, ...body);
}

function withoutEnd(data: Buffer): Buffer {
  return data.subarray(-2).equals(EOI) ? data.subarray(0, -2) : data;
}

function unsupported(): Error {
  return unsupportedImage('TIFF', 'old-style JPEG compression');
}
