import { MAX_BILEVEL_SIDE, PdfDict, PdfName, bilevelStreamEntries, encodeCcittG4, encodeJbig2 } from '@pdf-tools/pdf';
import { deflateBest } from '../packing.js';
import { smallest } from './encoding.js';
import type { Encoding } from './encoding.js';
import type { ImageParams } from './options.js';
import { invertedBytes } from './samples.js';
import type { PackedSamples } from './samples.js';

/** Smaller images are also deflated, because the headers of JBIG2 count. */
const SMALL_BYTES = 4096;

/** Encodes samples of one bit without loss. Undefined if the image is too large for its format. */
export async function encodeBilevel(
  samples: PackedSamples,
  bilevel: ImageParams['bilevel'],
): Promise<Encoding | undefined> {
  const { width, height, packed } = samples;
  if (width > MAX_BILEVEL_SIDE || height > MAX_BILEVEL_SIDE) return undefined;
  const coded = encodeCoded(samples, bilevel);
  // CCITT expands a halftone.
  if (coded.name !== 'ccitt' && packed.length > SMALL_BYTES) return coded;
  const common = { name: 'flate', width, height, bits: 1, filter: 'FlateDecode' } as const;
  return smallest([coded, { ...common, data: await deflateBest(packed) }]);
}

function encodeCoded({ width, height, packed }: PackedSamples, bilevel: ImageParams['bilevel']): Encoding {
  // Both formats decode black, which is 1 in their images, to the sample 0.
  const image = { width, height, data: invertedBytes(packed) };
  const isCcitt = bilevel === 'ccitt';
  const { Filter, DecodeParms } = bilevelStreamEntries(image, isCcitt ? 'CCITTFaxDecode' : 'JBIG2Decode');
  return {
    ...{ name: isCcitt ? 'ccitt' : 'jbig2', width, height, bits: 1 },
    filter: Filter instanceof PdfName ? Filter.value : '',
    ...(DecodeParms instanceof PdfDict && { parms: DecodeParms }),
    data: isCcitt ? encodeCcittG4(image) : encodeJbig2(image),
  };
}
