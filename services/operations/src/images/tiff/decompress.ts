import { promisify } from 'node:util';
import { inflate } from 'node:zlib';
import { Decompress as ZstdDecoder } from 'fzstd';
import { corruptImage, unsupportedImage } from '../errors.js';
import { reverseBits } from '../bits.js';
import { decodeLzw } from './lzw.js';
import { decodePackBits } from './pack-bits.js';
import { blockBytes } from './page.js';
import type { TiffPage } from './page.js';
import { undoDifferences } from './predictor.js';
import { COMPRESSION, compressionName } from './tags.js';

const inflateAsync = promisify(inflate);
const HORIZONTAL = 2;

/** Compressions whose data are a sequence of bytes, and not an image of their own. */
const BYTE_COMPRESSIONS: ReadonlySet<number> = new Set([
  COMPRESSION.none,
  COMPRESSION.lzw,
  COMPRESSION.adobeDeflate,
  COMPRESSION.deflate,
  COMPRESSION.packBits,
  COMPRESSION.zstd,
]);

/** Throws `unsupported_format` unless `decompressBlock` can read the blocks of the page. */
export function checkCompression({ compression, predictor, bits }: TiffPage): void {
  if (!BYTE_COMPRESSIONS.has(compression)) throw unsupportedImage('TIFF', compressionName(compression));
  if (!isPredicted(compression) || predictor === 1) return;
  if (predictor !== HORIZONTAL || (bits !== 8 && bits !== 16))
    throw unsupportedImage('TIFF', `predictor ${predictor} and samples of ${bits} bits`);
}

/** PackBits and uncompressed data have no predictor (TIFF 6.0, section 14). */
function isPredicted(compression: number): boolean {
  return compression !== COMPRESSION.none && compression !== COMPRESSION.packBits;
}

/** How many bytes a block of a page has. */
interface BlockSize {
  readonly rowBytes: number;
  readonly rows: number;
}

/** Returns the bytes of a block. Throws an `InputError` (`corrupt_image`) if any are missing or cannot be decoded. */
export async function decompressBlock(page: TiffPage, index: number, size: BlockSize): Promise<Buffer> {
  const stored = blockBytes(page, index);
  const data = await decompress(page, page.reversedBits ? reverseBits(stored) : stored, size);
  if (data.length < size.rowBytes * size.rows) {
    throw corruptImage('has damaged TIFF data: a strip or tile cannot be decoded to its end');
  }
  if (page.predictor === HORIZONTAL && isPredicted(page.compression)) {
    const samples = page.planar ? 1 : page.samples;
    const layout = { rowBytes: size.rowBytes, samples, little: page.directory.little };
    undoDifferences(data, { ...layout, bits: page.bits === 16 ? 16 : 8 });
  }
  return data;
}

async function decompress(page: TiffPage, stored: Buffer, { rowBytes, rows }: BlockSize): Promise<Buffer> {
  const needed = rowBytes * rows;
  switch (page.compression) {
    case COMPRESSION.none:
      return stored.subarray(0, needed);
    case COMPRESSION.lzw:
      // Files of libtiff before version 3 have their codes in another order of bits.
      if (stored[0] === 0 && ((stored[1] ?? 0) & 1) === 1) throw unsupportedImage('TIFF', 'LZW compression of 1988');
      return decodeInto(needed, (output) => decodeLzw(stored, output));
    case COMPRESSION.packBits:
      return decodeInto(needed, (output) => decodePackBits(stored, output));
    case COMPRESSION.zstd:
      return decodeZstd(stored, needed);
    default:
      return (await inflateBlock(stored, rowBytes * page.blocks.height)).subarray(0, needed);
  }
}

function decodeInto(needed: number, decode: (output: Buffer) => number): Buffer {
  const output = Buffer.allocUnsafe(needed);
  return output.subarray(0, decode(output));
}

/** Some writers fill the last strip up to the height of the others. `largest` is the size of such a block. */
async function inflateBlock(stored: Buffer, largest: number): Promise<Buffer> {
  try {
    return await inflateAsync(stored, { maxOutputLength: largest + 65_536 });
  } catch (thrown) {
    throw corruptImage('has damaged TIFF data: a strip or tile cannot be decompressed', thrown);
  }
}

/** fzstd trusts the size that a frame claims, so its output is collected only up to the bytes needed. */
function decodeZstd(stored: Buffer, needed: number): Buffer {
  const output = Buffer.allocUnsafe(needed);
  let written = 0;
  const decoder = new ZstdDecoder((chunk) => {
    const part = chunk.subarray(0, needed - written);
    output.set(part, written);
    written += part.length;
  });
  try {
    decoder.push(stored, true);
  } catch (thrown) {
    throw corruptImage('has damaged TIFF data: a strip or tile cannot be decompressed', thrown);
  }
  return output.subarray(0, written);
}
