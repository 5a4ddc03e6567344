import type { Filter, PdfObject } from '@pdf-tools/pdf';
import { parseJpeg, sharp } from './codec.js';
import type { Decoded } from './decode-image.js';
import type { ImageHeader, Refusal } from './image-header.js';
import { OPEN, asCmyk, readPixels, scaled } from './pixels.js';
import type { Size } from './pixels.js';
import { invertedBytes } from './samples.js';
import type { Samples } from './samples.js';

/** A complete JPEG that matches its dictionary. */
export interface JpegSource {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly data: Buffer;
  /** The parts that are left without metadata, thumbnails and data after the image. */
  readonly bare: readonly Uint8Array[];
  readonly isProgressive: boolean;
  /** Whether libvips inverts the samples, as it does with all CMYK. PDF readers go by /Decode only. */
  readonly isInverted: boolean;
}

const CMYK_COMPONENTS = 4;

/** Reads a JPEG (ISO 32000-2, 7.4.8). Returns a refusal if it is damaged or does not match the dictionary. */
export function readJpeg(data: Buffer, { parms }: Filter, header: ImageHeader): Decoded | Refusal {
  const jpeg = tryParse(data);
  if (!jpeg || !isAsDescribed(jpeg, header)) return { reason: 'JPEG data' };
  const { width, height, components: channels, adobeTransform } = jpeg;
  if (adobeTransform === undefined && channels > 1 && !isUsualTransform(parms?.get('ColorTransform'), jpeg))
    return { reason: 'colour transform' };
  const isInverted = channels === CMYK_COMPONENTS;
  return { jpeg: { width, height, channels, data, bare: jpeg.parts, isProgressive: jpeg.scans > 1, isInverted } };
}

type Jpeg = ReturnType<typeof parseJpeg>;

function isAsDescribed(jpeg: Jpeg, { width, height, space }: ImageHeader): boolean {
  const { components, bitsPerComponent, dctDecode } = jpeg;
  const isSame = jpeg.width === width && jpeg.height === height && components === space?.components;
  return isSame && dctDecode && bitsPerComponent === 8 && components !== 2;
}

/**
 * Whether /ColorTransform (table 13) says what libjpeg assumes without it. Readers take unusual identifiers of components
 * differently.
 */
function isUsualTransform(transform: PdfObject | undefined, { components, componentIds, jfif }: Jpeg): boolean {
  if (components !== 3) return transform === undefined || transform === 0;
  const isYcc = jfif || componentIds.every((id, at) => id === at + 1);
  return isYcc && (transform === undefined || transform === 1);
}

function tryParse(data: Buffer): Jpeg | undefined {
  try {
    return parseJpeg(data);
  } catch {
    return undefined;
  }
}

/** Decodes a JPEG at a size. Large reductions skip coefficients, so that they cost a fraction. */
export async function decodeJpeg({ data, channels, isInverted }: JpegSource, size: Size): Promise<Samples> {
  const opened = sharp(data, OPEN);
  const samples = await readPixels(scaled(channels === CMYK_COMPONENTS ? asCmyk(opened) : opened, size), channels);
  return isInverted ? inverted(samples) : samples;
}

export function inverted(samples: Samples): Samples {
  return { ...samples, data: invertedBytes(samples.data) };
}
