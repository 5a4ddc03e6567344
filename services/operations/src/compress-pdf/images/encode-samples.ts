import type { ImageUse, PdfFile } from '@pdf-tools/pdf';
import { releaseMemory } from '../../release-memory.js';
import { encodeBilevel } from './encode-bilevel.js';
import { encodeByContent, encodeWithoutLoss, examined } from './choose.js';
import type { Colored, Context } from './choose.js';
import { packBits } from './codec.js';
import { isPhotographic } from './content.js';
import type { Decoded, DecodedSamples } from './decode-image.js';
import type { Encoding } from './encoding.js';
import type { ImageHeader, Refusal } from './image-header.js';
import { decodeJpeg, inverted } from './jpeg-source.js';
import type { JpegSource } from './jpeg-source.js';
import type { ImageParams } from './options.js';
import { resample } from './pixels.js';
import type { Size } from './pixels.js';
import type { Samples } from './samples.js';
import { DEVICE_GRAY } from './sample-space.js';
import type { SampleSpace } from './sample-space.js';
import type { Outcome } from './shrink-image.js';
import { targetSize } from './target-size.js';
import { evaluateGray, toGray } from './to-gray.js';

/** What an image's encoding depends on, besides its samples. */
export interface SampleContext {
  readonly file: PdfFile;
  readonly header: ImageHeader;
  readonly use: ImageUse;
  readonly params: ImageParams;
}

/** Larger images are not encoded at their full size if they are resampled anyway. */
const MAX_FULL_BYTES = 32 * 1024 * 1024;
const BITONAL_THRESHOLD = 128;
const BYTE_BITS = 8;

/** Resamples and encodes an image, as its content allows. */
export async function encodeSamples(
  decoded: Exclude<Decoded, { bilevel: unknown }>,
  context: SampleContext,
): Promise<Outcome | Refusal> {
  const { header, params } = context;
  const space = header.space ?? ('samples' in decoded ? decoded.space : undefined);
  if (!space) return { reason: 'colour space' };
  if (isToConvert(space, params)) return encodeGray(decoded, context, space);
  return 'jpeg' in decoded ? encodeJpegSource(decoded.jpeg, context, space) : encodeFull(decoded, context, space);
}

/** Palettes in RGB are already converted. */
function isToConvert({ family, palette }: SampleSpace, { color_mode }: ImageParams): boolean {
  if (color_mode === 'no-change') return false;
  return (palette?.base.family ?? family) !== 'gray' || (color_mode === 'bitonal' && !palette);
}

async function encodeJpegSource(
  jpeg: JpegSource,
  { header, use, params }: SampleContext,
  space: SampleSpace,
): Promise<Outcome | Refusal> {
  const samples = await decodeJpeg(jpeg, targetSize(jpeg, use, params.dpi));
  const colored = { samples, space, hasDefaultDecode: header.decode === 'default', isConverted: false };
  const encoding = await encodeByContent(colored, { params, isMask: use.onlyAsMask, isLossy: true });
  releaseMemory(samples.data);
  return encoding ? { encoding, isLossless: false } : { reason: 'JPEG would differ too much' };
}

/** Encodes an image whose samples were stored without loss. */
async function encodeFull(
  decoded: DecodedSamples,
  { header, use, params }: SampleContext,
  space: SampleSpace,
): Promise<Outcome | Refusal> {
  const hasDefaultDecode = header.decode === 'default';
  if (space.palette && !hasDefaultDecode) return { reason: 'decode array' };
  const isConverted = header.space === undefined;
  const full = expandPalette({ samples: decoded.samples, space, hasDefaultDecode, isConverted });
  const context = { params, isMask: use.onlyAsMask, isLossy: decoded.isLossy === true };
  // Readers agree on palettes in Lab, but not on samples in Lab.
  const isFixed = space.palette?.base.family === 'lab';
  if (isFixed) return { encoding: await encodeWithoutLoss(examined(full), context), isLossless: true };
  const outcome = await encodeReduced(full, targetSize(full.samples, use, params.dpi), context);
  if ('reason' in outcome || decoded.bits <= BYTE_BITS) return outcome;
  return { ...outcome, isLossless: false };
}

async function encodeReduced(full: Colored, size: Size, context: Context): Promise<Outcome | Refusal> {
  const isReduced = size.width < full.samples.width || size.height < full.samples.height;
  const exact = isReduced && !context.isLossy ? await exactCandidate(full, context) : undefined;
  if (exact?.bits === 1) return { encoding: exact, isLossless: true };
  const encoding = await encodeByContent({ ...full, samples: await resample(full.samples, size) }, context);
  if (exact && !isSmaller(encoding, exact)) return { encoding: exact, isLossless: true };
  if (!encoding) return { reason: 'JPEG would differ too much' };
  return { encoding, isLossless: encoding.name !== 'jpeg' && !isReduced };
}

function isSmaller(encoding: Encoding | undefined, than: Encoding): boolean {
  return encoding !== undefined && encoding.data.length < than.data.length;
}

/** The lossless encoding at full size of an image that was drawn, not photographed. */
async function exactCandidate(full: Colored, context: Context): Promise<Encoding | undefined> {
  if (full.samples.data.length > MAX_FULL_BYTES || isPhotographic(full.samples)) return undefined;
  return encodeWithoutLoss(examined(full), context);
}

/** Replaces indices by the colours of their palette. */
export function expandPalette(colored: Colored): Colored {
  const { palette } = colored.space;
  if (!palette) return colored;
  const { base, colors, count } = palette;
  const { width, height, data } = colored.samples;
  const channels = base.components;
  const expanded = new Uint8Array(width * height * channels);
  for (let pixel = 0, to = 0; pixel < data.length; pixel++) {
    const from = Math.min(data[pixel] ?? 0, count - 1) * channels;
    for (let channel = 0; channel < channels; channel++, to++) expanded[to] = colors[from + channel] ?? 0;
  }
  return { ...colored, samples: { width, height, channels, data: expanded }, space: base, isConverted: true };
}

async function encodeGray(
  decoded: Exclude<Decoded, { bilevel: unknown }>,
  { file, header, use, params }: SampleContext,
  space: SampleSpace,
): Promise<Outcome | Refusal> {
  if (header.decode === 'other' || (space.palette && header.decode !== 'default')) return { reason: 'decode array' };
  const reduced = await reducedSamples(decoded, { file, header, use, params }, space);
  const gray = grayOf(header.decode === 'inverted' ? inverted(reduced) : reduced, space, file);
  if (!gray) return { reason: 'colour space' };
  const { width, height, data } = gray;
  if (params.color_mode === 'bitonal') {
    const packed = packBits(data, width, height, BITONAL_THRESHOLD);
    const encoding = await encodeBilevel({ width, height, packed }, params.bilevel);
    if (!encoding) return { reason: 'too many pixels' };
    return { encoding: { ...encoding, colorSpace: DEVICE_GRAY.entry }, isLossless: false, isConverted: true };
  }
  const colored = { samples: gray, space: DEVICE_GRAY, hasDefaultDecode: true, isConverted: true };
  const encoding = await encodeByContent(colored, {
    params,
    isMask: false,
    isLossy: 'jpeg' in decoded || decoded.isLossy === true,
  });
  return encoding ? { encoding, isLossless: false, isConverted: true } : { reason: 'JPEG would differ too much' };
}

function grayOf(samples: Samples, space: SampleSpace, file: PdfFile): Samples | undefined {
  const base = space.palette?.base ?? space;
  return toGray(samples, base.family) ?? evaluateGray(file, base, samples);
}

function reducedSamples(
  decoded: Exclude<Decoded, { bilevel: unknown }>,
  { header, use, params }: SampleContext,
  space: SampleSpace,
): Promise<Samples> {
  const size = targetSize(header, use, params.dpi);
  if ('jpeg' in decoded) return decodeJpeg(decoded.jpeg, size);
  const colored = { samples: decoded.samples, space, hasDefaultDecode: true, isConverted: false };
  return resample(expandPalette(colored).samples, size);
}
