import type { PdfFile, PdfObject } from '@pdf-tools/pdf';
import { PdfDict, PdfName, PdfStream, PdfString } from '@pdf-tools/pdf';
import type { ColorMode } from './params.js';

/** The weights of red, green and blue in gray (ISO 32000-2, 10.4.2.2). */
const [RED, GREEN, BLUE] = [0.3, 0.59, 0.11];
const MAX_INDEX = 255;
const MIDDLE = 128;

/**
 * Replaces the RGB palette of an Indexed image (8.6.6.3) by grays, or by black and white for `bitonal`. The samples
 * stay unchanged. Undefined for other images.
 */
export function withGrayPalette(file: PdfFile, stream: PdfStream, mode: ColorMode): PdfStream | undefined {
  const space = file.resolve(stream.dict.get('ColorSpace'));
  if (mode === 'no-change' || !Array.isArray(space) || !isNamed(file, space[0], 'Indexed', 'I')) return undefined;
  if (!isRgb(file, space[1])) return undefined;
  const [last, palette] = [file.resolve(space[2]), paletteBytes(file, file.resolve(space[3]))];
  if (typeof last !== 'number' || !palette || last < 0 || last > MAX_INDEX) return undefined;
  const greys = Buffer.from(Array.from({ length: last + 1 }, (_none, index) => grey(palette, 3 * index)));
  if (mode === 'bitonal') for (const [at, value] of greys.entries()) greys[at] = value < MIDDLE ? 0 : 255;
  const dict = new PdfDict(stream.dict);
  dict.set('ColorSpace', [new PdfName('Indexed'), new PdfName('DeviceGray'), last, new PdfString(greys)]);
  return new PdfStream(dict, stream.data, stream.id);
}

function grey(rgb: Buffer, at: number): number {
  return Math.round(RED * (rgb[at] ?? 0) + GREEN * (rgb[at + 1] ?? 0) + BLUE * (rgb[at + 2] ?? 0));
}

function paletteBytes(file: PdfFile, lookup: PdfObject): Buffer | undefined {
  if (lookup instanceof PdfString) return lookup.bytes;
  if (!(lookup instanceof PdfStream)) return undefined;
  const { bytes, left } = file.decoded(lookup);
  return left.length === 0 ? bytes : undefined;
}

function isRgb(file: PdfFile, base: PdfObject | undefined): boolean {
  if (isNamed(file, base, 'DeviceRGB', 'RGB')) return true;
  const space = file.resolve(base);
  if (!Array.isArray(space)) return false;
  return isNamed(file, space[0], 'CalRGB', 'DeviceRGB') || isProfile(file, space, 3);
}

function isNamed(file: PdfFile, object: PdfObject | undefined, ...names: readonly string[]): boolean {
  const name = file.resolve(object);
  return name instanceof PdfName && names.includes(name.value);
}

/** Whether the samples of an image may be colours other than grays. */
export function mayHaveColor(file: PdfFile, { dict }: PdfStream): boolean {
  if (file.resolve(dict.get('ImageMask')) === true) return false;
  const space = file.resolve(dict.get('ColorSpace'));
  return (
    !isGray(file, space) && !(Array.isArray(space) && isNamed(file, space[0], 'Indexed') && isGray(file, space[1]))
  );
}

function isGray(file: PdfFile, object: PdfObject | undefined): boolean {
  if (isNamed(file, object, 'DeviceGray', 'CalGray')) return true;
  const space = file.resolve(object);
  if (!Array.isArray(space)) return false;
  return isNamed(file, space[0], 'DeviceGray', 'CalGray') || isProfile(file, space, 1);
}

/** Whether a colour space is ICCBased with this number of components. */
function isProfile(file: PdfFile, space: readonly PdfObject[], components: number): boolean {
  const profile = file.resolve(space[1]);
  if (!isNamed(file, space[0], 'ICCBased') || !(profile instanceof PdfStream)) return false;
  return file.resolve(profile.dict.get('N')) === components;
}
