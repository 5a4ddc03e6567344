import type { Samples } from './samples.js';

/** Properties of an image's samples that decide how it is encoded. */
export interface Content {
  /**
   * The distinct pixels as integers, or undefined if there are more than 256 or a pixel does not fit 32 bits. They are
   * complete if a palette can hold them.
   */
  readonly colors: readonly number[] | undefined;
  /** Share of pixels that equal their left neighbour, 0 to 1. */
  readonly flat: number;
  /** Whether a pixel of three components is not gray. */
  readonly hasColor: boolean;
  /** Whether chroma jumps between neighbours, so that it must keep its resolution. */
  readonly hasColorEdges: boolean;
}

const MAX_COLORS = 256;
/** Deviation between components of one pixel that is not visible. */
const GRAY_TOLERANCE = 3;
/** A step of red minus green plus one of blue minus green, in samples. */
const COLOR_EDGE = 160;
const COLOR_EDGE_SHARE = 0.002;
/** Rows that give an estimate. */
const ESTIMATED_ROWS = 128;
const FEW_COLORS = 16;
/** Share from which an image is drawn, not photographed: charts, screenshots and text. */
const SYNTHETIC_SHARE = 0.6;
/** An estimate below is so far from that share that all rows would give the same answer. */
const CLEARLY_NOISY_SHARE = 0.4;

/** Examines all samples, or an even part of the rows if those leave no doubt. */
export function examine(samples: Samples): Content {
  const estimate = estimateContent(samples);
  return isClear(estimate, samples.channels) ? estimate : examineRows(samples, 1);
}

/** Whether samples of some rows decide. More rows may add colours, but cannot make an image one of few colours. */
function isClear(estimate: Content, channels: number): boolean {
  const hasManyColors = estimate.colors === undefined || (channels === 1 && estimate.colors.length > FEW_COLORS);
  return hasManyColors && estimate.flat < CLEARLY_NOISY_SHARE && (channels !== 3 || estimate.hasColor);
}

function estimateContent(samples: Samples): Content {
  return examineRows(samples, Math.max(1, Math.floor(samples.height / ESTIMATED_ROWS)));
}

/** Examines every `rowStep`-th row. */
function examineRows(samples: Samples, rowStep: number): Content {
  const { width, height, channels, data } = samples;
  if (channels === 1) return examineSingle(samples, rowStep);
  const colors = new ColorCounter(channels);
  const isRgb = channels === 3;
  let [equal, edges, deviation, pixels] = [0, 0, 0, 0];
  for (let y = 0; y < height; y += rowStep) {
    let previous = -1;
    pixels += width;
    for (let x = 0, at = y * width * channels; x < width; x++, at += channels) {
      const pixel = isRgb ? rgbAt(data, at) : pixelAt(data, at, channels);
      if (pixel === previous) {
        equal++;
        continue;
      }
      colors.add(pixel);
      if (isRgb) {
        deviation = Math.max(deviation, spread(pixel));
        edges += isColorEdge(pixel, previous);
      }
      previous = pixel;
    }
  }
  return {
    colors: colors.found(),
    flat: equal / pixels,
    hasColor: !isRgb || deviation > GRAY_TOLERANCE,
    hasColorEdges: edges / pixels > COLOR_EDGE_SHARE,
  };
}

function examineSingle({ width, height, data }: Samples, rowStep: number): Content {
  const isFound = new Uint8Array(MAX_COLORS);
  let [equal, pixels] = [0, 0];
  for (let y = 0; y < height; y += rowStep) {
    let previous = -1;
    pixels += width;
    for (let at = y * width, end = at + width; at < end; at++) {
      const value = data[at] ?? 0;
      if (value === previous) equal++;
      isFound[value] = 1;
      previous = value;
    }
  }
  const colors = [...isFound.keys()].filter((value) => isFound[value] === 1);
  return { colors, flat: equal / pixels, hasColor: false, hasColorEdges: false };
}

/** Whether an image was drawn: it has flat areas or few colours. */
export function isSynthetic({ flat, colors }: Content): boolean {
  return flat > SYNTHETIC_SHARE || (colors !== undefined && colors.length <= FEW_COLORS);
}

/** Whether a palette can hold the colours of an image, and is smaller than its samples. */
export function fitsPalette({ colors }: Content, channels: number): boolean {
  return colors !== undefined && (channels > 1 || colors.length <= FEW_COLORS);
}

/** Whether an estimate says that the image has neither flat areas nor few colours. */
export function isPhotographic(samples: Samples): boolean {
  const estimate = estimateContent(samples);
  return !isSynthetic(estimate) && !fitsPalette(estimate, samples.channels);
}

/** The components of a pixel as one integer. More than four are mixed, which serves to compare neighbours. */
export function pixelAt(data: Uint8Array, at: number, channels: number): number {
  let pixel = 0;
  for (let channel = 0; channel < channels; channel++) pixel = pixel * 256 + (data[at + channel] ?? 0);
  return pixel;
}

/** As `pixelAt` of three components. */
function rgbAt(data: Uint8Array, at: number): number {
  return ((data[at] ?? 0) << 16) | ((data[at + 1] ?? 0) << 8) | (data[at + 2] ?? 0);
}

function spread(pixel: number): number {
  const [red, green, blue] = [pixel >> 16, (pixel >> 8) & 255, pixel & 255];
  return Math.max(red, green, blue) - Math.min(red, green, blue);
}

/** 1 if chroma jumps. The previous pixel is -1 at the start of a row. */
function isColorEdge(pixel: number, previous: number): 0 | 1 {
  return previous >= 0 && colorStep(pixel, previous) > COLOR_EDGE ? 1 : 0;
}

function colorStep(pixel: number, other: number): number {
  const [green, otherGreen] = [(pixel >> 8) & 255, (other >> 8) & 255];
  const red = (pixel >> 16) - green - ((other >> 16) - otherGreen);
  const blue = (pixel & 255) - green - ((other & 255) - otherGreen);
  return Math.abs(red) + Math.abs(blue);
}

/** Collects distinct values until there are too many. */
class ColorCounter {
  readonly #colors = new Set<number>();
  #isFull: boolean;

  /** More than four components do not fit one integer. */
  constructor(channels: number) {
    this.#isFull = channels > 4;
  }

  add(pixel: number): void {
    if (this.#isFull) return;
    this.#colors.add(pixel);
    this.#isFull = this.#colors.size > MAX_COLORS;
  }

  /** The values in the order in which they were added. */
  found(): readonly number[] | undefined {
    return this.#isFull ? undefined : [...this.#colors];
  }
}
