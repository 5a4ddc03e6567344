import { PDFName, PDFNumber, PDFRawStream } from 'pdf-lib';
import type { PDFContext } from 'pdf-lib';
import { forEachLimited } from '../concurrency.js';
import type { Inflater } from '../pdf-lib/filters.js';
import type { FoundImage } from './find-images.js';
import { classifyImage } from './image-kind.js';
import type { Classified, ImageKind } from './image-kind.js';
import { recode } from './recode.js';
import type { ColorMode, Recoded } from './recode.js';

/** Images are resampled only when they have clearly more pixels than asked for: what it gains must pay for the loss. */
const RESAMPLE_ABOVE = 1.2;
/** An image that keeps its pixels is re-encoded only for a gain of a tenth: JPEG loses a little each time. */
const WORTHWHILE = 0.9;
/** sharp works in threads of its own; two images fill two cores and hold two images' memory. */
const AT_A_TIME = 2;

/** What is asked of images. */
export interface ImageWish {
  readonly dpi: number;
  readonly quality: number;
  readonly colorMode: ColorMode;
}

/** What was done to one image. Sizes are those of the encoded bytes. */
export interface ImageOutcome {
  readonly page: number;
  readonly object: number;
  readonly width: number;
  readonly height: number;
  readonly filter: string;
  readonly action: 'resampled' | 'recompressed' | 'kept';
  readonly reason?: string;
  readonly bytes_before: number;
  readonly bytes_after: number;
}

interface Work {
  readonly context: PDFContext;
  readonly wish: ImageWish;
  readonly inflater: Inflater;
}

interface Progress {
  readonly signal: AbortSignal;
  readonly onImage: (done: number) => void;
}

/** Re-encodes the images where that makes them smaller, in place, and says for each what was done or why not. */
export async function shrinkImages(
  images: readonly FoundImage[],
  work: Work,
  { signal, onImage }: Progress,
): Promise<ImageOutcome[]> {
  const outcomes: ImageOutcome[] = [];
  let done = 0;
  await forEachLimited([...images.entries()], AT_A_TIME, async ([index, image]) => {
    signal.throwIfAborted();
    outcomes[index] = await shrink(image, work);
    done += 1;
    onImage(done);
  });
  return outcomes;
}

async function shrink(image: FoundImage, { context, wish, inflater }: Work): Promise<ImageOutcome> {
  const { ref, stream, page } = image;
  const classified = classifyImage(context, stream);
  const outcome = (action: ImageOutcome['action'], bytesAfter: number, reason?: string): ImageOutcome => ({
    page,
    object: ref.objectNumber,
    ...facts(classified),
    action,
    ...(reason !== undefined && { reason }),
    bytes_before: stream.contents.length,
    bytes_after: bytesAfter,
  });
  const before = stream.contents.length;
  const { kind } = classified;
  if ('reason' in kind) return outcome('kept', before, kind.reason);
  const size = targetSize(kind, image.inches, wish.dpi);
  const target = { ...size, quality: wish.quality, colorMode: wish.colorMode };
  const recoded = await recode(stream.contents, kind, target, inflater);
  if (!recoded) return outcome('kept', before, 'cannot be decoded');
  if (!pays(recoded, before, size.resampled)) return outcome('kept', before, 'would not get smaller');
  replace(context, image, recoded, size);
  return outcome(size.resampled ? 'resampled' : 'recompressed', recoded.data.length);
}

function facts({ width, height, filter }: Classified): Pick<ImageOutcome, 'width' | 'height' | 'filter'> {
  return { width: width || 0, height: height || 0, filter };
}

/** Asked-for colours are worth bytes; otherwise only what gets smaller is replaced. */
function pays(recoded: Recoded, before: number, resampled: boolean): boolean {
  if (recoded.gray) return true;
  return recoded.data.length < before * (resampled ? 1 : WORTHWHILE);
}

interface Size {
  readonly width: number;
  readonly height: number;
  readonly resampled: boolean;
}

/**
 * Pixels an image needs. Where it lies on the page is not known here, so it is taken to fill the page, upright or turned:
 * its resolution is at least that, and nothing ends below `dpi`.
 */
function targetSize(kind: ImageKind, page: FoundImage['inches'], dpi: number): Size {
  const upright = Math.min(page.width / kind.width, page.height / kind.height);
  const turned = Math.min(page.height / kind.width, page.width / kind.height);
  const scale = dpi * Math.max(upright, turned);
  if (!(scale > 0) || scale * RESAMPLE_ABOVE >= 1) return { width: kind.width, height: kind.height, resampled: false };
  const side = (pixels: number): number => Math.max(1, Math.round(pixels * scale));
  return { width: side(kind.width), height: side(kind.height), resampled: true };
}

function replace(context: PDFContext, { ref, stream }: FoundImage, recoded: Recoded, size: Size): void {
  const dict = stream.dict.clone(context);
  dict.set(PDFName.of('Width'), PDFNumber.of(size.width));
  dict.set(PDFName.of('Height'), PDFNumber.of(size.height));
  dict.set(PDFName.of('BitsPerComponent'), PDFNumber.of(recoded.bitsPerComponent));
  dict.set(PDFName.of('Filter'), PDFName.of(recoded.filter));
  dict.delete(PDFName.of('DecodeParms'));
  if (recoded.gray) dict.set(PDFName.of('ColorSpace'), PDFName.of('DeviceGray'));
  context.assign(ref, PDFRawStream.of(dict, recoded.data));
}
