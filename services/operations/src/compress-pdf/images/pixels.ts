import type { Sharp } from 'sharp';
import { MAX_PIXELS, sharp } from './codec.js';
import type { Samples } from './samples.js';
import { wrapAsTiff } from './tiff-wrap.js';

/** Options that keep libvips from changing samples or accepting damage. */
export const OPEN = { limitInputPixels: MAX_PIXELS, failOn: 'error', ignoreIcc: true, sequentialRead: true } as const;

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Opens samples of 1, 3 or 4 components. Four are opened as CMYK, because libvips takes others for alpha. */
export function openSamples({ width, height, channels, data }: Samples): Sharp {
  if (channels === 1 || channels === 3) return sharp(data, { ...OPEN, raw: { width, height, channels } });
  if (channels !== 4) throw new RangeError(`Samples of ${channels} components cannot be opened. Split them first.`);
  return asCmyk(sharp(wrapAsTiff({ width, height, channels, data }), OPEN));
}

/** Keeps four components as they are until the output. */
export function asCmyk(pipeline: Sharp): Sharp {
  return pipeline.pipelineColourspace('cmyk');
}

/** The name of the space that libvips outputs without a conversion. */
export function spaceOf(channels: number): 'b-w' | 'srgb' | 'cmyk' {
  if (channels === 1) return 'b-w';
  return channels === 3 ? 'srgb' : 'cmyk';
}

/** Runs a pipeline and returns its samples. Throws if it has another number of components. */
export async function readPixels(pipeline: Sharp, channels: number): Promise<Samples> {
  const { data, info } = await pipeline.toColourspace(spaceOf(channels)).raw().toBuffer({ resolveWithObject: true });
  if (info.channels !== channels) throw new RangeError(`The image has ${info.channels} components, not ${channels}.`);
  return { width: info.width, height: info.height, channels, data };
}

/**
 * How pixels are weighted. `cubic` gives smaller files than `lanczos3`, which keeps more of the noise. Thin strokes that
 * become black or white need `lanczos3`.
 */
type Kernel = 'cubic' | 'lanczos3';

/** Scales samples in the space of their own components. */
export async function resample(samples: Samples, size: Size, kernel: Kernel = 'cubic'): Promise<Samples> {
  if (samples.width === size.width && samples.height === size.height) return samples;
  const { channels } = samples;
  if (channels === 1 || channels === 3 || channels === 4)
    return readPixels(scaled(openSamples(samples), size, kernel), channels);
  const data = new Uint8Array(size.width * size.height * channels);
  for (let channel = 0; channel < channels; channel++) {
    const plane = await readPixels(scaled(openSamples(planeOf(samples, channel)), size, kernel), 1);
    for (const [at, value] of plane.data.entries()) data[at * channels + channel] = value;
  }
  return { ...size, channels, data };
}

export function scaled(pipeline: Sharp, { width, height }: Size, kernel: Kernel = 'cubic'): Sharp {
  return pipeline.resize(width, height, { fit: 'fill', kernel });
}

function planeOf({ width, height, channels, data }: Samples, channel: number): Samples {
  const plane = new Uint8Array(width * height);
  for (let at = 0, from = channel; at < plane.length; at++, from += channels) plane[at] = data[from] ?? 0;
  return { width, height, channels: 1, data: plane };
}
