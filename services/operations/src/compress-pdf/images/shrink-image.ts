import type { ImageUse, PdfFile, PdfStream } from '@pdf-tools/pdf';
import { encodeBilevel } from './encode-bilevel.js';
import { encodedStream } from './encoding.js';
import type { Encoding, EncodingName } from './encoding.js';
import { decodeImage, unpackBilevel } from './decode-image.js';
import type { Decoded } from './decode-image.js';
import { bareJpeg, encodeExactly, encodeUnchanged } from './encode-exactly.js';
import { encodeSamples } from './encode-samples.js';
import type { SampleContext } from './encode-samples.js';
import { withGrayPalette } from '../gray-palette.js';
import { hasFixedSamples, readImageHeader } from './image-header.js';
import type { ImageHeader, Refusal } from './image-header.js';
import type { ImageParams } from './options.js';
import { packBits } from './codec.js';
import { resample } from './pixels.js';
import type { PackedSamples } from './samples.js';
import { similarity } from './ssim.js';
import { bilevelTargetSize } from './target-size.js';

/** An image XObject of a file. */
export interface Image {
  readonly file: PdfFile;
  readonly stream: PdfStream;
  readonly use: ImageUse;
}

/** The stream to write instead of an image, or why it is kept. */
export type Shrunk =
  | {
      readonly stream: PdfStream;
      readonly action: 'resampled' | 'recompressed' | 'converted';
      readonly encoding?: EncodingName;
    }
  | Refusal;

/** An image is encoded with loss only if it gets 10 % smaller, because each JPEG encoding loses quality. */
const WORTHWHILE = 0.9;
/** Qualities to try if a converted image is larger than the original. */
const LOWER_QUALITIES = [50, 30, 15, 5];
/** Share of pixels that differ from their left neighbour in a halftone. Resampling would make it uneven. */
const HALFTONE_SHARE = 0.15;

const THRESHOLD = 128;
/** Similarity to the gray image from which one bit per pixel shows the same text. */
const SIMILAR = 0.88;

/** A new encoding and whether it must replace the original even if it is larger. */
export interface Outcome {
  readonly encoding: Encoding;
  readonly isLossless: boolean;
  readonly isConverted?: boolean;
  /** A lossless encoding to use if `encoding` does not pay. */
  readonly fallback?: Encoding | undefined;
}

/** Encodes an image again if that makes it smaller, or if its colours must be converted. */
export async function shrinkImage(image: Image, params: ImageParams): Promise<Shrunk> {
  const { file, use } = image;
  const isMask = use.onlyAsMask;
  const own = isMask ? ({ ...params, color_mode: 'no-change' } as const) : params;
  const gray = withGrayPalette(file, image.stream, own.color_mode);
  const stream = gray ?? image.stream;
  const header = readImageHeader(file, stream);
  const outcome = 'reason' in header ? header : await encodeAgain({ ...image, stream }, header, own);
  const before = image.stream.data.length;
  const encoding = 'encoding' in outcome ? worthwhile(outcome, before) : undefined;
  if (encoding) {
    const isSmaller = 'reason' in header || encoding.width !== header.width || encoding.height !== header.height;
    const action = isSmaller ? 'resampled' : gray ? 'converted' : 'recompressed';
    return { stream: encodedStream(stream.dict, encoding), action, encoding: encoding.name };
  }
  if (gray) return { stream: gray, action: 'converted' };
  return 'encoding' in outcome ? { reason: 'would not get smaller' } : outcome;
}

/** The encoding that replaces the original, if one does. */
function worthwhile({ encoding, fallback, isLossless, isConverted }: Outcome, before: number): Encoding | undefined {
  const most = before * (isLossless ? 1 : WORTHWHILE);
  if (isConverted === true || encoding.data.length < most) return encoding;
  return fallback && fallback.data.length < before ? fallback : undefined;
}

async function encodeAgain(image: Image, header: ImageHeader, params: ImageParams): Promise<Outcome | Refusal> {
  const { file, stream, use } = image;
  const exact = header.exact ?? otherUse(use);
  const isExact = exact !== undefined || params.level === 'lossless';
  const isForbidden = isForbiddenJbig2(header, params);
  const decodesSymbols = isForbidden || (!isExact && bilevelTargetSize(header, use, params.dpi).width < header.width);
  const decoded = await decodeImage(file, stream, { header, decodesSymbols });
  if ('reason' in decoded) return decoded;
  if ('bilevel' in decoded) return shrinkBilevel(decoded.bilevel, image, { params, isExact, isForbidden });
  const context = { file, header, use, params };
  if (exact !== undefined && hasFixedSamples(header)) return encodeUnchanged(decoded, header, exact);
  if (isExact) return encodeExactly(decoded, context, exact ?? 'would not get smaller');
  return encodeWithLoss(decoded, context, stream.data.length);
}

function otherUse({ onlyAsImage, onlyAsMask }: ImageUse): string | undefined {
  return onlyAsImage || onlyAsMask ? undefined : 'used in another way too';
}

function isForbiddenJbig2({ filters }: ImageHeader, { bilevel }: ImageParams): boolean {
  return bilevel === 'ccitt' && filters.at(-1)?.name === 'JBIG2Decode';
}

async function encodeWithLoss(
  decoded: Exclude<Decoded, { bilevel: unknown }>,
  context: SampleContext,
  before: number,
): Promise<Outcome | Refusal> {
  const { params, header } = context;
  const outcome = await encodeSamples(decoded, context);
  if ('jpeg' in decoded && 'encoding' in outcome && !outcome.isConverted)
    return { ...outcome, fallback: bareJpeg(decoded.jpeg, header) };
  return encodeSmaller(outcome, before, params.image_quality, (image_quality) =>
    encodeSamples(decoded, { ...context, params: { ...params, image_quality } }),
  );
}

/** Lowers the quality of a requested colour conversion if the image would grow otherwise. */
async function encodeSmaller(
  first: Outcome | Refusal,
  before: number,
  quality: number,
  encode: (quality: number) => Promise<Outcome | Refusal>,
): Promise<Outcome | Refusal> {
  if ('reason' in first || !first.isConverted || first.encoding.name !== 'jpeg') return first;
  let best = first;
  for (const lower of LOWER_QUALITIES) {
    if (best.encoding.data.length <= before) break;
    const next = lower < quality ? await encode(lower) : best;
    if ('encoding' in next && next.encoding.data.length < best.encoding.data.length) best = next;
  }
  return best;
}

interface BilevelTask {
  readonly params: ImageParams;
  readonly isExact: boolean;
  /** Whether the image must not keep its filter. */
  readonly isForbidden: boolean;
}

async function shrinkBilevel(
  source: PackedSamples,
  { use, stream }: Image,
  { params, isExact, isForbidden }: BilevelTask,
): Promise<Outcome | Refusal> {
  const size = isExact ? source : bilevelTargetSize(source, use, params.dpi);
  const isReduced = size.width < source.width || size.height < source.height;
  const samples = isReduced ? await resampleBilevel(source, size) : source;
  const encoding = await encodeBilevel(samples ?? source, params.bilevel);
  if (!encoding) return { reason: 'too many pixels' };
  const isLossless = samples === undefined || samples === source || encoding.data.length < stream.data.length / 2;
  if (!isForbidden) return { encoding, isLossless };
  const converted = isLossless ? encoding : await encodeBilevel(source, params.bilevel);
  return { encoding: converted ?? encoding, isLossless, isConverted: true };
}

/** Scales by averaging and a threshold. Undefined for a halftone, and if thin strokes would vanish. */
async function resampleBilevel(
  source: PackedSamples,
  size: { readonly width: number; readonly height: number },
): Promise<PackedSamples | undefined> {
  const { data, width, height } = unpackBilevel(source);
  let steps = 0;
  for (let at = 1; at < data.length; at++) if (data[at] !== data[at - 1]) steps++;
  if (steps > HALFTONE_SHARE * data.length) return undefined;
  const gray = { width, height, channels: 1, data: data.map((value) => value * 255) };
  const reduced = await resample(gray, size, 'lanczos3');
  const bilevel = { ...reduced, data: reduced.data.map((value) => (value < THRESHOLD ? 0 : 255)) };
  if (similarity(reduced, bilevel).changed < SIMILAR) return undefined;
  return { ...size, packed: packBits(bilevel.data, size.width, size.height) };
}
