import { sharp } from '../codec.js';
import { encodeRaw } from '../encode.js';
import type { BilevelCoding } from '../encode.js';
import { corruptImage } from '../errors.js';
import { MAX_ANIMATION_PIXELS, MAX_ROW_PIXELS } from '../limits.js';
import type { ImageFrame } from '../pdf-image.js';
import { PixelBudget } from '../pixel-budget.js';
import { PNG_COLOR, parsePng } from '../png/parse-png.js';
import type { Png } from '../png/parse-png.js';
import { pngColorSpace } from '../png/png-color.js';
import { readPng } from '../png/read-png.js';
import { wrapAsPng } from '../png/wrap-png.js';
import { takeChannels } from '../raw-image.js';
import type { RawImage } from '../raw-image.js';
import { readAnimation } from './animation.js';
import type { Animation, AnimationFrame } from './animation.js';
import { AnimationCanvas } from './canvas.js';
import type { CanvasLayout, Samples } from './canvas.js';

interface Options {
  readonly signal: AbortSignal;
  readonly bilevel?: BilevelCoding | undefined;
}

/**
 * Reads every frame of an animated PNG as it is shown. If the animation is damaged, only the frames before the damage
 * count, or else its image. `promised` is the number of frames that it promises. Throws an `InputError`: `corrupt_image`,
 * `too_many_pixels`, `too_many_pages`.
 */
export async function* readAnimatedPng(
  file: Buffer,
  promised: number,
  { signal, bilevel }: Options,
): AsyncGenerator<ImageFrame> {
  const png = parsePng(file);
  const animation = readAnimation(file, png, promised);
  const layout = layoutOf(png);
  const pixels = png.width * png.height * (layout.deep ? 2 : 1);
  const isTooLarge = pixels > MAX_ANIMATION_PIXELS || png.width > MAX_ROW_PIXELS;
  if (animation.frames.length === 0 || isTooLarge) {
    yield await readImageOnly(file, bilevel, isTooLarge ? 'is too large' : 'is damaged');
    return;
  }
  const facts = { ...placementOf(png), notes: notesOf(png, animation, promised), frameCount: animation.frames.length };
  for await (const { index, samples } of drawFrames(png, animation, layout, signal)) {
    if (index === 0 && animation.startsWithImage) yield { ...(await readPng(file, bilevel)), ...facts };
    else yield { image: await encodeFrame(png, layout, samples, bilevel), ...facts };
  }
}

async function readImageOnly(
  file: Buffer,
  bilevel: BilevelCoding | undefined,
  reason: 'is too large' | 'is damaged',
): Promise<ImageFrame> {
  const image = await readPng(file, bilevel);
  const note = `its animation ${reason}, and only its image has a page`;
  return { ...image, notes: [...(image.notes ?? []), note], frameCount: 1 };
}

function placementOf({ exif, dpi }: Png): Pick<ImageFrame, 'orientation' | 'dpi'> {
  return { orientation: exif?.orientation ?? 1, dpi: dpi ?? exif?.dpi };
}

function notesOf(png: Png, { frames, damaged }: Animation, promised: number): string[] {
  if (!damaged) return [...png.notes];
  const shown =
    frames.length === promised
      ? `the ${promised} frames that it promises`
      : `${frames.length} of its ${promised} frames`;
  return [...png.notes, `its animation is damaged, and only ${shown} have a page`];
}

function layoutOf({ width, height, colorType, bitDepth }: Png): CanvasLayout {
  const isGray = colorType === PNG_COLOR.gray || colorType === PNG_COLOR.grayAlpha;
  return { width, height, channels: isGray ? 2 : 4, deep: bitDepth === 16 };
}

interface DrawnFrame {
  readonly index: number;
  readonly samples: Samples;
}

async function* drawFrames(
  png: Png,
  { frames }: Animation,
  layout: CanvasLayout,
  signal: AbortSignal,
): AsyncGenerator<DrawnFrame> {
  const canvas = new AnimationCanvas(layout);
  const budget = new PixelBudget();
  for (const [index, frame] of frames.entries()) {
    signal.throwIfAborted();
    budget.spend(layout.width, layout.height);
    yield { index, samples: canvas.draw(frame, await decodeFrame(png, frame, layout)) };
  }
}

/** Decodes the area of a frame to samples with alpha. */
async function decodeFrame(png: Png, frame: AnimationFrame, { channels, deep }: CanvasLayout): Promise<Samples> {
  const { width, height } = frame;
  const input = wrapAsPng({ ...png, width, height }, ...frame.data);
  // sharp drops the alpha of gray samples of 8 bits.
  const space = deep ? (channels === 2 ? 'grey16' : 'rgb16') : 'srgb';
  try {
    const bytes = await sharp(input, { limitInputPixels: MAX_ANIMATION_PIXELS, failOn: 'error', ignoreIcc: true })
      .toColourspace(space)
      .ensureAlpha()
      .raw({ depth: deep ? 'ushort' : 'uchar' })
      .toBuffer();
    if (deep) return new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2);
    return channels === 2 ? grayWithAlpha(bytes) : bytes;
  } catch (thrown) {
    throw corruptImage('has damaged PNG data: a frame of its animation cannot be decoded', thrown);
  }
}

function grayWithAlpha(rgba: Uint8Array): Uint8Array {
  return new Uint8Array(rgba.length / 2).map((_none, at) => rgba[at % 2 === 0 ? 2 * at : 2 * at + 1] ?? 0);
}

async function encodeFrame(
  png: Png,
  { width, height, channels }: CanvasLayout,
  samples: Samples,
  bilevel: BilevelCoding | undefined,
): Promise<ImageFrame['image']> {
  const count = channels === 2 ? 1 : 3;
  const raw: RawImage = {
    width,
    height,
    model: count === 1 ? 'gray' : 'rgb',
    samples: takeChannels(samples, channels, { first: 0, count }),
    alpha: takeChannels(samples, channels, { first: count, count: 1 }),
  };
  return encodeRaw(raw, { profiled: pngColorSpace(png, count), bilevel });
}
