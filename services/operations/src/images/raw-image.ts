/** What the channels of decoded samples are. Lab has 16 or 8 bits as in PDF, with a and b offset to be unsigned. */
export type ColorModel = 'gray' | 'rgb' | 'cmyk' | 'lab';

export const MODEL_CHANNELS = { gray: 1, rgb: 3, cmyk: 4, lab: 3 } as const;

/**
 * Decoded samples, rows from the top, pixels interleaved without padding: of 8 bits as bytes, of 16 bits as numbers.
 */
export interface RawImage {
  readonly width: number;
  readonly height: number;
  readonly model: ColorModel;
  readonly samples: Uint8Array | Uint16Array;
  /** One sample per pixel; 0 is transparent. It has the depth of the samples. */
  readonly alpha?: Uint8Array | Uint16Array | undefined;
}

/** Returns the samples of one or more adjacent channels of interleaved samples. */
export function takeChannels<Samples extends Uint8Array | Uint16Array>(
  samples: Samples,
  channels: number,
  { first, count }: { readonly first: number; readonly count: number },
): Samples {
  const pixels = samples.length / channels;
  const taken = (
    samples instanceof Uint16Array ? new Uint16Array(pixels * count) : new Uint8Array(pixels * count)
  ) as Samples;
  for (let [from, to] = [first, 0]; to < taken.length; from += channels, to += count)
    for (let channel = 0; channel < count; channel += 1) taken[to + channel] = samples[from + channel] ?? 0;
  return taken;
}
