import { divideByAlpha } from '../associated-alpha.js';
import { invertBytes } from '../bits.js';
import { corruptImage, unsupportedImage } from '../errors.js';
import { usableProfile } from '../icc.js';
import { colorSpaceFor } from '../pdf-image.js';
import type { ColorSpace } from '../pdf-image.js';
import { MODEL_CHANNELS, takeChannels } from '../raw-image.js';
import type { ColorModel, RawImage } from '../raw-image.js';
import type { TiffPage } from './page.js';
import { PHOTOMETRIC, TAG } from './tags.js';

const CMYK_INKS = 1;
const [ASSOCIATED_ALPHA, UNASSOCIATED_ALPHA] = [1, 2];
const D50 = [0.9642, 1, 0.8249] as const;

/** Returns the colour model of a page without a palette. Throws `unsupported_format` if there is no such model. */
export function colorModelOf({ photometric, samples, directory }: TiffPage): ColorModel {
  switch (photometric) {
    case PHOTOMETRIC.whiteIsZero:
    case PHOTOMETRIC.blackIsZero:
    case PHOTOMETRIC.mask:
      return 'gray';
    case PHOTOMETRIC.rgb:
      return enough('rgb', samples);
    case PHOTOMETRIC.separated:
      if (directory.number(TAG.inkSet, CMYK_INKS) === CMYK_INKS) return enough('cmyk', samples);
      throw unsupportedImage('TIFF', 'inks other than CMYK');
    case PHOTOMETRIC.cieLab:
    case PHOTOMETRIC.iccLab:
      return samples === 1 ? 'gray' : enough('lab', samples);
    default:
      throw unsupportedImage('TIFF', `photometric interpretation ${photometric}`);
  }
}

function enough(model: ColorModel, samples: number): ColorModel {
  if (samples < MODEL_CHANNELS[model]) throw corruptImage('has damaged TIFF data: colour channels are missing');
  return model;
}

/** Splits the samples of a page into colours and alpha, in the form in which PDF has them. */
export function toRawImage(page: TiffPage, model: ColorModel, samples: Uint8Array | Uint16Array): RawImage {
  const { width, height } = page;
  const channels = MODEL_CHANNELS[model];
  const kind = alphaOf(page, channels);
  const colors =
    page.samples === channels ? samples : takeChannels(samples, page.samples, { first: 0, count: channels });
  const alpha = kind === undefined ? undefined : takeChannels(samples, page.samples, { first: channels, count: 1 });
  if (alpha && kind === ASSOCIATED_ALPHA) divideByAlpha(colors, alpha, channels);
  if (page.photometric === PHOTOMETRIC.whiteIsZero) invert(colors);
  if (page.photometric === PHOTOMETRIC.cieLab && model === 'lab') offsetLab(colors);
  return { width, height, model, samples: colors, alpha };
}

/** Which kind of alpha follows the colours. RGB with a fourth sample that the file does not explain has alpha. */
function alphaOf({ directory, samples }: TiffPage, channels: number): number | undefined {
  if (samples <= channels) return undefined;
  const kind = directory.number(TAG.extraSamples, 0);
  if (kind === ASSOCIATED_ALPHA || kind === UNASSOCIATED_ALPHA) return kind;
  return channels === 3 && samples === 4 ? UNASSOCIATED_ALPHA : undefined;
}

function invert(samples: Uint8Array | Uint16Array): void {
  invertBytes(new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength));
}

/** CIE Lab has a and b as signed numbers (TIFF 6.0, section 23). PDF has them as unsigned ones with an offset. */
function offsetLab(samples: Uint8Array | Uint16Array): void {
  const sign = samples instanceof Uint16Array ? 0x8000 : 0x80;
  for (let at = 0; at < samples.length; at += 3) {
    samples[at + 1] = (samples[at + 1] ?? 0) ^ sign;
    samples[at + 2] = (samples[at + 2] ?? 0) ^ sign;
  }
}

/** Returns the colour space of the page's profile or of Lab. Undefined for the device colours of the model. */
export function colorSpaceOf(page: TiffPage, model: ColorModel): ColorSpace | undefined {
  if (model === 'lab') {
    const most = page.bits === 16 ? 128 - 1 / 256 : 127;
    return { kind: 'Lab', whitePoint: whitePointOf(page), range: [-128, most, -128, most] };
  }
  const channels = MODEL_CHANNELS[model];
  const profile = usableProfile(page.directory.bytes(TAG.iccProfile), channels);
  return profile && colorSpaceFor(channels, profile);
}

/** The white of the tag, from its chromaticity, or D50. */
function whitePointOf({ directory }: TiffPage): readonly [number, number, number] {
  const [x = 0, y = 0] = directory.numbers(TAG.whitePoint) ?? [];
  if (!(x > 0 && y > 0 && x + y < 1)) return D50;
  const round = (value: number): number => Math.round(value * 10_000) / 10_000;
  return [round(x / y), 1, round((1 - x - y) / y)];
}

/** Returns the palette of a page: red, green and blue of each colour. Throws `corrupt_image` if it is missing. */
export function paletteOf({ directory, bits }: TiffPage): Uint8Array {
  const map = directory.numbers(TAG.colorMap);
  const count = 1 << bits;
  if (!map || map.length < 3 * count) throw corruptImage('has damaged TIFF data: its palette is missing');
  // Some writers give values of 8 bits instead of 16.
  const divisor = map.every((value) => value < 256) ? 1 : 257;
  return Uint8Array.from({ length: 3 * count }, (_none, at) =>
    Math.round((map[(at % 3) * count + Math.floor(at / 3)] ?? 0) / divisor),
  );
}
