import type { Changes } from './changes.js';
import type { CompressParams } from './params.js';
import type { ImageOutcome } from './shrink-images.js';

/** The values that a target size may lower. */
export type ImageValues = Pick<CompressParams, 'dpi' | 'image_quality'>;

/** A document that was written with some values, and its size. */
export interface Attempt extends ImageValues {
  readonly changes: Changes;
  readonly images: readonly ImageOutcome[];
  readonly bytes: number;
}

/** A target size in bytes, and the values that were chosen for it. */
export interface Target extends ImageValues {
  readonly bytes: number;
}

type Limits = Pick<CompressParams, 'dpi' | 'image_quality' | 'min_dpi' | 'min_quality'>;

interface Search {
  readonly limits: Limits;
  readonly target: number;
  /** Encodes the images with other values and writes the document. Starts from the changes of the first attempt. */
  readonly attempt: (values: ImageValues) => Promise<Attempt>;
  /** Called with the completed share of the attempts, 0 to 1. */
  readonly onShare: (share: number) => void;
}

/** Steps between the values of the level and the floors. A binary search over them needs at most four attempts. */
const STEPS = 15;
const MAX_ATTEMPTS = Math.ceil(Math.log2(STEPS + 1));

/**
 * Lowers resolution and quality together until the document has at most `target` bytes. Returns the attempt with the highest
 * values that fits, otherwise the smallest one. The document that was written last may be another attempt.
 */
export async function fitTarget(first: Attempt, { limits, target, attempt, onShare }: Search): Promise<Attempt> {
  if (first.bytes <= target) return first;
  let best = first;
  let [low, high, attempts] = [1, STEPS, 0];
  while (low <= high) {
    const step = Math.floor((low + high) / 2);
    const tried = await attempt(valuesAt(step, limits));
    if (tried.bytes <= target || tried.bytes < best.bytes) best = tried;
    if (tried.bytes <= target) high = step - 1;
    else low = step + 1;
    attempts += 1;
    onShare(attempts / MAX_ATTEMPTS);
  }
  return best;
}

/** Resolution falls by the same factor with each step, quality by the same difference. */
function valuesAt(step: number, { dpi, image_quality, min_dpi, min_quality }: Limits): ImageValues {
  const share = step / STEPS;
  return {
    dpi: Math.round(dpi * (min_dpi / dpi) ** share),
    image_quality: Math.round(image_quality + (min_quality - image_quality) * share),
  };
}

/** The outcomes of an attempt. An image that the later attempt keeps has its outcome of the first one. */
export function mergeOutcomes(first: readonly ImageOutcome[], later: readonly ImageOutcome[]): ImageOutcome[] {
  const changed = new Map(later.filter(({ action }) => action !== 'kept').map((image) => [image.object, image]));
  return first.map((image) => changed.get(image.object) ?? image);
}
