import type { FormatName } from '../formats.js';

/**
 * Returns the pixels of an image that has to be decoded, as its first bytes claim them. This is for an estimate of the
 * memory that the work takes, and not to be trusted. Undefined if the start of the file does not say, and for formats
 * whose data is carried over without being decoded.
 */
export function peekPixels(format: FormatName, head: Uint8Array): number | undefined {
  const size = peekSize(format, head);
  // The sides of a PNG can claim more than a whole number holds exactly, and a job's record would refuse it.
  return size && Math.min(size[0] * size[1], Number.MAX_SAFE_INTEGER);
}

/** Returns width and height of such an image in pixels. */
export function peekSize(format: FormatName, head: Uint8Array): Size | undefined {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength);
  return bytes.length < 32 ? undefined : SIZE_READERS[format]?.(bytes);
}

type Size = readonly [width: number, height: number];

/** Formats without an entry are not decoded, or have no size at a fixed position. */
const SIZE_READERS: Partial<Record<FormatName, (bytes: Buffer) => Size | undefined>> = {
  // IHDR is always the first chunk (PNG, third edition, 11.2.1).
  png: (bytes) => [bytes.readUInt32BE(16), bytes.readUInt32BE(20)],
  gif: (bytes) => [bytes.readUInt16LE(6), bytes.readUInt16LE(8)],
  webp: webpSize,
  avif: heifSize,
  heic: heifSize,
  bmp: bmpSize,
};

/** RFC 9649, sections 2.5 to 2.7. */
function webpSize(bytes: Buffer): Size | undefined {
  switch (bytes.toString('latin1', 12, 16)) {
    case 'VP8X':
      return [bytes.readUIntLE(24, 3) + 1, bytes.readUIntLE(27, 3) + 1];
    case 'VP8L': {
      const bits = bytes.readUInt32LE(21);
      return [(bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1];
    }
    case 'VP8 ':
      return [bytes.readUInt16LE(26) & 0x3fff, bytes.readUInt16LE(28) & 0x3fff];
    default:
      return undefined;
  }
}

/** The largest of the image spatial extents properties (ISO/IEC 23008-12, 6.5.3). Tiles have smaller ones. */
function heifSize(bytes: Buffer): Size | undefined {
  let largest: Size | undefined;
  for (let at = bytes.indexOf('ispe', 0, 'latin1'); at >= 0 && at + 16 <= bytes.length;) {
    const size = [bytes.readUInt32BE(at + 8), bytes.readUInt32BE(at + 12)] as const;
    if (!largest || size[0] * size[1] > largest[0] * largest[1]) largest = size;
    at = bytes.indexOf('ispe', at + 4, 'latin1');
  }
  return largest;
}

/** The header of OS/2 has sides of 16 bits, all others of 32. A negative height means that the top row comes first. */
function bmpSize(bytes: Buffer): Size {
  if (bytes.readUInt32LE(14) === 12) return [bytes.readUInt16LE(18), bytes.readUInt16LE(20)];
  return [Math.abs(bytes.readInt32LE(18)), Math.abs(bytes.readInt32LE(22))];
}
