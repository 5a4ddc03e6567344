import { promisify } from 'node:util';
import { inflate } from 'node:zlib';
import type { Sharp } from 'sharp';
import { packBits } from '../images/bits.js';
import { sharp } from '../images/codec.js';
import { MAX_PIXELS } from '../images/limits.js';
import { wrapAsPng } from '../images/png-wrap.js';
import { PNG_COLOR } from '../images/png.js';
import type { ImageSamples } from './image-kind.js';
import { deflateBest } from './packing.js';
import type { CompressParams } from './params.js';

const inflateAsync = promisify(inflate);
/** Some writers add a few bytes after the rows. */
const SPARE_BYTES = 1024;

/** How to encode an image. The size is in pixels. */
export interface Target extends Pick<CompressParams, 'image_quality' | 'color_mode'> {
  readonly width: number;
  readonly height: number;
}

/** An encoded image. It keeps the colour space of the original unless `gray`. */
export interface Recoded {
  readonly data: Buffer;
  readonly filter: 'DCTDecode' | 'FlateDecode';
  readonly bitsPerComponent: 1 | 8;
  readonly gray: boolean;
}

/** Encodes the samples of an image again. Returns undefined if they cannot be decoded. Does not apply ICC profiles. */
export async function recode(samples: ImageSamples, target: Target): Promise<Recoded | undefined> {
  try {
    return await encode(await open(samples), samples, target);
  } catch {
    return undefined;
  }
}

async function open({ width, height, components: channels, encoding, data }: ImageSamples): Promise<Sharp> {
  const options = { limitInputPixels: MAX_PIXELS, failOn: 'error', ignoreIcc: true, sequentialRead: true } as const;
  const raw = { width, height, channels };
  switch (encoding) {
    case 'jpeg':
      return sharp(data, options);
    case 'png rows': {
      const colorType = channels === 1 ? PNG_COLOR.gray : PNG_COLOR.rgb;
      return sharp(wrapAsPng({ width, height, colorType }, data), options);
    }
    case 'zlib': {
      const bytes = width * height * channels;
      const rows = await inflateAsync(data, { maxOutputLength: bytes + SPARE_BYTES });
      if (rows.length < bytes) throw new RangeError('rows are missing');
      return sharp(rows.subarray(0, bytes), { ...options, raw });
    }
    case 'raw':
      return sharp(data, { ...options, raw });
  }
}

async function encode(source: Sharp, samples: ImageSamples, target: Target): Promise<Recoded> {
  const gray = target.color_mode !== 'no-change' || samples.components === 1;
  const pixels = source
    .resize(target.width, target.height, { fit: 'fill' })
    .grayscale(gray)
    .toColourspace(gray ? 'b-w' : 'srgb');
  const converted = gray && samples.components === 3;
  if (target.color_mode === 'bitonal') {
    const { data, info } = await pixels.raw().toBuffer({ resolveWithObject: true });
    const packed = await deflateBest(packBits(data, info.width, info.height));
    return { data: packed, filter: 'FlateDecode', bitsPerComponent: 1, gray: true };
  }
  const data = await pixels
    .jpeg({ quality: target.image_quality, progressive: true, quantisationTable: 3, chromaSubsampling: '4:2:0' })
    .toBuffer();
  return { data, filter: 'DCTDecode', bitsPerComponent: 8, gray: converted };
}
