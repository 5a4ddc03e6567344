import { MAX_BILEVEL_SIDE, PdfDict, PdfName, bilevelStreamEntries, encodeCcittG4, encodeJbig2 } from '@pdf-tools/pdf';
import type { Encoding } from './encoding.js';
import type { ImageParams } from './options.js';
import type { PackedSamples } from './samples.js';

/** Encodes samples of one bit without loss. Undefined if the image is too large for its format. */
export function encodeBilevel(samples: PackedSamples, bilevel: ImageParams['bilevel']): Encoding | undefined {
  const { width, height, packed } = samples;
  if (width > MAX_BILEVEL_SIDE || height > MAX_BILEVEL_SIDE) return undefined;
  // Both formats decode black, which is 1 in their images, to the sample 0.
  const image = { width, height, data: packed.map((byte) => byte ^ 0xff) };
  const isCcitt = bilevel === 'ccitt';
  const entries = bilevelStreamEntries(image, isCcitt ? 'CCITTFaxDecode' : 'JBIG2Decode');
  const { Filter, DecodeParms } = entries;
  return {
    ...{ name: isCcitt ? 'ccitt' : 'jbig2', width, height, bits: 1 },
    filter: Filter instanceof PdfName ? Filter.value : '',
    ...(DecodeParms instanceof PdfDict && { parms: DecodeParms }),
    data: isCcitt ? encodeCcittG4(image) : encodeJbig2(image),
  };
}
