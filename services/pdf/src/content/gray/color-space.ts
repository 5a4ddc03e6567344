import { PdfError } from '../../errors.js';
import type { PdfFile } from '../../file/pdf-file.js';
import type { DecodingBudget } from '../../filters/budget.js';
import { decode } from '../../filters/decode.js';
import { PdfDict, PdfName, PdfStream, PdfString, isName } from '../../syntax/objects.js';
import type { PdfArray, PdfObject } from '../../syntax/objects.js';
import type { FunctionReader } from './functions.js';
import { clamp } from './interpolation.js';

/** Maximum nesting of colour spaces. Ordinary files have two or three levels. */
const MAX_DEPTH = 8;
const MAX_COMPONENTS = 32;
const MAX_INDEX = 255;
/** The full name and the abbreviation for inline images. */
const INDEXED = new Set(['Indexed', 'I']);

/** A colour space (ISO 32000-2, 8.6) whose colours can be turned into gray. */
export interface GraySpace {
  readonly components: number;
  /** The gray of a colour, from 0 for black to 1 for white. */
  readonly gray: (color: readonly number[]) => number;
  /** The initial colour of the space (8.6.5). */
  readonly initial: readonly number[];
  /** The component values for the lowest and the highest sample of an image or shading. */
  readonly decode: (bits: number) => number[];
}

/** 10.4.3.2 */
function grayOfRgb([red = 0, green = 0, blue = 0]: readonly number[]): number {
  return 0.3 * clamp(red, 0, 1) + 0.59 * clamp(green, 0, 1) + 0.11 * clamp(blue, 0, 1);
}

/** 10.4.3.3 */
function grayOfCmyk([cyan = 0, magenta = 0, yellow = 0, black = 0]: readonly number[]): number {
  const ink = 0.3 * clamp(cyan, 0, 1) + 0.59 * clamp(magenta, 0, 1) + 0.11 * clamp(yellow, 0, 1) + clamp(black, 0, 1);
  return 1 - Math.min(1, ink);
}

/** The luminance with the transfer function of sRGB, which readers use for DeviceGray (8.6.5.4). */
function grayOfLab([lightness = 0]: readonly number[]): number {
  const level = (clamp(lightness, 0, 100) + 16) / 116;
  return encoded(level > 6 / 29 ? level ** 3 : (108 / 841) * (level - 4 / 29));
}

/** Encodes an intensity of light in sRGB (IEC 61966-2-1). */
function encoded(intensity: number): number {
  return intensity <= 0.0031308 ? 12.92 * intensity : 1.055 * intensity ** (1 / 2.4) - 0.055;
}

const plain = (components: number, gray: GraySpace['gray'], initial?: readonly number[]): GraySpace => ({
  components,
  gray,
  initial: initial ?? new Array<number>(components).fill(0),
  decode: () => Array.from({ length: components }, () => [0, 1]).flat(),
});

export const GRAY = plain(1, ([gray = 0]) => clamp(gray, 0, 1));
export const RGB = plain(3, grayOfRgb);
export const CMYK = plain(4, grayOfCmyk, [0, 0, 0, 1]);

const BY_NAME: Readonly<Record<string, GraySpace>> = {
  ...{ DeviceGray: GRAY, G: GRAY, CalGray: GRAY },
  ...{ DeviceRGB: RGB, RGB, CalRGB: RGB },
  ...{ DeviceCMYK: CMYK, CMYK },
};

/** Reads the colour spaces of a file. */
export class ColorSpaceReader {
  readonly #file: PdfFile;
  readonly #functions: FunctionReader;
  readonly #budget: DecodingBudget;

  constructor(file: PdfFile, functions: FunctionReader, budget: DecodingBudget) {
    this.#file = file;
    this.#functions = functions;
    this.#budget = budget;
  }

  /** Reads a colour space. Returns the name of its family if its colours cannot be converted to gray. */
  read(object: PdfObject | undefined): GraySpace | string {
    try {
      return this.#read(object, 0);
    } catch (thrown) {
      if (!(thrown instanceof PdfError)) throw thrown;
      return 'damaged';
    }
  }

  /** Reads the colour space of uncoloured patterns (8.7.3.3). Returns undefined for other spaces. */
  underPattern(object: PdfObject): GraySpace | string | undefined {
    const value = this.#file.resolve(object);
    if (!Array.isArray(value) || value.length < 2 || !isName(this.#file.resolve(value[0]), 'Pattern')) return undefined;
    return this.read(value[1]);
  }

  #read(object: PdfObject | undefined, depth: number): GraySpace | string {
    const value = this.#file.resolve(object);
    if (value instanceof PdfName) return BY_NAME[value.value] ?? value.value;
    if (!Array.isArray(value) || depth > MAX_DEPTH) return 'damaged';
    const family = this.#file.resolve(value[0]);
    if (!(family instanceof PdfName)) return 'damaged';
    return this.#ofFamily(family.value, value, depth);
  }

  #ofFamily(family: string, value: PdfArray, depth: number): GraySpace | string {
    switch (family) {
      case 'ICCBased':
        return this.#iccBased(value, depth);
      case 'Lab':
        return this.#lab(value);
      case 'Separation':
      case 'DeviceN':
        return this.#tinted(value, family, depth);
      case 'CalRGB':
        return this.#calibrated(value, RGB);
      case 'CalGray':
        return this.#calibrated(value, GRAY);
      default:
        return INDEXED.has(family) ? this.#indexed(value, depth) : (BY_NAME[family] ?? family);
    }
  }

  /** Uses the device space with the same number of components, as readers without colour management do (8.6.5.5). */
  #iccBased([, profile]: PdfArray, depth: number): GraySpace | string {
    const stream = this.#file.resolve(profile);
    if (!(stream instanceof PdfStream)) return 'ICCBased';
    const count = this.#file.resolve(stream.dict.get('N'));
    const alternate = stream.dict.has('Alternate') ? this.#read(stream.dict.get('Alternate'), depth + 1) : '';
    if (typeof alternate !== 'string' && alternate.components === count) return alternate;
    return [GRAY, RGB, CMYK].find(({ components }) => components === count) ?? 'ICCBased';
  }

  /** Uses the device space with the space's own gamma and the primaries of sRGB (8.6.5.2 and 8.6.5.3). */
  #calibrated([, entries]: PdfArray, device: GraySpace): GraySpace {
    const dict = this.#file.resolve(entries);
    const gamma = dict instanceof PdfDict ? this.#file.resolve(dict.get('Gamma')) : null;
    const exponents = Array.isArray(gamma) ? this.#functions.numbers(gamma) : [typeof gamma === 'number' ? gamma : 1];
    const gray = (color: readonly number[]): number =>
      device.gray(color.map((part, at) => encoded(clamp(part, 0, 1) ** (exponents?.[at] ?? exponents?.[0] ?? 1))));
    return plain(device.components, gray);
  }

  #lab([, entries]: PdfArray): GraySpace {
    const dict = this.#file.resolve(entries);
    const range = dict instanceof PdfDict ? this.#functions.numbers(dict.get('Range')) : undefined;
    const decode = [0, 100, ...(range ?? [-100, 100, -100, 100])];
    return { components: 3, gray: grayOfLab, initial: [0, 0, 0], decode: () => decode };
  }

  /** 8.6.6.3 */
  #indexed([, base, highest, table]: PdfArray, depth: number): GraySpace | string {
    const space = this.#read(base, depth + 1);
    if (typeof space === 'string') return space;
    const last = clamp(Number(this.#file.resolve(highest)), 0, MAX_INDEX);
    const colors = this.#table(table);
    const { components } = space;
    const limits = space.decode(8);
    const grays = Array.from({ length: Math.floor(last) + 1 }, (_item, index) =>
      space.gray(
        Array.from({ length: components }, (_none, at) => {
          const part = (colors[index * components + at] ?? 0) / 255;
          return (limits[2 * at] ?? 0) + part * ((limits[2 * at + 1] ?? 1) - (limits[2 * at] ?? 0));
        }),
      ),
    );
    const gray = ([index = 0]: readonly number[]): number => grays[clamp(Math.floor(index), 0, grays.length - 1)] ?? 0;
    return { components: 1, gray, initial: [0], decode: (bits) => [0, 2 ** bits - 1] };
  }

  #table(object: PdfObject | undefined): Buffer {
    const table = this.#file.resolve(object);
    if (table instanceof PdfString) return table.bytes;
    if (!(table instanceof PdfStream)) return Buffer.alloc(0);
    return decode(this.#file.encoded(table), this.#file.filters(table.dict), this.#budget).bytes;
  }

  /** Applies the tint transform (8.6.6.4 and 8.6.6.5). The colorant None paints nothing and has no gray. */
  #tinted([, colorants, alternate, transform]: PdfArray, family: string, depth: number): GraySpace | string {
    const names = this.#file.resolve(colorants);
    const list = Array.isArray(names) ? names.map((name) => this.#file.resolve(name)) : [names];
    const space = this.#read(alternate, depth + 1);
    const tint = this.#functions.read(transform);
    const paintsNothing = list.every((name) => name instanceof PdfName && name.value === 'None');
    if (typeof space === 'string' || !tint || paintsNothing || list.length > MAX_COMPONENTS) return family;
    const solid = new Array<number>(list.length).fill(1);
    if (tint.evaluate(solid).length < space.components) return family;
    return plain(list.length, (color) => space.gray(tint.evaluate(color)), solid);
  }
}
