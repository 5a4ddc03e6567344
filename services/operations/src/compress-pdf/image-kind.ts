import { PDFArray, PDFBool, PDFName, PDFNumber, PDFRawStream } from 'pdf-lib';
import type { PDFContext, PDFObject } from 'pdf-lib';
import { parseJpeg } from '../images/jpeg.js';
import { MAX_PIXELS } from '../images/limits.js';
import { filterNames, filterParms } from '../pdf-lib/filters.js';
import { resolve } from '../pdf-lib/page-tree.js';

/** How the samples of an image are stored, as far as this operation understands it. */
export interface ImageKind {
  readonly width: number;
  readonly height: number;
  readonly components: 1 | 3;
  readonly filter: 'DCTDecode' | 'FlateDecode';
  /** Flate only: whether rows carry PNG filter types. */
  readonly pngRows: boolean;
}

/** Facts for the report, and what kind of image it is or why it is left alone. */
export interface Classified {
  readonly width: number;
  readonly height: number;
  readonly filter: string;
  readonly kind: ImageKind | { readonly reason: string };
}

/** Reads an image dictionary (ISO 32000-2, table 87). Everything not understood completely is a reason to leave it alone. */
export function classifyImage(context: PDFContext, stream: PDFRawStream): Classified {
  const entry = (key: string): PDFObject | undefined => resolve(context, stream.dict.get(PDFName.of(key)));
  const width = toNumber(entry('Width'));
  const height = toNumber(entry('Height'));
  const filters = filterNames(context, stream);
  const facts = { width, height, filter: filters?.join(' ') ?? 'unknown' };
  const components = countComponents(context, entry('ColorSpace'));
  const reason = refuse(entry, facts) ?? (components === undefined ? 'colour space' : undefined);
  if (reason !== undefined || components === undefined) return { ...facts, kind: { reason: reason ?? 'colour space' } };
  return { ...facts, kind: readSamples(context, stream, { ...facts, components }) };
}

type Facts = Pick<Classified, 'width' | 'height' | 'filter'>;

function refuse(entry: (key: string) => PDFObject | undefined, { width, height }: Facts): string | undefined {
  if (entry('ImageMask') === PDFBool.True) return 'stencil mask';
  if (!(width >= 1 && height >= 1)) return 'no size';
  if (width * height > MAX_PIXELS) return 'too many pixels';
  if (entry('Mask') !== undefined) return 'mask';
  if (entry('Decode') !== undefined) return 'decode array';
  if (toNumber(entry('BitsPerComponent')) !== 8) return 'bits per component';
  const softMask = entry('SMask');
  if (softMask instanceof PDFRawStream && softMask.dict.has(PDFName.of('Matte'))) return 'matte';
  return undefined;
}

/** Components of DeviceGray, DeviceRGB and ICCBased with one or three; undefined for any other colour space. */
function countComponents(context: PDFContext, space: PDFObject | undefined): 1 | 3 | undefined {
  if (space instanceof PDFName) return deviceComponents(space);
  if (!(space instanceof PDFArray) || space.size() < 1) return undefined;
  const family = resolve(context, space.get(0));
  if (space.size() === 1 && family instanceof PDFName) return deviceComponents(family);
  if (family !== PDFName.of('ICCBased') || space.size() < 2) return undefined;
  const profile = resolve(context, space.get(1));
  const count = profile instanceof PDFRawStream ? toNumber(resolve(context, profile.dict.get(PDFName.of('N')))) : 0;
  return count === 1 || count === 3 ? count : undefined;
}

function deviceComponents(name: PDFName): 1 | 3 | undefined {
  if (name === PDFName.of('DeviceGray')) return 1;
  return name === PDFName.of('DeviceRGB') ? 3 : undefined;
}

function readSamples(
  context: PDFContext,
  stream: PDFRawStream,
  { width, height, filter, components }: Facts & { components: 1 | 3 },
): ImageKind | { reason: string } {
  const parms = filterParms(context, stream);
  const common = { width, height, components };
  if (filter === 'DCTDecode') {
    if (parms?.has(PDFName.of('ColorTransform'))) return { reason: 'colour transform' };
    return jpegFits(stream, common) ? { ...common, filter, pngRows: false } : { reason: 'JPEG data' };
  }
  if (filter !== 'FlateDecode') return { reason: 'filter' };
  const parm = (key: string, fallback: number): number =>
    toNumber(resolve(context, parms?.get(PDFName.of(key))) ?? PDFNumber.of(fallback));
  const predictor = parm('Predictor', 1);
  if (predictor === 1) return { ...common, filter, pngRows: false };
  const rowsFit = parm('Colors', 1) === components && parm('BitsPerComponent', 8) === 8 && parm('Columns', 1) === width;
  return predictor >= 10 && rowsFit ? { ...common, filter, pngRows: true } : { reason: 'predictor' };
}

/** True where the JPEG is whole and has the size and components that its dictionary says. */
function jpegFits(stream: PDFRawStream, wanted: { width: number; height: number; components: number }): boolean {
  try {
    const { width, height, components, bitsPerComponent } = parseJpeg(stream.contents);
    const sizes = width === wanted.width && height === wanted.height;
    return sizes && components === wanted.components && bitsPerComponent === 8;
  } catch {
    return false;
  }
}

function toNumber(object: PDFObject | undefined): number {
  return object instanceof PDFNumber ? object.asNumber() : NaN;
}
