import { deflateSync } from 'node:zlib';
import { cmykProfile, colorProfile } from '../color-profiles.js';
import { textStream } from '../text-pdf.js';

/** Adds an object to a document and returns the reference to it. */
export type AddObject = (body: string) => string;

/** A colour space of the table. */
export interface TableSpace {
  readonly name: string;
  readonly components: number;
  /** The value of /ColorSpace. Missing for a stencil mask, which has no colour space. */
  readonly entry: (bits: number, add: AddObject) => string;
  /** The range of each component, if it is not 0 to 1. Undefined for indices. */
  readonly range?: readonly number[];
  readonly isIndexed?: boolean;
  readonly isStencil?: boolean;
}

const WHITE = '/WhitePoint [0.9505 1 1.089]';
const SRGB_PRIMARIES = '0.4124 0.2126 0.0193 0.3576 0.7152 0.1192 0.1805 0.0722 0.9505';
const LAB_RANGE = [-60, 60, -50, 70] as const;
/** Functions from one tint to RGB, and from two and four colorants to CMYK. */
const TINT = '<< /FunctionType 2 /Domain [0 1] /C0 [1 1 1] /C1 [0.1 0.3 0.7] /N 1.2 >>';
const TWO = '/FunctionType 4 /Domain [0 1 0 1] /Range [0 1 0 1 0 1 0 1]';
const FOUR = '/FunctionType 4 /Domain [0 1 0 1 0 1 0 1] /Range [0 1 0 1 0 1 0 1]';

export const TABLE_SPACES: readonly TableSpace[] = [
  device('DeviceGray', 1),
  device('DeviceRGB', 3),
  device('DeviceCMYK', 4),
  icc('ICC-gray', 1, () => colorProfile({ space: 'GRAY', curve: (value) => value ** 1.7 })),
  icc('ICC-sRGB', 3, () => colorProfile()),
  icc('ICC-RGB', 3, () => colorProfile({ curve: (value) => value ** 1.5 })),
  icc('ICC-CMYK', 4, cmykProfile),
  fixed('CalGray', 1, `[/CalGray << ${WHITE} /Gamma 1.8 >>]`),
  fixed('CalRGB', 3, `[/CalRGB << ${WHITE} /Gamma [1.8 1.8 1.8] /Matrix [${SRGB_PRIMARIES}] >>]`),
  {
    ...fixed('Lab', 3, `[/Lab << ${WHITE} /Range [${LAB_RANGE.join(' ')}] >>]`),
    range: [0, 100, ...LAB_RANGE],
  },
  { name: 'Separation', components: 1, entry: (_bits, add) => `[/Separation /Spot /DeviceRGB ${add(TINT)}]` },
  deviceN('DeviceN-2', 2, textStream('{ 2 copy add 2 div 0 }', TWO)),
  deviceN('DeviceN-4', 4, textStream('{ 0.5 mul 4 1 roll }', FOUR)),
  indexed('Indexed-RGB', 3, () => '/DeviceRGB'),
  indexed('Indexed-gray', 1, () => '/DeviceGray'),
  indexed('Indexed-CMYK', 4, () => '/DeviceCMYK'),
  indexed('Indexed-ICC', 3, (add) => profileSpace(add, 3, colorProfile({ curve: (value) => value ** 1.5 }))),
  indexed('Indexed-Lab', 3, () => `[/Lab << ${WHITE} /Range [${LAB_RANGE.join(' ')}] >>]`),
  indexed('Indexed-Separation', 1, (add) => `[/Separation /Spot /DeviceRGB ${add(TINT)}]`),
  { name: 'stencil', components: 1, entry: () => '', isStencil: true },
];

function fixed(name: string, components: number, entry: string): TableSpace {
  return { name, components, entry: () => entry };
}

function device(name: string, components: number): TableSpace {
  return fixed(name, components, `/${name}`);
}

function icc(name: string, components: number, profile: () => Buffer): TableSpace {
  return { name, components, entry: (_bits, add) => profileSpace(add, components, profile()) };
}

function profileSpace(add: AddObject, components: number, profile: Buffer): string {
  const data = deflateSync(profile).toString('latin1');
  return `[/ICCBased ${add(textStream(data, `/N ${components} /Filter /FlateDecode`))}]`;
}

function deviceN(name: string, components: number, transform: string): TableSpace {
  const colorants = Array.from({ length: components }, (_none, at) => `/Ink${at}`).join(' ');
  return { name, components, entry: (_bits, add) => `[/DeviceN [${colorants}] /DeviceCMYK ${add(transform)}]` };
}

/** A palette of slow waves, so that neighbouring indices have similar colours. */
function indexed(name: string, components: number, base: (add: AddObject) => string): TableSpace {
  const palette = (bits: number): string =>
    Array.from({ length: components * 2 ** bits }, (_none, at) => {
      const share = Math.floor(at / components) / (2 ** bits - 1);
      const value = 128 + 110 * Math.sin(3 * share + 2 * (at % components));
      return Math.round(value).toString(16).padStart(2, '0');
    }).join('');
  return {
    name,
    components: 1,
    isIndexed: true,
    entry: (bits, add) => `[/Indexed ${base(add)} ${2 ** bits - 1} <${palette(bits)}>]`,
  };
}
