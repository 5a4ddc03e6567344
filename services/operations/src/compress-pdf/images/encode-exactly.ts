import { encodeWithoutLoss, examined } from './choose.js';
import type { Decoded } from './decode-image.js';
import { encodeFlate } from './encode-flate.js';
import type { Encoding } from './encoding.js';
import type { ImageHeader, Refusal } from './image-header.js';
import type { JpegSource } from './jpeg-source.js';
import { expandPalette } from './encode-samples.js';
import type { SampleContext } from './encode-samples.js';
import type { Outcome } from './shrink-image.js';

/** Bits of samples that `toBytes` keeps without loss. */
const MAX_EXACT_BITS = 8;

/** Encodes an image whose samples must stay equal. A JPEG loses only its metadata. */
export async function encodeExactly(
  decoded: Exclude<Decoded, { bilevel: unknown }>,
  { header, params, use }: SampleContext,
  reason: string,
): Promise<Outcome | Refusal> {
  if ('jpeg' in decoded) {
    const bare = bareJpeg(decoded.jpeg, header);
    return bare ? { encoding: bare, isLossless: true } : { reason };
  }
  if (!header.space || decoded.isLossy || decoded.bits > MAX_EXACT_BITS) return { reason };
  // /Decode changes the indices, which the colours of the palette replace.
  if (header.space.palette && header.decode !== 'default') return { reason: 'decode array' };
  const colored = expandPalette({
    samples: decoded.samples,
    space: header.space,
    hasDefaultDecode: header.decode === 'default',
    isConverted: false,
  });
  const context = { params, isMask: use.onlyAsMask, isLossy: false };
  return { encoding: await encodeWithoutLoss(examined(colored), context), isLossless: true };
}

/** Encodes an image whose samples must keep their values, bits and colour space. */
export async function encodeUnchanged(
  decoded: Exclude<Decoded, { bilevel: unknown }>,
  header: ImageHeader,
  reason: string,
): Promise<Outcome | Refusal> {
  if ('jpeg' in decoded) {
    const bare = bareJpeg(decoded.jpeg, header);
    return bare ? { encoding: bare, isLossless: true } : { reason };
  }
  if (decoded.isLossy || decoded.bits !== MAX_EXACT_BITS) return { reason };
  return { encoding: await encodeFlate(decoded.samples), isLossless: true };
}

/** The same JPEG without metadata and other filters. Undefined if it has nothing to remove. */
export function bareJpeg({ bare, data }: JpegSource, { width, height, filters }: ImageHeader): Encoding | undefined {
  const bytes = bare.reduce((sum, { length }) => sum + length, 0);
  if (bytes >= data.length && filters.length === 1) return undefined;
  const parms = filters.at(-1)?.parms;
  const joined = Buffer.concat(bare, bytes);
  return { name: 'jpeg', width, height, bits: 8, filter: 'DCTDecode', data: joined, ...(parms && { parms }) };
}
