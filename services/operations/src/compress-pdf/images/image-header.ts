import { PdfStream } from '@pdf-tools/pdf';
import type { Filter, PdfDict, PdfFile, PdfObject } from '@pdf-tools/pdf';
import { MAX_PIXELS } from './codec.js';
import { defaultDecode, readSampleSpace } from './sample-space.js';
import type { SampleSpace } from './sample-space.js';

/** The entries of an image dictionary (ISO 32000-2, table 87) that its samples depend on. */
export interface ImageHeader {
  readonly width: number;
  readonly height: number;
  readonly bits: number;
  /** Undefined for a stencil mask, and for JPXDecode if the data define the colour space. */
  readonly space: SampleSpace | undefined;
  readonly isStencil: boolean;
  /** Whether /Decode leaves samples as they are or inverts them. */
  readonly decode: 'default' | 'inverted' | 'other';
  /** Whether the samples must stay equal, and why. */
  readonly exact: string | undefined;
  /** Without /Crypt. */
  readonly filters: readonly Filter[];
}

const BYTE_BITS = 8;
/** Such a mask (ISO 32000-2, 8.9.6.4) names values of samples. */
const COLOR_KEY_MASK = 'colour key mask';
/** Readers undo the blending with such a colour (11.6.5.2) in the components of the samples. */
const MATTE = 'matte';
/** Why not only the look but also the bits and the colour space of samples must not change. */
const FIXED: ReadonlySet<string> = new Set([COLOR_KEY_MASK, MATTE]);

/** Why an image is not changed. */
export interface Refusal {
  readonly reason: string;
}

/** The dictionary entries that the report gives. */
export interface ReportedEntries {
  readonly width: number;
  readonly height: number;
  /** Names of the filters, separated by spaces. */
  readonly filter: string;
}

export function readReportedEntries(file: PdfFile, { dict }: PdfStream): ReportedEntries {
  const names = file.filters(dict).map(({ name }) => name);
  return {
    width: toNumber(file.resolve(dict.get('Width'))),
    height: toNumber(file.resolve(dict.get('Height'))),
    filter: names.join(' ') || 'none',
  };
}

/** Whether samples must keep their values, bits and colour space. */
export function hasFixedSamples({ exact }: ImageHeader): boolean {
  return exact !== undefined && FIXED.has(exact);
}

/** Reads an image dictionary. Returns a refusal for an invalid one. */
export function readImageHeader(file: PdfFile, { dict }: PdfStream): ImageHeader | Refusal {
  const entry = (key: string): PdfObject => file.resolve(dict.get(key));
  const [width, height] = [toNumber(entry('Width')), toNumber(entry('Height'))];
  if (!(isCount(width) && isCount(height))) return { reason: 'no size' };
  if (width * height > MAX_PIXELS) return { reason: 'too many pixels' };
  if (entry('F') !== null) return { reason: 'external data' };
  const filters = file.filters(dict).filter(({ name }) => !file.isEncrypted || name !== 'Crypt');
  const isStencil = entry('ImageMask') === true;
  const isJpx = filters.at(-1)?.name === 'JPXDecode';
  const space = isStencil ? undefined : readSampleSpace(file, dict.get('ColorSpace'));
  if (!space && !isStencil && !(isJpx && entry('ColorSpace') === null)) return { reason: 'colour space' };
  const bits = bitsOf(entry('BitsPerComponent'), isStencil, filters);
  if (![1, 2, 4, 8, 16].includes(bits)) return { reason: 'bits per component' };
  return {
    ...{ width, height, bits, space, isStencil, filters },
    decode: readDecode(file, entry('Decode'), space, bits),
    exact: exactReason(file, dict),
  };
}

/** Image filters fix the number of bits, so readers ignore a missing or wrong entry. */
function bitsOf(entry: PdfObject, isStencil: boolean, filters: readonly Filter[]): number {
  const name = filters.at(-1)?.name;
  if (isStencil || name === 'CCITTFaxDecode' || name === 'JBIG2Decode') return 1;
  if (name === 'DCTDecode' || name === 'JPXDecode') return BYTE_BITS;
  return toNumber(entry);
}

function exactReason(file: PdfFile, dict: PdfDict): string | undefined {
  const softMask = file.resolve(dict.get('SMask'));
  if ((file.resolve(dict.get('SMaskInData')) ?? 0) !== 0) return 'mask in JPX data';
  if (dict.has('Matte') || (softMask instanceof PdfStream && softMask.dict.has('Matte'))) return MATTE;
  return Array.isArray(file.resolve(dict.get('Mask'))) ? COLOR_KEY_MASK : undefined;
}

function readDecode(
  file: PdfFile,
  entry: PdfObject,
  space: SampleSpace | undefined,
  bits: number,
): ImageHeader['decode'] {
  if (entry === null) return 'default';
  const usual = space ? defaultDecode(space, bits) : [0, 1];
  if (!usual || !Array.isArray(entry) || entry.length !== usual.length) return 'other';
  const values = entry.map((value) => file.resolve(value));
  if (values.every((value, at) => value === usual[at])) return 'default';
  return values.every((value, at) => value === usual[at ^ 1]) ? 'inverted' : 'other';
}

function isCount(value: number): boolean {
  return Number.isInteger(value) && value >= 1;
}

function toNumber(object: PdfObject): number {
  return typeof object === 'number' ? object : NaN;
}
