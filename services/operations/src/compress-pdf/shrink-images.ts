import { forEachLimited } from '../concurrency.js';
import type { ImageUse, ImageUses, PdfFile } from '@pdf-tools/pdf';
import { PdfDict, PdfName, PdfStream } from '@pdf-tools/pdf';
import type { Changes } from './changes.js';
import { mayHaveColor, withGrayPalette } from './gray-palette.js';
import { readEntries, readSamples } from './image-kind.js';
import type { ImageSamples } from './image-kind.js';
import type { ColorMode, CompressParams } from './params.js';
import { recode } from './recode.js';
import type { Recoded, Target } from './recode.js';

/** Images are resampled only if they have clearly more pixels than the target, so that the gain is worth the loss. */
const RESAMPLE_ABOVE = 1.2;
/** An image is encoded again only if it gets 10 % smaller, because each JPEG encoding loses quality. */
const WORTHWHILE = 0.9;
/** sharp has threads of its own. Two images use two cores and the memory of two images. */
const AT_A_TIME = 2;
const POINTS_PER_INCH = 72;
/** Tolerance for sizes from matrix products, so that a rounding error does not add a pixel. */
const ROUNDING = 1e-6;
/** Qualities to try if a converted image is larger than the original. */
const LOWER_QUALITIES = [50, 30, 15, 5];

/** The parameters that images depend on. */
type ImageParams = Pick<CompressParams, 'dpi' | 'image_quality' | 'color_mode'>;

/**
 * The outcome for one image. Sizes are of the encoded bytes, and `dpi` is the lowest resolution at which it is drawn.
 */
export interface ImageOutcome {
  readonly page: number;
  readonly object: number;
  readonly width: number;
  readonly height: number;
  readonly dpi?: number;
  readonly filter: string;
  readonly action: 'resampled' | 'recompressed' | 'converted' | 'kept';
  readonly reason?: string;
  /** Whether the image may still have colours that should be removed. */
  readonly colored?: boolean;
  readonly bytes_before: number;
  readonly bytes_after: number;
}

interface Options {
  readonly params: ImageParams;
  readonly signal: AbortSignal;
  readonly changes: Changes;
  /** Called with the completed share of images, 0 to 1. */
  readonly onShare: (share: number) => void;
}

/** Encodes images again if that makes them smaller or converts their colours as requested. Reports each image. */
export async function shrinkImages(file: PdfFile, uses: ImageUses, options: Options): Promise<ImageOutcome[]> {
  const images = [...uses.images];
  const outcomes: ImageOutcome[] = [];
  let done = 0;
  await forEachLimited([...images.entries()], AT_A_TIME, async ([index, [num, use]]) => {
    options.signal.throwIfAborted();
    const stream = file.load(num);
    if (stream instanceof PdfStream) {
      const image = { file, num, stream, use };
      const result = use.onlyAsImage ? await shrink(image, options.params) : { reason: 'used in another way too' };
      if ('stream' in result) options.changes.replace(num, result.stream);
      outcomes[index] = outcomeOf(image, result, options.params.color_mode);
    }
    done += 1;
    options.onShare(done / images.length);
  });
  return outcomes.filter(Boolean);
}

interface Image {
  readonly file: PdfFile;
  readonly num: number;
  readonly stream: PdfStream;
  readonly use: ImageUse;
}

type Result =
  | { readonly stream: PdfStream; readonly action: Exclude<ImageOutcome['action'], 'kept'> }
  | { readonly reason: string };

async function shrink({ file, stream, use }: Image, params: ImageParams): Promise<Result> {
  const samples = readSamples(file, stream);
  if ('reason' in samples) {
    const converted = withGrayPalette(file, stream, params.color_mode);
    return converted ? { stream: converted, action: 'converted' } : samples;
  }
  const size = targetSize(samples, use, params.dpi);
  const recoded = await recodeSmaller(samples, { ...size, ...params }, stream.data.length);
  if (!recoded) return { reason: 'cannot be decoded' };
  if (!isWorthwhile(recoded, stream.data.length)) return { reason: 'would not get smaller' };
  return { stream: replacement(stream.dict, recoded, size), action: size.resampled ? 'resampled' : 'recompressed' };
}

/** Encodes an image. Lowers the quality of a requested colour conversion if the image would grow otherwise. */
async function recodeSmaller(samples: ImageSamples, target: Target, before: number): Promise<Recoded | undefined> {
  let recoded = await recode(samples, target);
  if (recoded?.filter !== 'DCTDecode') return recoded;
  for (const image_quality of LOWER_QUALITIES) {
    if (!recoded?.gray || recoded.data.length <= before) break;
    if (image_quality < target.image_quality) recoded = await recode(samples, { ...target, image_quality });
  }
  return recoded;
}

/** A requested colour conversion may cost bytes. Other images are replaced only if they get smaller. */
function isWorthwhile(recoded: Recoded, before: number): boolean {
  return recoded.gray || recoded.data.length < before * WORTHWHILE;
}

interface Size {
  readonly width: number;
  readonly height: number;
  readonly resampled: boolean;
}

/** The pixels that an image needs for its largest use. Both axes have their own resolution. */
function targetSize({ width, height }: ImageSamples, use: ImageUse, dpi: number): Size {
  const [x, y] = resolutionOf({ width, height }, use);
  if (Math.max(x, y) <= dpi * RESAMPLE_ABOVE) return { width, height, resampled: false };
  return { width: reduced(width, x, dpi), height: reduced(height, y, dpi), resampled: true };
}

function reduced(pixels: number, from: number, to: number): number {
  return from <= to ? pixels : Math.max(1, Math.ceil((pixels * to) / from - ROUNDING));
}

/** Pixels per inch along both axes. 0 if the image is drawn without extent. */
function resolutionOf(image: { width: number; height: number }, use: ImageUse): [number, number] {
  const perInch = (pixels: number, points: number): number => (points > 0 ? (pixels * POINTS_PER_INCH) / points : 0);
  return [perInch(image.width, use.widthPoints), perInch(image.height, use.heightPoints)];
}

function replacement(original: PdfDict, recoded: Recoded, { width, height }: Size): PdfStream {
  const dict = new PdfDict(original);
  dict.set('Width', width);
  dict.set('Height', height);
  dict.set('BitsPerComponent', recoded.bitsPerComponent);
  dict.set('Filter', new PdfName(recoded.filter));
  dict.delete('DecodeParms');
  if (recoded.gray) {
    dict.set('ColorSpace', new PdfName('DeviceGray'));
    dict.delete('Decode');
  }
  return new PdfStream(dict, recoded.data);
}

function outcomeOf({ file, num, stream, use }: Image, result: Result, mode: ColorMode): ImageOutcome {
  const { width, height, filter } = readEntries(file, stream);
  const dpi = Math.round(Math.min(...resolutionOf({ width, height }, use)));
  const common = {
    page: use.page,
    object: num,
    width: width || 0,
    height: height || 0,
    ...(dpi > 0 && { dpi }),
    filter,
    bytes_before: stream.data.length,
  };
  if ('stream' in result) return { ...common, action: result.action, bytes_after: result.stream.data.length };
  const colored = mode !== 'no-change' && mayHaveColor(file, stream);
  const { reason } = result;
  return { ...common, action: 'kept', reason, ...(colored && { colored }), bytes_after: stream.data.length };
}
