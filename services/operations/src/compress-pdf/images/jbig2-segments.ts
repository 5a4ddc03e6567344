import type { Size } from './pixels.js';

/** Segment types (T.88, 7.3). */
const SYMBOL_DICTIONARY = 0;
const TEXT_REGIONS = [6, 7];
const GENERIC_REGIONS = [38, 39];
const REGIONS = [...TEXT_REGIONS, 22, 23, ...GENERIC_REGIONS];
const PAGE_INFORMATION = 48;
const [END_OF_PAGE, END_OF_FILE] = [49, 51];
/** Pattern dictionary, end of stripe, code table and extension. */
const OTHERS = [16, 50, 53, 62];
/** The shortest segment header (7.2). Fewer bytes after a segment are white space. */
const MIN_HEADER_BYTES = 11;
const MANY_REFERENCES = 7;

/** Huffman coding and reused contexts in the flags of a symbol dictionary (7.4.2.1.1). */
const UNSUPPORTED_SYMBOLS = 0x101;
/** Huffman coding, refinement and transposition in the flags of a text region (7.4.3.1.1). */
const UNSUPPORTED_TEXT = 0x43;
/** Coding, template and typical prediction in the flags of a generic region (7.4.6.2). */
const GENERIC_FLAGS = 0x0f;
/** The combination operators OR and XOR (7.4.1.5). */
const OPERATORS = [0, 2];
/** Regions that together have more pixels than so many pages are a decompression bomb. */
const MAX_COVERAGE = 4;

interface Segment {
  readonly type: number;
  readonly data: Buffer;
}

/** The segments of a stream in the embedded organization (ISO 32000-2, 7.4.7). */
export interface Segments {
  readonly list: readonly Segment[];
  /** Offset after the last segment before the end of the page. */
  readonly end: number;
}

/** Reads segment headers (T.88, 7.2). Throws a `RangeError` if a segment is longer than the stream. */
export function readSegments(bytes: Buffer): Segments {
  const list: Segment[] = [];
  let at = 0;
  while (at + MIN_HEADER_BYTES <= bytes.length) {
    const type = bytes.readUInt8(at + 4) & 0x3f;
    if (type === END_OF_PAGE || type === END_OF_FILE) break;
    const lengthAt = headerEnd(bytes, at) - 4;
    const start = lengthAt + 4;
    const end = start + bytes.readUInt32BE(lengthAt);
    if (end > bytes.length) throw new RangeError('A JBIG2 segment is longer than its stream.');
    list.push({ type, data: bytes.subarray(start, end) });
    at = end;
  }
  return { list, end: at };
}

function headerEnd(bytes: Buffer, at: number): number {
  const number = bytes.readUInt32BE(at);
  const hasLongPage = (bytes.readUInt8(at + 4) & 0x40) !== 0;
  const short = bytes.readUInt8(at + 5) >> 5;
  const isLong = short === MANY_REFERENCES;
  const count = isLong ? bytes.readUInt32BE(at + 5) & 0x1fff_ffff : short;
  const references = isLong ? at + 9 + Math.ceil((count + 1) / 8) : at + 6;
  const referenceBytes = number <= 256 ? 1 : number <= 65_536 ? 2 : 4;
  return references + count * referenceBytes + (hasLongPage ? 4 : 1) + 4;
}

/** Whether all readers draw the same page of this size from the segments, and the decoder supports them. */
export function isSupportedPage(segments: readonly Segment[], size: Size): boolean {
  const pages = segments.filter(({ type }) => type === PAGE_INFORMATION);
  const [page] = pages;
  if (!page || pages.length > 1) return false;
  const { width, height } = size;
  if (page.data.readUInt32BE(0) !== width || page.data.readUInt32BE(4) !== height) return false;
  const operator = (page.data.readUInt8(16) >> 3) & 3;
  const mayOverride = (page.data.readUInt8(16) & 0x40) !== 0;
  const regions = segments.filter(({ type }) => REGIONS.includes(type)).map(({ data }) => readRegion(data));
  const area = regions.reduce((sum, region) => sum + region.width * region.height, 0);
  return (
    area <= MAX_COVERAGE * width * height &&
    segments.every(isSupported) &&
    regions.every((region) => region.x + region.width <= width && region.y + region.height <= height) &&
    regions.every((region) => OPERATORS.includes(region.operator) && (mayOverride || region.operator === operator))
  );
}

/** Whether shapes are stored once and placed several times, which is smaller than any encoding of the page as one region. */
export function hasSymbols(segments: readonly Segment[]): boolean {
  return segments.some(({ type }) => TEXT_REGIONS.includes(type));
}

/** Region segment information (7.4.1). */
function readRegion(data: Buffer): Size & { readonly x: number; readonly y: number; readonly operator: number } {
  return {
    width: data.readUInt32BE(0),
    height: data.readUInt32BE(4),
    x: data.readUInt32BE(8),
    y: data.readUInt32BE(12),
    operator: data.readUInt8(16) & 7,
  };
}

function isSupported({ type, data }: Segment): boolean {
  if (type === SYMBOL_DICTIONARY) return (data.readUInt16BE(0) & UNSUPPORTED_SYMBOLS) === 0;
  if (TEXT_REGIONS.includes(type)) return (data.readUInt16BE(17) & UNSUPPORTED_TEXT) === 0;
  if (GENERIC_REGIONS.includes(type)) return (data.readUInt8(17) & ~GENERIC_FLAGS) === 0;
  return type === PAGE_INFORMATION || REGIONS.includes(type) || OTHERS.includes(type);
}
