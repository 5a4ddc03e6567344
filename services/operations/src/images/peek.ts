import type { FormatName } from '../formats.js';

/**
 * Pixels of a picture that has to be decoded, as its first bytes claim them, for an estimate of the memory that the work
 * will take: nothing is parsed, and nothing that is built on it may trust it. Undefined where the start of the file does
 * not say, and for JPEG, whose data is carried over without being decoded.
 */
export function peekPixels(format: FormatName, head: Uint8Array): number | undefined {
  const size = peekSize(format, head);
  // The sides of a PNG can claim more than a whole number holds exactly, and a job's record would refuse it.
  return size && Math.min(size[0] * size[1], Number.MAX_SAFE_INTEGER);
}

/** Width and height of such a picture, in pixels. */
export function peekSize(format: FormatName, head: Uint8Array): Size | undefined {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength);
  return bytes.length < 32 ? undefined : readSize(format, bytes);
}

type Size = readonly [width: number, height: number];

function readSize(format: FormatName, bytes: Buffer): Size | undefined {
  switch (format) {
    case 'png':
      // IHDR is always the first chunk (PNG, third edition, 11.2.1).
      return [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
    case 'gif':
      return [bytes.readUInt16LE(6), bytes.readUInt16LE(8)];
    case 'webp':
      return webpSize(bytes);
    case 'avif':
      return avifSize(bytes);
    case 'jpeg':
    case 'tiff':
    case 'pdf':
      return undefined;
  }
}

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

/** The first image spatial extents property (ISO/IEC 23008-12, 6.5.3): a full box with width and height. */
function avifSize(bytes: Buffer): Size | undefined {
  const at = bytes.indexOf('ispe', 0, 'latin1');
  return at < 0 || at + 16 > bytes.length ? undefined : [bytes.readUInt32BE(at + 8), bytes.readUInt32BE(at + 12)];
}
