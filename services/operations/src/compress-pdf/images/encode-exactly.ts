import { encodeWithoutLoss, examined } from './choose.js';
import type { Decoded } from './decode-image.js';
import type { Refusal } from './image-header.js';
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
  const { width, height } = header;
  if ('jpeg' in decoded) {
    const { bare, data } = decoded.jpeg;
    if (bare.length >= data.length || header.filters.length !== 1) return { reason };
    const { parms } = header.filters[0] ?? {};
    const encoding = { name: 'jpeg', width, height, bits: 8, filter: 'DCTDecode', data: bare, ...(parms && { parms }) };
    return { encoding: { ...encoding, name: 'jpeg' }, isLossless: true };
  }
  if (!header.space || decoded.isLossy || decoded.bits > MAX_EXACT_BITS) return { reason };
  const colored = expandPalette({
    samples: decoded.samples,
    space: header.space,
    hasDefaultDecode: header.decode === 'default',
    isConverted: false,
  });
  const context = { params, isMask: use.onlyAsMask, isLossy: false };
  return { encoding: await encodeWithoutLoss(examined(colored), context), isLossless: true };
}
