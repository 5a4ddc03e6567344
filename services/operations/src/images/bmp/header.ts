import { corruptImage, unsupportedImage } from '../errors.js';
import { dpiFromPixelsPerMetre } from '../resolution.js';
import type { Dpi } from '../resolution.js';

/** How the pixels of a bitmap are stored. */
type BmpCompression = 'none' | 'rle8' | 'rle4';

/** Which bits of a pixel hold red, green, blue and alpha. */
export type Masks = readonly [red: number, green: number, blue: number, alpha: number];

/** The header of a device-independent bitmap, as a BMP or an icon contains it. */
export interface BmpHeader {
  readonly width: number;
  readonly height: number;
  readonly topDown: boolean;
  readonly bits: number;
  readonly compression: BmpCompression;
  /** For 16 and 32 bits. */
  readonly masks: Masks;
  readonly dpi: Dpi | undefined;
  /** Red, green and blue of each colour, for up to 8 bits. */
  readonly palette: Uint8Array;
  /** Position after header, masks and palette. */
  readonly end: number;
}

const OS2_BYTES = 12;
const INFO_BYTES = 40;
const [NONE, RLE8, RLE4, BIT_FIELDS, JPEG, PNG, ALPHA_BIT_FIELDS] = [0, 1, 2, 3, 4, 5, 6];
const DEFAULT_MASKS: Readonly<Record<number, Masks>> = {
  16: [0x7c00, 0x03e0, 0x001f, 0],
  32: [0xff_0000, 0xff00, 0xff, 0],
};
const DEPTHS = [1, 2, 4, 8, 16, 24, 32];

/** Reads a header. Throws an `InputError` if it is damaged or of no kind that can be decoded. */
export function readBmpHeader(bytes: Buffer): BmpHeader {
  const size = bytes.length < OS2_BYTES ? 0 : bytes.readUInt32LE(0);
  if ((size !== OS2_BYTES && size < INFO_BYTES) || bytes.length < size) throw corruptImage('has a damaged BMP header');
  return size === OS2_BYTES ? readOs2Header(bytes) : readInfoHeader(bytes, size);
}

function readOs2Header(bytes: Buffer): BmpHeader {
  const bits = bytes.readUInt16LE(10);
  checkDepth(bits);
  const colors = bits <= 8 ? 1 << bits : 0;
  return {
    width: bytes.readUInt16LE(4),
    height: bytes.readUInt16LE(6),
    topDown: false,
    bits,
    compression: 'none',
    masks: DEFAULT_MASKS[bits] ?? [0, 0, 0, 0],
    dpi: undefined,
    palette: readPalette(bytes, { start: OS2_BYTES, colors, entryBytes: 3 }),
    end: OS2_BYTES + 3 * colors,
  };
}

function readInfoHeader(bytes: Buffer, size: number): BmpHeader {
  const bits = bytes.readUInt16LE(14);
  checkDepth(bits);
  const compression = bytes.readUInt32LE(16);
  const height = bytes.readInt32LE(8);
  // The masks follow the shortest header, and are part of the longer ones.
  const maskCount = compression === BIT_FIELDS ? 3 : compression === ALPHA_BIT_FIELDS ? 4 : 0;
  const start = size === INFO_BYTES ? size + 4 * maskCount : size;
  const used = bytes.readUInt32LE(32);
  const colors = bits <= 8 ? Math.min(used === 0 ? 1 << bits : used, 1 << bits) : 0;
  return {
    width: bytes.readInt32LE(4),
    height: Math.abs(height),
    topDown: height < 0,
    bits,
    compression: compressionOf(compression, bits),
    masks: masksOf(bytes, { size, bits, maskCount }),
    dpi: dpiFromPixelsPerMetre(bytes.readInt32LE(24), bytes.readInt32LE(28)),
    palette: readPalette(bytes, { start, colors, entryBytes: 4 }),
    end: start + 4 * (bits <= 8 ? colors : 0),
  };
}

function checkDepth(bits: number): void {
  if (!DEPTHS.includes(bits)) throw corruptImage(`has a damaged BMP header: ${bits} bits per pixel`);
}

function compressionOf(compression: number, bits: number): BmpCompression {
  switch (compression) {
    case NONE:
    case BIT_FIELDS:
    case ALPHA_BIT_FIELDS:
      return 'none';
    case RLE8:
      if (bits === 8) return 'rle8';
      break;
    case RLE4:
      if (bits === 4) return 'rle4';
      break;
    case JPEG:
    case PNG:
      throw unsupportedImage('BMP', compression === JPEG ? 'JPEG compression' : 'PNG compression');
    default:
  }
  throw unsupportedImage('BMP', `compression ${compression} of ${bits} bits per pixel`);
}

interface MaskLayout {
  readonly size: number;
  readonly bits: number;
  readonly maskCount: number;
}

function masksOf(bytes: Buffer, { size, bits, maskCount }: MaskLayout): Masks {
  const standard = DEFAULT_MASKS[bits] ?? [0, 0, 0, 0];
  if (maskCount === 0) return standard;
  const hasAlpha = maskCount === 4 || size >= INFO_BYTES + 16;
  if (bytes.length < INFO_BYTES + (hasAlpha ? 16 : 12)) throw corruptImage('has a damaged BMP header');
  const [red, green, blue] = [0, 4, 8].map((at) => bytes.readUInt32LE(INFO_BYTES + at));
  return [red ?? 0, green ?? 0, blue ?? 0, hasAlpha ? bytes.readUInt32LE(INFO_BYTES + 12) : 0];
}

interface PaletteLayout {
  readonly start: number;
  readonly colors: number;
  readonly entryBytes: 3 | 4;
}

function readPalette(bytes: Buffer, { start, colors, entryBytes }: PaletteLayout): Uint8Array {
  if (start + colors * entryBytes > bytes.length) throw corruptImage('is cut off: its BMP palette is incomplete');
  return Uint8Array.from({ length: 3 * colors }, (_none, at) => {
    // The file has blue first.
    const channel = 2 - (at % 3);
    return bytes[start + Math.floor(at / 3) * entryBytes + channel] ?? 0;
  });
}
