import { stat } from 'node:fs/promises';
import type { ImageUses, PdfFile } from '@pdf-tools/pdf';
import type { RunContext } from '../operation.js';
import type { Changes } from './changes.js';
import type { CompressParams } from './params.js';
import { stripProfiles } from './color-profiles/shrink-profiles.js';
import { shrinkImages } from './shrink-images.js';
import type { ImageOutcome } from './shrink-images.js';
import { fitTarget, mergeOutcomes } from './target-size.js';
import type { Attempt, ImageValues, Target } from './target-size.js';

/** A compressed document, which is at the output path. */
interface Compressed {
  readonly params: CompressParams;
  readonly changes: Changes;
  readonly uses: ImageUses;
  readonly images: readonly ImageOutcome[];
  readonly dropped: number;
  /** Whether colour profiles are replaced by device spaces. */
  readonly strips: boolean;
  /** Writes a document to the output path. Returns the number of unreferenced objects. */
  readonly write: (changes: Changes) => number;
}

interface Fitted {
  readonly images: readonly ImageOutcome[];
  readonly dropped: number;
  readonly target: Target;
}

/** Share of the work before the attempts to reach a target size, in percent. */
const FIRST_PERCENT = 50;

/** Returns a function that reports the progress of the work before the attempts. */
export function firstPart(progress: RunContext['progress']): RunContext['progress'] {
  return (percent, stage) => {
    progress(Math.round((percent * FIRST_PERCENT) / 100), stage);
  };
}

/** Encodes the images of a document again until it fits the target size, and writes it. Keeps all other changes. */
export async function fitDocument(
  { outputPath, signal, progress }: RunContext,
  file: PdfFile,
  { params, changes, uses, images, strips, write, ...compressed }: Compressed,
): Promise<Fitted> {
  const { dpi, image_quality, target_size: target = Infinity } = params;
  let { dropped } = compressed;
  const first = { dpi, image_quality, changes, images, bytes: await sizeOf(outputPath) };
  let last: Attempt = first;
  const attempt = async (values: ImageValues): Promise<Attempt> => {
    const copy = changes.copy();
    const options = { params: { ...params, ...values }, signal, changes: copy, onShare: () => undefined };
    const outcomes = mergeOutcomes(images, await shrinkImages(file, uses, options));
    if (strips) stripProfiles(file, copy, uses.images.keys());
    signal.throwIfAborted();
    dropped = write(copy);
    last = { ...values, changes: copy, images: outcomes, bytes: await sizeOf(outputPath) };
    return last;
  };
  const onShare = (share: number): void => {
    progress(Math.round(FIRST_PERCENT + (95 - FIRST_PERCENT) * share), 'target size');
  };
  const best = uses.images.size === 0 ? first : await fitTarget(first, { limits: params, target, attempt, onShare });
  if (best !== last) dropped = write(best.changes);
  return {
    images: best.images,
    dropped,
    target: { bytes: target, dpi: best.dpi, image_quality: best.image_quality },
  };
}

async function sizeOf(path: string): Promise<number> {
  return (await stat(path)).size;
}
