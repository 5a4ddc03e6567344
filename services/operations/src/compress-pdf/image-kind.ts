import { parseJpeg } from '../images/jpeg.js';
import { MAX_PIXELS } from '../images/limits.js';
import type { Filter, PdfDict, PdfFile, PdfObject } from '@pdf-tools/pdf';
import { DecodingBudget, PdfName, PdfStream, decode } from '@pdf-tools/pdf';

/** Samples of a supported image, with 8 bits each. */
export interface ImageSamples {
  readonly width: number;
  readonly height: number;
  readonly components: 1 | 3;
  readonly encoding: 'jpeg' | 'png rows' | 'zlib' | 'raw';
  /** Encoded in `encoding`: a JPEG, a zlib stream with PNG rows or with plain rows, or plain rows. */
  readonly data: Buffer;
}

/** The dictionary entries of an image with references resolved. */
export interface ImageEntries {
  readonly width: number;
  readonly height: number;
  /** Names of the filters, separated by spaces. */
  readonly filter: string;
}

/** Why an image is not changed. */
export interface Refusal {
  readonly reason: string;
}

export function readEntries(file: PdfFile, { dict }: PdfStream): ImageEntries {
  const names = file.filters(dict).map(({ name }) => name);
  return {
    width: toNumber(file.resolve(dict.get('Width'))),
    height: toNumber(file.resolve(dict.get('Height'))),
    filter: names.join(' ') || 'none',
  };
}

/** Reads an image XObject (ISO 32000-2, table 87). Returns a refusal for anything that is not fully supported. */
export function readSamples(file: PdfFile, stream: PdfStream): ImageSamples | Refusal {
  const { width, height } = readEntries(file, stream);
  const components = countComponents(file, stream.dict.get('ColorSpace'));
  const reason = refuse(file, stream.dict, width, height) ?? (components === undefined ? 'colour space' : undefined);
  if (reason !== undefined || components === undefined) return { reason: reason ?? 'colour space' };
  const decode = file.resolve(stream.dict.get('Decode'));
  if (decode !== null && !isDefaultDecode(file, decode, components)) return { reason: 'decode array' };
  return openSamples(file, stream, { width, height, components });
}

/** Entries that change the meaning of samples, so that the image must not be changed. */
const UNSUPPORTED = [
  ['Mask', 'mask'],
  ['Alternates', 'alternates'],
  ['F', 'external data'],
] as const;

function refuse(file: PdfFile, dict: PdfDict, width: number, height: number): string | undefined {
  const entry = (key: string): PdfObject => file.resolve(dict.get(key));
  if (entry('ImageMask') === true) return 'stencil mask';
  if (!(isCount(width) && isCount(height))) return 'no size';
  if (width * height > MAX_PIXELS) return 'too many pixels';
  const unsupported = UNSUPPORTED.find(([key]) => entry(key) !== null);
  if (unsupported) return unsupported[1];
  const softMask = entry('SMask');
  if (softMask instanceof PdfStream && softMask.dict.has('Matte')) return 'matte';
  return entry('BitsPerComponent') === 8 ? undefined : 'bits per component';
}

function isCount(value: number): boolean {
  return Number.isInteger(value) && value >= 1;
}

/** The components of DeviceGray, DeviceRGB and ICCBased with one or three. Undefined for other colour spaces. */
function countComponents(file: PdfFile, entry: PdfObject | undefined): 1 | 3 | undefined {
  const space = file.resolve(entry);
  if (space instanceof PdfName) return deviceComponents(space);
  if (!Array.isArray(space)) return undefined;
  const family = file.resolve(space[0]);
  if (!(family instanceof PdfName)) return undefined;
  if (space.length === 1) return deviceComponents(family);
  const profile = file.resolve(space[1]);
  if (family.value !== 'ICCBased' || !(profile instanceof PdfStream)) return undefined;
  const count = file.resolve(profile.dict.get('N'));
  return count === 1 || count === 3 ? count : undefined;
}

function deviceComponents({ value }: PdfName): 1 | 3 | undefined {
  if (value === 'DeviceGray') return 1;
  return value === 'DeviceRGB' ? 3 : undefined;
}

function isDefaultDecode(file: PdfFile, decode: PdfObject, components: number): boolean {
  if (!Array.isArray(decode) || decode.length !== 2 * components) return false;
  return decode.every((value, at) => file.resolve(value) === at % 2);
}

type Shape = Pick<ImageSamples, 'width' | 'height' | 'components'>;

function openSamples(file: PdfFile, stream: PdfStream, shape: Shape): ImageSamples | Refusal {
  const filters = file.filters(stream.dict).filter(({ name }) => !file.isEncrypted || name !== 'Crypt');
  const [first] = filters;
  if (filters.length === 1 && first?.name === 'FlateDecode') {
    const encoding = flateRows(file, first, shape);
    if (encoding) return { ...shape, encoding, data: file.encoded(stream) };
  }
  const opened = undoFilters(file, stream, filters);
  if (!opened) return { reason: 'cannot be decoded' };
  const { bytes, left } = opened;
  return left.length === 0 ? rawSamples(bytes, shape) : jpegSamples(bytes, left, shape);
}

function rawSamples(bytes: Buffer, shape: Shape): ImageSamples | Refusal {
  const size = shape.width * shape.height * shape.components;
  if (bytes.length < size) return { reason: 'cannot be decoded' };
  return { ...shape, encoding: 'raw', data: bytes.subarray(0, size) };
}

function jpegSamples(data: Buffer, [image, ...more]: readonly Filter[], shape: Shape): ImageSamples | Refusal {
  if (image?.name !== 'DCTDecode' || more.length > 0) return { reason: 'filter' };
  if (image.parms?.has('ColorTransform')) return { reason: 'colour transform' };
  return jpegFits(data, shape) ? { ...shape, encoding: 'jpeg', data } : { reason: 'JPEG data' };
}

/** The row format of a single FlateDecode. Undefined for a predictor that only the engine supports. */
function flateRows(file: PdfFile, { parms }: Filter, { width, components }: Shape): 'zlib' | 'png rows' | undefined {
  const parm = (key: string, missing: number): number => toNumber(file.resolve(parms?.get(key) ?? missing));
  const predictor = parm('Predictor', 1);
  if (predictor === 1) return 'zlib';
  const fits = parm('Colors', 1) === components && parm('BitsPerComponent', 8) === 8 && parm('Columns', 1) === width;
  return predictor >= 10 && fits ? 'png rows' : undefined;
}

function undoFilters(file: PdfFile, stream: PdfStream, filters: readonly Filter[]) {
  try {
    return decode(file.encoded(stream), filters, new DecodingBudget());
  } catch {
    return undefined;
  }
}

/** Whether the JPEG is complete and matches the size and components in its dictionary. */
function jpegFits(data: Buffer, wanted: Shape): boolean {
  try {
    const { width, height, components, bitsPerComponent } = parseJpeg(data);
    const sizes = width === wanted.width && height === wanted.height;
    return sizes && components === wanted.components && bitsPerComponent === 8;
  } catch {
    return false;
  }
}

function toNumber(object: PdfObject): number {
  return typeof object === 'number' ? object : NaN;
}
