import { releaseMemory } from '../../release-memory.js';
import { smallest } from './encoding.js';
import type { Encoding } from './encoding.js';
import { decodeJpeg, inverted } from './jpeg-source.js';
import { openSamples, spaceOf } from './pixels.js';
import type { Samples } from './samples.js';
import { sampleTiles } from './sample-tiles.js';
import { similarity } from './ssim.js';

const CMYK_COMPONENTS = 4;
/** Qualities to try if the encoded image differs too much. */
const RAISE = [12, 22];
const MAX_QUALITY = 95;
/** Larger images would take more than a few seconds. */
const MAX_THOROUGH_PIXELS = 16_000_000;
/** Larger images are encoded in one scan, which takes 7 % more bytes than progressive ones and half the time. */
const MAX_PROGRESSIVE_PIXELS = 1_500_000;

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

interface JpegOptions extends Pick<JpegTarget, 'quality' | 'keepsChroma' | 'isThorough'> {
  readonly isProgressive?: boolean;
  /** Whether only the decoded samples count, not the size. */
  readonly isTrial?: boolean;
}

/** Encodes samples as a JPEG. `isProgressive` and `isTrial` do not change what is decoded. */
async function encodeJpeg(
  samples: Samples,
  { quality, keepsChroma, isThorough = false, isProgressive = isThorough, isTrial = false }: JpegOptions,
): Promise<Encoding> {
  const { width, height, channels } = samples;
  // libvips inverts CMYK when it writes a JPEG.
  const source = channels === CMYK_COMPONENTS ? inverted(samples) : samples;
  const data = await openSamples(source)
    .toColourspace(spaceOf(channels))
    .jpeg({
      quality,
      progressive: isProgressive,
      quantisationTable: 3,
      chromaSubsampling: keepsChroma ? '4:4:4' : '4:2:0',
      trellisQuantisation: isThorough,
      optimiseScans: isThorough,
      optimiseCoding: !isTrial,
    })
    .toBuffer();
  return { name: 'jpeg', width, height, bits: 8, filter: 'DCTDecode', data };
}

/** Encodes samples with the lowest of some qualities that keeps a sample of tiles similar. Undefined if none does. */
export async function encodeCheckedJpeg(samples: Samples, target: JpegTarget): Promise<Encoding | undefined> {
  const part = sampleTiles(samples);
  for (const more of [0, ...RAISE]) {
    const quality = Math.max(target.quality, Math.min(target.quality + more, MAX_QUALITY));
    const options = { quality, keepsChroma: target.keepsChroma };
    if (!(await isSimilar(part, await encodeJpeg(part, { ...options, isTrial: true }), target))) continue;
    const pixels = samples.width * samples.height;
    const encoding = await encodeJpeg(samples, { ...options, isProgressive: pixels <= MAX_PROGRESSIVE_PIXELS });
    if (target.isThorough !== true || pixels > MAX_THOROUGH_PIXELS) return encoding;
    const thorough = await encodeJpeg(samples, { ...options, isThorough: true });
    return (await isSimilar(samples, thorough, target)) ? (smallest([thorough, encoding]) ?? encoding) : encoding;
  }
  return undefined;
}

/** Whether an encoding of samples differs from them as little as it must. */
async function isSimilar(samples: Samples, encoding: Encoding, { wanted }: JpegTarget): Promise<boolean> {
  const decoded = await decodeEncoded(encoding, samples);
  const { mean, low } = similarity(samples, decoded);
  releaseMemory(decoded.data);
  return mean >= wanted.mean && low >= wanted.low;
}

function decodeEncoded({ data, width, height }: Encoding, { channels }: Samples): Promise<Samples> {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  const isInverted = channels === CMYK_COMPONENTS;
  const source = { width, height, channels, data: bytes, bare: [], isProgressive: true, isInverted };
  return decodeJpeg(source, { width, height });
}
