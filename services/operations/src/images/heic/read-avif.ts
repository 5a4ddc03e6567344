import { decodeImage } from '../decode.js';
import { usableProfile } from '../icc.js';
import { MAX_AVIF_PIXELS } from '../limits.js';
import { colorSpaceFor } from '../pdf-image.js';
import type { ReadImage } from '../pdf-image.js';
import { readColorDescription } from './color-description.js';
import { HDR_NOTE, isHdr, profileFor } from './described-profile.js';

/** Level of Deflate for AVIF. Noise that its decoder leaves does not get smaller above it. */
const AVIF_LEVEL = 6;

/** Decodes the primary image of an AVIF file. libvips ignores colours that are described without a profile. */
export async function readAvif(file: Buffer): Promise<ReadImage> {
  const description = readColorDescription(file);
  const profile = description && profileFor(description);
  const rgb = profile && colorSpaceFor(3, usableProfile(profile, 3));
  const image = await decodeImage({
    input: file,
    maxPixels: MAX_AVIF_PIXELS,
    level: AVIF_LEVEL,
    ...(rgb && { declared: (components) => (components === 3 ? rgb : colorSpaceFor(components, undefined)) }),
  });
  return isHdr(description) ? { ...image, notes: [...(image.notes ?? []), HDR_NOTE] } : image;
}
