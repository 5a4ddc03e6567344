import type { Sharp } from 'sharp';
import { packBits } from '../images/bits.js';
import { sharp } from '../images/codec.js';
import { MAX_PIXELS } from '../images/limits.js';
import { wrapAsPng } from '../images/png-wrap.js';
import { PNG_COLOR } from '../images/png.js';
import { deflateBest } from '../pdf-lib/filters.js';
import type { Inflater } from '../pdf-lib/filters.js';
import type { ImageKind } from './image-kind.js';

export type ColorMode = 'no-change' | 'grayscale' | 'bitonal';

/** How an image is to be re-encoded: its new size in pixels, JPEG quality from 1 to 100, and colours. */
export interface Target {
  readonly width: number;
  readonly height: number;
  readonly quality: number;
  readonly colorMode: ColorMode;
}

/** A re-encoded image. Its colour space stays that of the original unless `gray`. */
export interface Recoded {
  readonly data: Uint8Array;
  readonly filter: 'DCTDecode' | 'FlateDecode';
  readonly bitsPerComponent: 1 | 8;
  readonly gray: boolean;
}

/** Re-encodes the samples of an image; undefined where they cannot be decoded. ICC profiles are not applied. */
export async function recode(
  contents: Uint8Array,
  kind: ImageKind,
  target: Target,
  inflater: Inflater,
): Promise<Recoded | undefined> {
  const source = await openImage(contents, kind, inflater);
  if (!source) return undefined;
  try {
    return await encode(source, kind, target);
  } catch {
    return undefined;
  }
}

async function openImage(contents: Uint8Array, kind: ImageKind, inflater: Inflater): Promise<Sharp | undefined> {
  const options = { limitInputPixels: MAX_PIXELS, failOn: 'error', ignoreIcc: true, sequentialRead: true } as const;
  const { width, height, components: channels } = kind;
  if (kind.filter === 'DCTDecode') return sharp(contents, options);
  if (kind.pngRows) {
    const colorType = channels === 1 ? PNG_COLOR.gray : PNG_COLOR.rgb;
    return sharp(wrapAsPng({ width, height, colorType }, contents), options);
  }
  const bytes = width * height * channels;
  const samples = await inflater.inflate(contents, bytes + 1024);
  if (!samples || samples.length < bytes) return undefined;
  return sharp(samples.subarray(0, bytes), { ...options, raw: { width, height, channels } });
}

async function encode(source: Sharp, kind: ImageKind, target: Target): Promise<Recoded> {
  const gray = target.colorMode !== 'no-change' || kind.components === 1;
  const pixels = source
    .resize(target.width, target.height, { fit: 'fill' })
    .grayscale(gray)
    .toColourspace(gray ? 'b-w' : 'srgb');
  const converted = gray && kind.components === 3;
  if (target.colorMode === 'bitonal') {
    const { data, info } = await pixels.raw().toBuffer({ resolveWithObject: true });
    const packed = await deflateBest(packBits(data, info.width, info.height));
    return { data: packed, filter: 'FlateDecode', bitsPerComponent: 1, gray: true };
  }
  const data = await pixels
    .jpeg({ quality: target.quality, progressive: true, quantisationTable: 3, chromaSubsampling: '4:2:0' })
    .toBuffer();
  return { data, filter: 'DCTDecode', bitsPerComponent: 8, gray: converted };
}
