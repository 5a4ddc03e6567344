import { parametersOf, readCurve } from './tone-curve.js';
import type { Parameters } from './tone-curve.js';

type XYZ = readonly [number, number, number];

/** What an ICC profile with tone curves means: no tables, and curves that have a formula (ICC.1:2022, 8.3 and 8.4). */
export interface CurveProfile {
  readonly space: 'RGB ' | 'GRAY';
  readonly deviceClass: string;
  /** The rendering intent in the header. */
  readonly intent: number;
  /** Of the red, green and blue colorant relative to D50, none for a gray profile. As raw s15Fixed16 numbers. */
  readonly colorants: readonly XYZ[];
  /** One for each component. */
  readonly curves: readonly Parameters[];
  /** The matrix of the chromatic adaptation as raw s15Fixed16 numbers, if the white point is not D50. */
  readonly adaptation: readonly number[] | undefined;
}

const HEADER_BYTES = 128;
const TAG_BYTES = 12;
const MAX_TAGS = 100;
/** Classes whose profiles are used as the source of colours in the same way. */
const CLASSES = ['mntr', 'scnr', 'spac'];
const TABLES = ['A2B0', 'A2B1', 'A2B2', 'D2B0', 'D2B1', 'D2B2', 'D2B3'];
/** D50 and D65 as s15Fixed16 numbers, and the tolerance for white points. */
const [D50, D65, WHITE_TOLERANCE]: readonly [XYZ, XYZ, number] = [
  [63_190, 65_536, 54_061],
  [62_289, 65_536, 71_372],
  80,
];
/** The Bradford adaptation from D65 to D50. */
const D65_TO_D50 = [68_674, 1_502, -3_291, 1_939, 64_912, -1_119, -605, 987, 49_262];

/** The signature of the colour space of a profile. Undefined if the data are not a profile. */
export function colorSpaceOf(profile: Buffer): string | undefined {
  if (profile.length < HEADER_BYTES + 4 || profile.toString('latin1', 36, 40) !== 'acsp') return undefined;
  return profile.toString('latin1', 16, 20);
}

/** Reads a profile. Undefined if it has tables, or anything else that a `CurveProfile` cannot express. */
export function readCurveProfile(profile: Buffer): CurveProfile | undefined {
  const space = colorSpaceOf(profile);
  if (space !== 'RGB ' && space !== 'GRAY') return undefined;
  const [deviceClass, connection] = [profile.toString('latin1', 12, 16), profile.toString('latin1', 20, 24)];
  const tags = readTags(profile);
  if (!tags || !CLASSES.includes(deviceClass) || connection !== 'XYZ ') return undefined;
  const components = TABLES.some((name) => tags.has(name)) ? undefined : readComponents(tags, space);
  const white = adaptationOf(tags);
  return components && white && { space, deviceClass, intent: profile.readUInt32BE(64), ...components, ...white };
}

/** The colorants and curves. Undefined if one is missing, or if the colorants do not add up to white. */
function readComponents(
  tags: ReadonlyMap<string, Buffer>,
  space: CurveProfile['space'],
): Pick<CurveProfile, 'colorants' | 'curves'> | undefined {
  const letters = lettersOf(space);
  const curves = letters.flatMap((letter) => curveOf(tags.get(`${letter}TRC`)) ?? []);
  if (curves.length < letters.length) return undefined;
  if (space === 'GRAY') return { colorants: [], curves };
  const colorants = letters.flatMap((letter): XYZ[] => {
    const xyz = readXyz(tags.get(`${letter}XYZ`));
    return xyz ? [xyz] : [];
  });
  return colorants.length === letters.length && isNear(sumOf(colorants), D50) ? { colorants, curves } : undefined;
}

/** The first letters of the tags of the components. */
function lettersOf(space: CurveProfile['space']): readonly string[] {
  return space === 'GRAY' ? ['k'] : ['r', 'g', 'b'];
}

function readTags(profile: Buffer): Map<string, Buffer> | undefined {
  const count = profile.readUInt32BE(HEADER_BYTES);
  const first = HEADER_BYTES + 4;
  if (count > MAX_TAGS || profile.length < first + count * TAG_BYTES) return undefined;
  const tags = new Map<string, Buffer>();
  for (let at = first; at < first + count * TAG_BYTES; at += TAG_BYTES) {
    const [offset, size] = [profile.readUInt32BE(at + 4), profile.readUInt32BE(at + 8)];
    if (offset + size > profile.length) return undefined;
    tags.set(profile.toString('latin1', at, at + 4), profile.subarray(offset, offset + size));
  }
  return tags;
}

function curveOf(tag: Buffer | undefined): Parameters | undefined {
  const curve = tag && readCurve(tag);
  return curve && parametersOf(curve);
}

function readXyz(tag: Buffer | undefined): XYZ | undefined {
  if (!tag || tag.length < 20 || tag.toString('latin1', 0, 4) !== 'XYZ ') return undefined;
  return [tag.readInt32BE(8), tag.readInt32BE(12), tag.readInt32BE(16)];
}

/** Version 2 may give the white point before its adaptation, version 4 gives the matrix. Undefined for other white points. */
function adaptationOf(tags: ReadonlyMap<string, Buffer>): Pick<CurveProfile, 'adaptation'> | undefined {
  const matrix = tags.get('chad');
  if (matrix) {
    if (matrix.length < 44 || matrix.toString('latin1', 0, 4) !== 'sf32') return undefined;
    return { adaptation: Array.from({ length: 9 }, (_none, index) => matrix.readInt32BE(8 + 4 * index)) };
  }
  const white = readXyz(tags.get('wtpt'));
  if (white && isNear(white, D50)) return { adaptation: undefined };
  return white && isNear(white, D65) ? { adaptation: D65_TO_D50 } : undefined;
}

/** The colorants of a profile together are its white, adapted to D50. */
function sumOf(colorants: readonly XYZ[]): XYZ {
  const [x, y, z] = [0, 1, 2].map((axis) => colorants.reduce((sum, xyz) => sum + (xyz[axis] ?? 0), 0));
  return [x ?? 0, y ?? 0, z ?? 0];
}

function isNear(left: XYZ, right: XYZ): boolean {
  return left.every((value, index) => Math.abs(value - (right[index] ?? 0)) <= WHITE_TOLERANCE);
}

/** Writes a profile of version 4 that means the same, with no other tags than it must have. */
export function writeCurveProfile({ space, deviceClass, intent, ...profile }: CurveProfile): Buffer {
  const { colorants, curves, adaptation } = profile;
  const letters = lettersOf(space);
  const name = textTag(space.trim());
  const tags: readonly (readonly [string, Buffer])[] = [
    ...(['desc', 'cprt'] as const).map((signature) => [signature, name] as const),
    ['wtpt', numbersTag('XYZ ', D50)],
    ...(adaptation ? [['chad', numbersTag('sf32', adaptation)] as const] : []),
    ...colorants.map((xyz, index) => [`${letters[index] ?? ''}XYZ`, numbersTag('XYZ ', xyz)] as const),
    ...curves.map((curve, index) => [`${letters[index] ?? ''}TRC`, curveTag(curve)] as const),
  ];
  return assemble(tags, (header) => {
    header.writeUInt32BE(0x04_20_00_00, 8);
    header.write(`${deviceClass}${space}XYZ `, 12, 'latin1');
    header.write('acsp', 36, 'latin1');
    header.writeUInt32BE(intent, 64);
    for (const [index, value] of D50.entries()) header.writeInt32BE(value, 68 + 4 * index);
  });
}

/** Equal tags share their data. */
function assemble(tags: readonly (readonly [string, Buffer])[], fill: (header: Buffer) => void): Buffer {
  const header = Buffer.alloc(HEADER_BYTES + 4 + tags.length * TAG_BYTES);
  fill(header);
  header.writeUInt32BE(tags.length, HEADER_BYTES);
  const parts: Buffer[] = [header];
  const places = new Map<string, number>();
  let end = header.length;
  for (const [index, [signature, data]] of tags.entries()) {
    const key = data.toString('latin1');
    const place = places.get(key) ?? end;
    if (place === end) {
      parts.push(data);
      places.set(key, place);
      end += data.length;
    }
    const at = HEADER_BYTES + 4 + index * TAG_BYTES;
    header.write(signature, at, 'latin1');
    header.writeUInt32BE(place, at + 4);
    header.writeUInt32BE(data.length, at + 8);
  }
  // The date is fixed, so that the same profile gives the same bytes.
  for (const [index, part] of [2000, 1, 1].entries()) header.writeUInt16BE(part, 24 + 2 * index);
  header.writeUInt32BE(end, 0);
  return Buffer.concat(parts);
}

function numbersTag(type: string, numbers: readonly number[]): Buffer {
  const tag = Buffer.alloc(8 + 4 * numbers.length);
  tag.write(type, 'latin1');
  for (const [index, number] of numbers.entries()) tag.writeInt32BE(number, 8 + 4 * index);
  return tag;
}

function curveTag({ type, values }: Parameters): Buffer {
  const raw = values.map((value) => Math.round(value * 65_536));
  const tag = numbersTag('para', [0, ...raw]);
  tag.writeUInt16BE(type, 8);
  return tag;
}

/** A text in English (10.15). */
function textTag(text: string): Buffer {
  const tag = Buffer.alloc(28 + 4 * Math.ceil(text.length / 2));
  tag.write('mluc', 'latin1');
  for (const [index, number] of [1, 12].entries()) tag.writeUInt32BE(number, 8 + 4 * index);
  tag.write('enUS', 16, 'latin1');
  tag.writeUInt32BE(2 * text.length, 20);
  tag.writeUInt32BE(28, 24);
  Buffer.from(text, 'utf16le').swap16().copy(tag, 28);
  return tag;
}
