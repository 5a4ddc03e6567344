import { crc32, inflateSync } from 'node:zlib';
import { corruptImage } from '../errors.js';
import { parseExif } from '../exif.js';
import type { ExifFacts } from '../exif.js';
import { MAX_CARRIED_PIXELS, MAX_ICC_BYTES, checkPixels } from '../limits.js';
import { dpiFromPixelsPerMetre } from '../resolution.js';
import type { Dpi } from '../resolution.js';

/** Colour types of a PNG (ISO/IEC 15948, table 11.1). */
export const PNG_COLOR = { gray: 0, rgb: 2, palette: 3, grayAlpha: 4, rgbAlpha: 6 } as const;

/** The fields of the IHDR chunk. */
interface PngHeader {
  readonly width: number;
  readonly height: number;
  readonly bitDepth: number;
  readonly colorType: number;
  readonly interlaced: boolean;
}

/** The chunks of a PNG (ISO/IEC 15948). */
export interface Png extends PngHeader {
  readonly palette: Uint8Array | undefined;
  /** The body of the tRNS chunk, which makes colours transparent. */
  readonly transparency: Uint8Array | undefined;
  readonly dpi: Dpi | undefined;
  readonly exif: ExifFacts | undefined;
  readonly icc: Uint8Array | undefined;
  /** Whether the colours are declared to be sRGB. */
  readonly srgb: boolean;
  /** The body of the gAMA chunk as a number: 100,000 x the exponent of the encoding. */
  readonly gamma: number | undefined;
  /** The eight numbers of the cHRM chunk: 100,000 x the chromaticities of white, red, green and blue. */
  readonly chromaticities: readonly number[] | undefined;
  /** The bodies of the IDAT chunks: together one zlib stream of filtered rows. */
  readonly idat: readonly Uint8Array[];
  /** Sentences for the report about damage without effect on the image. */
  readonly notes: readonly string[];
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
/** Encoders write IDAT chunks of at least 8 KiB. */
const SMALL_CHUNK_BYTES = 1024;

/**
 * Reads all chunks and checks their lengths and checksums. `verifyRows` checks the rows. Chunks with a wrong checksum that
 * are not needed for the image are left out, and the end of the file may be missing. Throws an `InputError`:
 * `too_many_pixels` from the header only, `corrupt_image` for other damage.
 */
export function parsePng(file: Uint8Array): Png {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  const header = readHeader(bytes);
  const { chunks, idat, notes } = readChunks(bytes);
  if (idat.length === 0) throw corruptImage('has no image in its PNG data');
  const palette = chunks.get('PLTE');
  if (header.colorType === PNG_COLOR.palette && !isPalette(palette)) throw corruptImage('has no valid PNG palette');
  const exif = chunks.get('eXIf');
  return {
    ...header,
    palette,
    transparency: chunks.get('tRNS'),
    dpi: readPhys(chunks.get('pHYs')),
    exif: exif && parseExif(exif),
    icc: readIccp(chunks.get('iCCP')),
    srgb: chunks.has('sRGB'),
    gamma: readNumbers(chunks.get('gAMA'), 1)?.[0],
    chromaticities: readNumbers(chunks.get('cHRM'), 8),
    idat: joinSmall(idat),
    notes,
  };
}

/** Joins parts that are so small that each costs more than its bytes. */
function joinSmall(parts: readonly Uint8Array[]): readonly Uint8Array[] {
  const bytes = parts.reduce((sum, { length }) => sum + length, 0);
  return bytes < parts.length * SMALL_CHUNK_BYTES ? [Buffer.concat(parts)] : parts;
}

/** Returns the samples of one pixel: 1 to 4. */
export function samplesPerPixel(colorType: number): number {
  return COLOR_TYPES.get(colorType)?.samples ?? 0;
}

function readHeader(bytes: Buffer): PngHeader {
  const start = SIGNATURE_BYTES + 8;
  if (bytes.length < start + 13 || bytes.toString('latin1', start - 4, start) !== 'IHDR') {
    throw corruptImage('has no PNG header');
  }
  const header = {
    width: bytes.readUInt32BE(start),
    height: bytes.readUInt32BE(start + 4),
    bitDepth: bytes.readUInt8(start + 8),
    colorType: bytes.readUInt8(start + 9),
    interlaced: bytes.readUInt8(start + 12) === 1,
  };
  // One-bit images are bounded by their bytes.
  checkPixels(header.width, header.height, header.bitDepth === 1 ? MAX_CARRIED_PIXELS : undefined);
  if (!COLOR_TYPES.get(header.colorType)?.depths.includes(header.bitDepth))
    throw corruptImage('has an invalid PNG header');
  return header;
}

interface Chunks {
  /** The first chunk of each type other than IDAT. */
  readonly chunks: ReadonlyMap<string, Uint8Array>;
  readonly idat: readonly Uint8Array[];
  readonly notes: readonly string[];
}

function readChunks(bytes: Buffer): Chunks {
  const chunks = new Map<string, Uint8Array>();
  const idat: Uint8Array[] = [];
  const notes: string[] = [];
  for (let position = SIGNATURE_BYTES; ;) {
    const end = position + 12 <= bytes.length ? position + 8 + bytes.readUInt32BE(position) : Infinity;
    if (end + 4 > bytes.length) {
      // If IDAT is cut off, rows are missing, and `verifyRows` finds that out.
      if (idat.length === 0 || isType(bytes, position, 'IDAT')) throw cutOff();
      notes.push('the end of its PNG data is missing, but no row');
      break;
    }
    const type = bytes.toString('latin1', position + 4, position + 8);
    const body = bytes.subarray(position + 8, end);
    const isDamaged = crc32(bytes.subarray(position + 4, end)) !== bytes.readUInt32BE(end);
    if (isDamaged && !isAncillary(type)) throw corruptImage('has damaged PNG data: a checksum is wrong');
    if (isDamaged) notes.push(`the checksum of a PNG chunk (${type}) is wrong, and the chunk has been left out`);
    else if (type === 'IDAT') idat.push(body);
    else if (!chunks.has(type)) chunks.set(type, body);
    if (type === 'IEND') break;
    position = end + 4;
  }
  return { chunks, idat, notes };
}

function isType(bytes: Buffer, position: number, type: string): boolean {
  return bytes.toString('latin1', position + 4, position + 8) === type;
}

/** Decoders may ignore chunks whose type begins with a small letter. */
function isAncillary(type: string): boolean {
  return /^[a-z][A-Za-z]{3}$/.test(type);
}

function cutOff(): Error {
  return corruptImage('is cut off: the end of its PNG data is missing');
}

function readNumbers(body: Uint8Array | undefined, count: number): number[] | undefined {
  if (body?.length !== 4 * count) return undefined;
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  return Array.from({ length: count }, (_none, at) => view.getUint32(4 * at));
}

function isPalette(palette: Uint8Array | undefined): boolean {
  return palette !== undefined && palette.length > 0 && palette.length % 3 === 0 && palette.length <= 768;
}

function readPhys(body: Uint8Array | undefined): Dpi | undefined {
  if (body?.length !== 9 || body[8] !== 1) return undefined;
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  return dpiFromPixelsPerMetre(view.getUint32(0), view.getUint32(4));
}

/** Reads a profile: its name, a zero byte, compression method 0, then the deflated profile. A damaged one is left out. */
function readIccp(body: Uint8Array | undefined): Uint8Array | undefined {
  const nameEnd = body?.indexOf(0) ?? -1;
  if (!body || nameEnd < 0 || body[nameEnd + 1] !== 0) return undefined;
  try {
    return inflateSync(body.subarray(nameEnd + 2), { maxOutputLength: MAX_ICC_BYTES });
  } catch {
    return undefined;
  }
}
