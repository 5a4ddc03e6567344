import type { Encoding } from './encoding.js';
import { decodeJpeg, inverted } from './jpeg-source.js';
import { openSamples, spaceOf } from './pixels.js';
import type { Samples } from './samples.js';
import { similarity } from './ssim.js';

const CMYK_COMPONENTS = 4;
/** Qualities to try if the encoded image differs too much. */
const RAISE = [12, 22];
const MAX_QUALITY = 95;
/** Larger images would take more than a few seconds. */
const MAX_THOROUGH_PIXELS = 16_000_000;

export interface JpegTarget {
  /** From 1 to 100. */
  readonly quality: number;
  readonly keepsChroma: boolean;
  /** Whether to look for a smaller JPEG of the same quality, which takes several times as long. */
  readonly isThorough?: boolean;
  /** The similarity that the encoded image must have. */
  readonly wanted: { readonly mean: number; readonly low: number };
}

/** Whether samples of so many components fit DCTDecode. */
export function fitsJpeg(channels: number): boolean {
  return channels === 1 || channels === 3 || channels === CMYK_COMPONENTS;
}

/** Encodes samples as a progressive JPEG. */
async function encodeJpeg(
  samples: Samples,
  { quality, keepsChroma, isThorough = false }: Pick<JpegTarget, 'quality' | 'keepsChroma' | 'isThorough'>,
): Promise<Encoding> {
  const { width, height, channels } = samples;
  // libvips inverts CMYK when it writes a JPEG.
  const source = channels === CMYK_COMPONENTS ? inverted(samples) : samples;
  const data = await openSamples(source)
    .toColourspace(spaceOf(channels))
    .jpeg({
      quality,
      progressive: true,
      quantisationTable: 3,
      chromaSubsampling: keepsChroma ? '4:4:4' : '4:2:0',
      trellisQuantisation: isThorough,
      optimiseScans: isThorough,
    })
    .toBuffer();
  return { name: 'jpeg', width, height, bits: 8, filter: 'DCTDecode', data };
}

/** Encodes samples, decodes the result, and raises the quality if it differs too much. Undefined if it still does. */
export async function encodeCheckedJpeg(samples: Samples, target: JpegTarget): Promise<Encoding | undefined> {
  for (const more of [0, ...RAISE]) {
    const quality = Math.max(target.quality, Math.min(target.quality + more, MAX_QUALITY));
    const encoding = await encodeSimilar(samples, { ...target, quality, isThorough: false });
    if (!encoding) continue;
    const isThorough = target.isThorough === true && samples.width * samples.height <= MAX_THOROUGH_PIXELS;
    const thorough = isThorough ? await encodeSimilar(samples, { ...target, quality }) : undefined;
    return thorough && thorough.data.length < encoding.data.length ? thorough : encoding;
  }
  return undefined;
}

/** Encodes samples. Undefined if the result differs too much. */
async function encodeSimilar(samples: Samples, target: JpegTarget): Promise<Encoding | undefined> {
  const encoding = await encodeJpeg(samples, target);
  const { mean, low } = similarity(samples, await decodeEncoded(encoding, samples));
  return mean >= target.wanted.mean && low >= target.wanted.low ? encoding : undefined;
}

function decodeEncoded({ data, width, height }: Encoding, { channels }: Samples): Promise<Samples> {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  const isInverted = channels === CMYK_COMPONENTS;
  const source = { width, height, channels, data: bytes, bare: bytes, isProgressive: true, isInverted };
  return decodeJpeg(source, { width, height });
}
