import { PdfName, PdfStream, PdfString } from '@pdf-tools/pdf';
import type { PdfFile, PdfObject } from '@pdf-tools/pdf';

/** How the components of a colour space relate to what is seen. `tint` is Separation or DeviceN. */
export type Family = 'gray' | 'rgb' | 'cmyk' | 'lab' | 'tint' | 'indexed';

/** A colour space of image samples (ISO 32000-2, 8.6). */
export interface SampleSpace {
  readonly family: Family;
  readonly components: number;
  /** The value of /ColorSpace. */
  readonly entry: PdfObject;
  /** Whether it is a device space, so that equal components of DeviceRGB are DeviceGray. */
  readonly isDevice: boolean;
  /** Only of Indexed. */
  readonly palette?: Palette;
}

/** The colours of an Indexed space (8.6.6.3). */
interface Palette {
  readonly base: SampleSpace;
  /** `base.components` bytes for each index. */
  readonly colors: Uint8Array;
  readonly count: number;
}

const MAX_INDEX = 255;
/** The most colorants of DeviceN (annex C). */
const MAX_COLORANTS = 32;

const DEVICE: Readonly<Record<string, readonly [Family, number]>> = {
  ...{ DeviceGray: ['gray', 1], G: ['gray', 1] },
  ...{ DeviceRGB: ['rgb', 3], RGB: ['rgb', 3] },
  ...{ DeviceCMYK: ['cmyk', 4], CMYK: ['cmyk', 4] },
};
/** Families that are arrays and have a fixed number of components. */
const BY_FAMILY: Readonly<Record<string, readonly [Family, number]>> = {
  CalGray: ['gray', 1],
  CalRGB: ['rgb', 3],
  Lab: ['lab', 3],
  Separation: ['tint', 1],
};
export const DEVICE_GRAY: SampleSpace = {
  family: 'gray',
  components: 1,
  entry: new PdfName('DeviceGray'),
  isDevice: true,
};
export const DEVICE_RGB: SampleSpace = {
  family: 'rgb',
  components: 3,
  entry: new PdfName('DeviceRGB'),
  isDevice: true,
};
const BY_COMPONENTS: Readonly<Record<number, Family>> = { 1: 'gray', 3: 'rgb', 4: 'cmyk' };

/** Reads the colour space of an image. Returns undefined if it is invalid or has no samples, as Pattern. */
export function readSampleSpace(file: PdfFile, entry: PdfObject | undefined): SampleSpace | undefined {
  const value = file.resolve(entry);
  if (value instanceof PdfName) return deviceSpace(value);
  if (!Array.isArray(value)) return undefined;
  const family = file.resolve(value[0]);
  if (!(family instanceof PdfName)) return undefined;
  if (value.length === 1) return deviceSpace(family);
  return familySpace(file, family.value, value, entry ?? null);
}

function familySpace(
  file: PdfFile,
  name: string,
  value: readonly PdfObject[],
  entry: PdfObject,
): SampleSpace | undefined {
  const space = (family: Family, components: number): SampleSpace => ({ family, components, entry, isDevice: false });
  const simple = BY_FAMILY[name];
  if (simple) return space(...simple);
  switch (name) {
    case 'DeviceN':
      return colorants(file, value[1], (count) => space('tint', count));
    case 'ICCBased':
      return profile(file, value[1], space);
    case 'Indexed':
    case 'I':
      return indexed(file, value, entry);
    default:
      return undefined;
  }
}

function deviceSpace(name: PdfName): SampleSpace | undefined {
  const device = DEVICE[name.value];
  if (device) return { family: device[0], components: device[1], entry: name, isDevice: true };
  const [family, components] = BY_FAMILY[name.value] ?? [];
  return family && components ? { family, components, entry: name, isDevice: false } : undefined;
}

function colorants(
  file: PdfFile,
  names: PdfObject | undefined,
  space: (count: number) => SampleSpace,
): SampleSpace | undefined {
  const list = file.resolve(names);
  return Array.isArray(list) && list.length >= 1 && list.length <= MAX_COLORANTS ? space(list.length) : undefined;
}

/** A profile with a /Range is for a space such as Lab, whose components are not alike. */
function profile(
  file: PdfFile,
  entry: PdfObject | undefined,
  space: (family: Family, components: number) => SampleSpace,
): SampleSpace | undefined {
  const stream = file.resolve(entry);
  if (!(stream instanceof PdfStream)) return undefined;
  const count = file.resolve(stream.dict.get('N'));
  if (typeof count !== 'number') return undefined;
  const family = BY_COMPONENTS[count];
  if (!family) return undefined;
  return space(count === 3 && stream.dict.has('Range') ? 'lab' : family, count);
}

function indexed(file: PdfFile, value: readonly PdfObject[], entry: PdfObject): SampleSpace | undefined {
  const base = readSampleSpace(file, value[1]);
  const last = file.resolve(value[2]);
  if (!base || base.family === 'indexed' || typeof last !== 'number' || last < 0 || last > MAX_INDEX) return undefined;
  const bytes = lookupBytes(file, file.resolve(value[3]));
  const count = Math.floor(last) + 1;
  if (!bytes || bytes.length < count * base.components) return undefined;
  return { family: 'indexed', components: 1, entry, isDevice: false, palette: { base, colors: bytes, count } };
}

function lookupBytes(file: PdfFile, lookup: PdfObject): Buffer | undefined {
  if (lookup instanceof PdfString) return lookup.bytes;
  if (!(lookup instanceof PdfStream)) return undefined;
  const { bytes, left } = file.decoded(lookup);
  return left.length === 0 ? bytes : undefined;
}

/** The /Decode array that leaves samples as they are (table 88). Undefined if it depends on the file. */
export function defaultDecode({ family, components }: SampleSpace, bits: number): number[] | undefined {
  if (family === 'indexed') return [0, 2 ** bits - 1];
  if (family === 'lab') return undefined;
  return Array.from({ length: 2 * components }, (_none, at) => at % 2);
}
