import { createInflate, crc32, inflateSync } from 'node:zlib';
import { InputError, isInputError } from '../input-error.js';
import { parseExif } from './exif.js';
import type { ExifFacts } from './exif.js';
import { MAX_ICC_BYTES, checkPixels } from './limits.js';
import { dpiFromPixelsPerMetre } from './resolution.js';
import type { Dpi } from './resolution.js';

/** Colour types of a PNG (ISO/IEC 15948, table 11.1). */
export const PNG_COLOR = { gray: 0, rgb: 2, palette: 3, grayAlpha: 4, rgbAlpha: 6 } as const;

/** What the chunks of a PNG say (ISO/IEC 15948). */
export interface Png {
  readonly width: number;
  readonly height: number;
  readonly bitDepth: number;
  readonly colorType: number;
  readonly interlaced: boolean;
  readonly palette: Uint8Array | undefined;
  /** True where a tRNS chunk makes colours transparent. */
  readonly transparency: boolean;
  readonly dpi: Dpi | undefined;
  readonly exif: ExifFacts | undefined;
  readonly icc: Uint8Array | undefined;
  /** The bodies of the IDAT chunks: together one zlib stream of filtered rows. */
  readonly idat: readonly Uint8Array[];
}

/** Samples per pixel and the bit depths allowed, by colour type. */
const COLOR_TYPES = new Map<number, { samples: number; depths: readonly number[] }>([
  [PNG_COLOR.gray, { samples: 1, depths: [1, 2, 4, 8, 16] }],
  [PNG_COLOR.rgb, { samples: 3, depths: [8, 16] }],
  [PNG_COLOR.palette, { samples: 1, depths: [1, 2, 4, 8] }],
  [PNG_COLOR.grayAlpha, { samples: 2, depths: [8, 16] }],
  [PNG_COLOR.rgbAlpha, { samples: 4, depths: [8, 16] }],
]);

const SIGNATURE_BYTES = 8;
const MAX_FILTER_TYPE = 4;
/** Encoders write chunks of at least 8 KiB. */
const SMALL_CHUNK_BYTES = 1024;

/**
 * Reads all chunks and checks their lengths and checksums; the picture itself is checked by `verifyRows`.
 * Throws a `InputError`: `too_many_pixels` from the header alone, `corrupt_image` for a damaged or cut off file.
 */
export function parsePng(file: Uint8Array): Png {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  const header = readHeader(bytes);
  const chunks = new Map<string, Uint8Array>();
  const idat: Uint8Array[] = [];
  for (const { type, body } of walkChunks(bytes)) {
    if (type === 'IDAT') idat.push(body);
    else if (!chunks.has(type)) chunks.set(type, body);
  }
  if (idat.length === 0) throw corrupt('has no picture in its PNG data');
  const palette = chunks.get('PLTE');
  if (header.colorType === PNG_COLOR.palette && !isPalette(palette)) throw corrupt('has no valid PNG palette');
  const exif = chunks.get('eXIf');
  return {
    ...header,
    palette,
    transparency: chunks.has('tRNS'),
    dpi: readPhys(chunks.get('pHYs')),
    exif: exif && parseExif(exif),
    icc: readIccp(chunks.get('iCCP')),
    idat: withoutCrumbs(idat),
  };
}

/** The parts as they are, or as one where they are so small that each costs more than its bytes. */
function withoutCrumbs(parts: readonly Uint8Array[]): readonly Uint8Array[] {
  const bytes = parts.reduce((sum, { length }) => sum + length, 0);
  return bytes < parts.length * SMALL_CHUNK_BYTES ? [Buffer.concat(parts)] : parts;
}

/** Samples of one pixel: 1 to 4. */
export function samplesPerPixel(colorType: number): number {
  return COLOR_TYPES.get(colorType)?.samples ?? 0;
}

/**
 * Inflates the picture of a non-interlaced PNG and throws it away: there must be exactly as many bytes as the header
 * promises, and a known filter type before each row. Memory stays bounded, whatever the file promises.
 */
export async function verifyRows(png: Png): Promise<void> {
  const rowBytes = 1 + Math.ceil((png.width * samplesPerPixel(png.colorType) * png.bitDepth) / 8);
  const expected = rowBytes * png.height;
  let seen = 0;
  let nextRow = 0;
  for await (const chunk of inflated(png.idat, expected)) {
    if (seen + chunk.length > expected) throw corrupt('holds more PNG data than its header allows');
    for (; nextRow < seen + chunk.length; nextRow += rowBytes) {
      if ((chunk[nextRow - seen] ?? 0) > MAX_FILTER_TYPE) throw corrupt('has damaged PNG data');
    }
    seen += chunk.length;
  }
  if (seen < expected) throw corrupt('is cut off: rows of its PNG data are missing');
}

/** Pictures up to this size are inflated in one call, which takes a fraction of the time of a stream. */
const INFLATE_AT_ONCE_BYTES = 32 * 1024 * 1024;

async function* inflated(parts: readonly Uint8Array[], expected: number): AsyncGenerator<Buffer> {
  if (expected <= INFLATE_AT_ONCE_BYTES) yield inflateWhole(parts, expected);
  else yield* inflateInChunks(parts);
}

function inflateWhole(parts: readonly Uint8Array[], expected: number): Buffer {
  try {
    return inflateSync(Buffer.concat(parts), { maxOutputLength: expected + 1 });
  } catch (thrown) {
    throw new InputError('corrupt_image', 'has damaged PNG data', thrown);
  }
}

async function* inflateInChunks(parts: readonly Uint8Array[]): AsyncGenerator<Buffer> {
  const inflate = createInflate({ chunkSize: 256 * 1024 });
  for (const part of parts) inflate.write(part);
  inflate.end();
  try {
    for await (const chunk of inflate) if (Buffer.isBuffer(chunk)) yield chunk;
  } catch (thrown) {
    if (isInputError(thrown)) throw thrown;
    throw new InputError('corrupt_image', 'has damaged PNG data', thrown);
  } finally {
    inflate.destroy();
  }
}

function readHeader(bytes: Buffer): Pick<Png, 'width' | 'height' | 'bitDepth' | 'colorType' | 'interlaced'> {
  const start = SIGNATURE_BYTES + 8;
  if (bytes.length < start + 13 || bytes.toString('latin1', start - 4, start) !== 'IHDR') {
    throw corrupt('has no PNG header');
  }
  const header = {
    width: bytes.readUInt32BE(start),
    height: bytes.readUInt32BE(start + 4),
    bitDepth: bytes.readUInt8(start + 8),
    colorType: bytes.readUInt8(start + 9),
    interlaced: bytes.readUInt8(start + 12) === 1,
  };
  checkPixels(header.width, header.height);
  if (!COLOR_TYPES.get(header.colorType)?.depths.includes(header.bitDepth)) throw corrupt('has an invalid PNG header');
  return header;
}

function* walkChunks(bytes: Buffer): Generator<{ type: string; body: Uint8Array }> {
  let position = SIGNATURE_BYTES;
  for (;;) {
    if (position + 12 > bytes.length) throw corrupt('is cut off: the end of its PNG data is missing');
    const end = position + 8 + bytes.readUInt32BE(position);
    if (end + 4 > bytes.length) throw corrupt('is cut off: the end of its PNG data is missing');
    if (crc32(bytes.subarray(position + 4, end)) !== bytes.readUInt32BE(end)) {
      throw corrupt('has damaged PNG data: a checksum is wrong');
    }
    const type = bytes.toString('latin1', position + 4, position + 8);
    if (type === 'IEND') return;
    yield { type, body: bytes.subarray(position + 8, end) };
    position = end + 4;
  }
}

function isPalette(palette: Uint8Array | undefined): boolean {
  return palette !== undefined && palette.length > 0 && palette.length % 3 === 0 && palette.length <= 768;
}

function readPhys(body: Uint8Array | undefined): Dpi | undefined {
  if (body?.length !== 9 || body[8] !== 1) return undefined;
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  return dpiFromPixelsPerMetre(view.getUint32(0), view.getUint32(4));
}

/** Profile name, a zero byte, compression method 0, then the deflated profile. A damaged one is left out. */
function readIccp(body: Uint8Array | undefined): Uint8Array | undefined {
  const nameEnd = body?.indexOf(0) ?? -1;
  if (!body || nameEnd < 0 || body[nameEnd + 1] !== 0) return undefined;
  try {
    return inflateSync(body.subarray(nameEnd + 2), { maxOutputLength: MAX_ICC_BYTES });
  } catch {
    return undefined;
  }
}

function corrupt(message: string): InputError {
  return new InputError('corrupt_image', message);
}
